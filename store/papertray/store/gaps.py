"""What a paper lacks and a record has. Pure: the store looks up and writes, this decides."""

from __future__ import annotations

from collections.abc import Container, Sequence

from papertray.store.rows import WORK_COLUMNS, Value

_GAPS = frozenset(WORK_COLUMNS) - {"title", "type"}
_EMPTY = ("", "[]", None)
_TOGETHER = (
    ("year", "month", "day"),
    ("venue", "venue_type", "venue_short", "publisher", "volume", "number", "pages"),
)
"""Fields that are taken from one source or from none: half a preprint is no publication."""


def gaps(
    present: Sequence[Value], offered: Sequence[Value], edited: Container[str]
) -> dict[str, Value]:
    """Return the columns that a paper lacks and a record can fill; nothing is ever overwritten.

    Arguments: `present` and `offered` are what the `WORK_COLUMNS` of the paper and of the record
    hold. A field in `edited`, which its owner changed, even to nothing, is hers. An abstract that
    a cut page broke off is completed.
    """
    if present == offered:  # most often, when a source is read again
        return {}
    rows = list(zip(WORK_COLUMNS, present, offered, strict=True))
    found: dict[str, Value] = {
        name: new
        for name, old, new in rows
        if old in _EMPTY and new not in _EMPTY and name in _GAPS
    }
    if not found.keys().isdisjoint(_GROUPED):
        filled = {name for name, old, _ in rows if old not in _EMPTY}
        for group in _TOGETHER:
            if not filled.isdisjoint(group):
                found = {name: value for name, value in found.items() if name not in group}
    _, old_abstract, new_abstract = rows[_ABSTRACT]
    if old_abstract != new_abstract and str(new_abstract).startswith(str(old_abstract)):
        found["abstract"] = new_abstract
    return {name: value for name, value in found.items() if name not in edited}


_GROUPED = frozenset(name for group in _TOGETHER for name in group)
_ABSTRACT = WORK_COLUMNS.index("abstract")
