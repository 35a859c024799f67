"""What covers the whole terminal: triage, card, note, help."""
