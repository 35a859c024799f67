"""The tray on disk: SQLite is the truth, the search index follows it. SQL lives only here."""
