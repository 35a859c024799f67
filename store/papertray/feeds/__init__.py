"""Readers: one module a format, from bytes to records."""
