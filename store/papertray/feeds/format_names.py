"""Which names a format gives to what: the table by which a record is made of named values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from papertray.core.model import Author
from papertray.core.names import names_end_in_initials, parse_authors

Strings = tuple[str, ...]


def _read_authors(names: list[str]) -> tuple[Author, ...]:
    """Read names, one each; without commas, and all ending in initials, surnames come first."""
    are_so = len(names) > 1 and names_end_in_initials(";".join(names))
    return parse_authors(names, surname_first=are_so)


@dataclass(frozen=True, slots=True)
class Names:
    """Which names of a format stand for what; of several, the first that has a value counts.

    `format` is where in `extra` the rest is kept. `identifiers` maps a name to a scheme (`serial`:
    an ISSN or ISBN, whichever it looks like). `doi` may hold names under which a DOI is only now
    and then. `files` are links and paths of the paper's own files, `notes` the owner's words,
    `facts` such notes with lines like ``PMID: 1``, `labels` columns with a decision. What is under
    a name in `kept` is used and also kept, since the use is an interpretation. `is_plain`: a tag in
    a text is text.
    """

    format: str
    title: Strings
    abstract: Strings = ()
    authors: Strings = ()
    type: Strings = ()
    date: Strings = ()
    month: Strings = ()
    day: Strings = ()
    journal: Strings = ()
    short: Strings = ()
    publisher: Strings = ()
    volume: Strings = ()
    number: Strings = ()
    pages: Strings = ()
    first_page: Strings = ()
    last_page: Strings = ()
    doi: Strings = ()
    arxiv: Strings = ()
    url: Strings = ()
    files: Strings = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    keywords: Strings = ()
    notes: Strings = ()
    facts: Strings = ()
    labels: Strings = ()
    citekey: Strings = ()
    added: Strings = ()
    kept: frozenset[str] = frozenset()
    is_plain: bool = False
    keyword_separator: str = r"[;\n]"
    read_authors: Callable[[list[str]], tuple[Author, ...]] = _read_authors
