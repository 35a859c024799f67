"""Writers: one module a format, pure and streaming."""
