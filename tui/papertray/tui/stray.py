"""Keeping the terminal to ourselves."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def stray_output_to(log: Path) -> Iterator[None]:
    """Send what libraries write to the terminal behind our back (a Rust panic, say) to a file.

    Textual draws through `sys.__stderr__`, which keeps the terminal.
    """
    terminal, standard = os.dup(2), sys.__stderr__
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            os.dup2(stream.fileno(), 2)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    drawing = os.fdopen(terminal, "w", encoding="utf-8", errors="replace", closefd=False)
    sys.__stderr__ = drawing  # type: ignore[misc]  # declared final; Textual reads it at start
    try:
        yield
    finally:
        drawing.flush()
        sys.__stderr__ = standard  # type: ignore[misc]  # as above
        os.dup2(terminal, 2)
        os.close(terminal)
