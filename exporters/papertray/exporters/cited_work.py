"""What those who cite a work say of it: its kind, its venue, its address."""

from __future__ import annotations

from urllib.parse import quote

from papertray.core.model import WORK_TYPES, Work
from papertray.core.segments import one_line


def work_type(work: Work) -> str:
    """Return the type of `work`, one of `WORK_TYPES`, guessed from its venue if it is not known.

    A preprint that has appeared is what it appeared as; one that has not is ``misc``.
    """
    venue = work.venue
    appeared = _BY_VENUE.get(venue.type.casefold(), "") if venue.type else ""
    if work.type in ("", "preprint"):
        if appeared == "chapter" and venue.name in ("", work.title, venue.publisher):
            return "book"
        return appeared or "misc"
    if work.type == "article" and not appeared and work.arxiv_id and not venue.name:
        return "misc"  # what some sources call an article that only arXiv has
    return work.type if work.type in WORK_TYPES else "misc"


def is_own_name(name: str, work: Work) -> bool:
    """Tell a venue that is not to be named: a book is not its own series, and that a work lies on
    arXiv is said by the eprint fields."""
    return name == work.title or (bool(work.arxiv_id) and name.casefold().startswith("arxiv"))


def kind_of(work: Work) -> str:
    """Return one of `papertray.core.model.WORK_TYPES`, ``misc`` if nothing more is known."""
    found = work_type(work)
    is_preprint = work.type == "preprint" or (work.arxiv_id and work.type != "misc")
    return "preprint" if found == "misc" and is_preprint else found


def venue_names(work: Work) -> tuple[str, str]:
    """Return what the venue is called and its short name, empty where that would say the same."""
    venue = work.venue
    name = venue.name or venue.short
    if is_own_name(name, work):
        return "", ""
    return name, venue.short if venue.short != name else ""


def address_of(work: Work) -> str:
    """Return the address of a work, else its page on arXiv; empty where neither is for the web."""
    if work.url.lower().startswith(_WEB):
        return one_line(work.url)
    return arxiv_address(work)


def arxiv_address(work: Work) -> str:
    """Return the address of a work's page on arXiv, empty where it has none."""
    identifier = quote(one_line(work.arxiv_id), safe=_IN_PATH)
    return f"https://arxiv.org/abs/{identifier}" if identifier else ""


def doi_address(work: Work) -> str:
    """Return the address that a work's DOI stands for, empty where it has none.

    Some hold ``<``, ``#`` or ``%``: https://www.doi.org/doi-handbook/HTML/encoding-rules-for-urls-presentation.html
    """
    identifier = quote(one_line(work.doi), safe=_IN_PATH)
    return f"https://doi.org/{identifier}" if identifier else ""


def addresses_of(work: Work) -> tuple[str, ...]:
    """Return where a work is, none twice: arXiv, its DOI, its own address as it came."""
    found = (arxiv_address(work), doi_address(work), work.url)
    return tuple(dict.fromkeys(filter(None, found)))


_WEB = ("https://", "http://", "ftp://")  # another could be run: javascript:
_IN_PATH = "/:;()@&=+$,!*'-._~"

# Venues have four types of ours, but a file may call them anything.
_BY_VENUE = {
    "journal": "article", "magazine": "article", "newspaper": "article",
    "conference": "inproceedings", "workshop": "inproceedings", "symposium": "inproceedings",
    "proceedings": "inproceedings",
    "book": "chapter", "collection": "chapter",
    **{type_: type_ for type_ in WORK_TYPES if type_ not in ("book", "preprint", "misc")},
}  # fmt: skip
