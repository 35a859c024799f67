"""The commands, one module a subject; each is imported when it is called."""
