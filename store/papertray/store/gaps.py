"""What a paper lacks and a record has. Pure: the store looks up and writes, this decides."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from papertray.core.identifiers import doi_name
from papertray.core.model import Json
from papertray.core.pasted import is_placeholder
from papertray.store.rows import WORK_COLUMNS, Value

_GAPS = frozenset(WORK_COLUMNS) - {"title", "type"}
EMPTY = ("", "[]", None)
"""What columns hold of which nothing is known."""

OTHER_IDENTIFIERS = "other_identifiers"
"""The unknown field that holds the identifiers which name no single work."""

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
    a cut page broke off is completed, and a DOI of arXiv's own, which says no more than the arXiv
    id, gives way to the journal's. A placeholder is no title, and nobody's word: it gives way too.
    """
    if present == offered:  # most often, when a source is read again
        return {}
    rows = list(zip(WORK_COLUMNS, present, offered, strict=True))
    found: dict[str, Value] = {
        name: new for name, old, new in rows if old in EMPTY and new not in EMPTY and name in _GAPS
    }
    if not found.keys().isdisjoint(_GROUPED):
        filled = {name for name, old, _ in rows if old not in EMPTY}
        for group in _TOGETHER:
            if not filled.isdisjoint(group):
                found = {name: value for name, value in found.items() if name not in group}
    _, old_abstract, new_abstract = rows[_ABSTRACT]
    if old_abstract != new_abstract and str(new_abstract).startswith(str(old_abstract)):
        found["abstract"] = new_abstract
    if _is_arxivs(present[_DOI]) and offered[_DOI] and not _is_arxivs(offered[_DOI]):
        found["doi"] = offered[_DOI]
    found = {name: value for name, value in found.items() if name not in edited}
    if is_placeholder(str(present[_TITLE])) and not is_placeholder(str(offered[_TITLE])):
        found["title"] = offered[_TITLE]
        if offered[_TYPE] and not present[_TYPE]:
            found["type"] = offered[_TYPE]
    return found


def extra_gaps(present: Mapping[str, Json], offered: Mapping[str, Json]) -> dict[str, Json]:
    """Return what becomes of the unknown fields of a paper when a record offers some.

    What the paper has stays as it is. What a format keeps of its own lies under the format's name:
    there, too, what is lacking is taken. Other identifiers, a list of texts, are collected.
    """
    found = {**present, **{name: offered[name] for name in offered if name not in present}}
    for name in offered.keys() & present.keys():
        old, new = present[name], offered[name]
        if isinstance(old, dict) and isinstance(new, dict):
            found[name] = {**old, **{key: new[key] for key in new if key not in old}}
        elif name == OTHER_IDENTIFIERS and isinstance(old, list) and isinstance(new, list):
            found[name] = [*old, *(one for one in new if one not in old)]
    return found


def _is_arxivs(doi: Value) -> bool:
    return bool(doi) and doi_name(str(doi))[0] == "arxiv"


_GROUPED = frozenset(name for group in _TOGETHER for name in group)
_TITLE = WORK_COLUMNS.index("title")
_TYPE = WORK_COLUMNS.index("type")
_ABSTRACT = WORK_COLUMNS.index("abstract")
_DOI = WORK_COLUMNS.index("doi")
