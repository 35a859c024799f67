"""Watching folders. What is found is handed to a function that is given; no tray is known here."""
