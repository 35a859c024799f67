"""Bars out of Unicode's blocks. Pure: from numbers to lines of text.

The bars show what the numbers beside them say, so nothing is lost to who cannot see them.
"""

from __future__ import annotations

from collections.abc import Sequence

_UPWARDS = " ▁▂▃▄▅▆▇█"
_RIGHTWARDS = " ▏▎▍▌▋▊▉█"
_EIGHTHS = 8


def columns(counts: Sequence[int], height: int, width: int) -> list[str]:
    """Return lines with a bar for each count, `height` lines high, each `width` cells wide.

    The last cell of a bar's width stays empty. Whatever is not zero is seen.
    """
    most = max(counts, default=0)
    filled = [_eighths(count, most, height) for count in counts]
    lines = []
    for line in range(height - 1, -1, -1):
        blocks = (_UPWARDS[max(0, min(_EIGHTHS, eighths - line * _EIGHTHS))] for eighths in filled)
        lines.append("".join(block * (width - 1) + " " for block in blocks))
    return lines


def bar(count: int, most: int, width: int) -> str:
    """Return a bar to the right, `width` cells wide with its blanks, for `count` of `most`."""
    eighths = _eighths(count, most, width)
    whole, rest = divmod(eighths, _EIGHTHS)
    return (_RIGHTWARDS[-1] * whole + (_RIGHTWARDS[rest] if rest else "")).ljust(width)


def _eighths(count: int, most: int, cells: int) -> int:
    """Return how many eighths of cells a count fills; at least one where it is not zero."""
    if count <= 0 or most <= 0:
        return 0
    return max(1, round(min(count, most) * cells * _EIGHTHS / most))
