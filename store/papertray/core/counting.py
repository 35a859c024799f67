"""Numbers of things, in words."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return ``1 paper`` or ``1,200 papers``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
