"""What PubMed's XML and its tagged text have in common: printed titles, kinds of publications."""

from __future__ import annotations

from collections.abc import Collection

from papertray.feeds.titles import without_brackets, without_full_stop

_TYPES = {
    "preprint": "preprint",
    "academic dissertation": "thesis",
    "dissertations": "thesis",
    "dissertations/theses": "thesis",
    "technical report": "report",
    "dataset": "dataset",
    "books": "book",
    "book chapter": "chapter",
    "congress": "inproceedings",
    "congresses": "inproceedings",
    "speeches/meeting papers": "inproceedings",
}
_NO_TITLES = frozenset(["not available", "in process citation"])


def title_of(printed: str) -> str:
    """Return the title that PubMed prints as ``[Title].``; empty where it says there is none."""
    title = without_full_stop(without_brackets(without_full_stop(printed)))
    return "" if title.lower() in _NO_TITLES else title


def type_of(terms: Collection[str], default: str) -> str:
    """Return our type for terms of ``Publication Type``; `default` where none says more.

    PubMed's are those of https://www.nlm.nih.gov/mesh/pubtypes.html; ERIC, which writes the same
    tags, has others, such as ``Reports - Research``.
    """
    folded = [term.lower() for term in terms]
    if "preprint" in folded:
        return "preprint"
    if "journal article" in folded or "journal articles" in folded:
        return "article"
    found = next((_TYPES[term] for term in folded if term in _TYPES), "")
    if not found and any(term.startswith("reports - ") for term in folded):
        return "report"
    return found or default
