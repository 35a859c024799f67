"""The identifiers of a work among named values: DOI, arXiv id, PubMed, ISBN and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.feeds.format_names import Names, Strings
from papertray.feeds.named_values import NamedValues

_DOI_LABEL = re.compile(r"doi[:\s]+", re.IGNORECASE)


def _as_doi(value: str) -> str:
    return bare_doi(_DOI_LABEL.sub("", value, count=1) if _DOI_LABEL.match(value) else value)


def take_doi(values: NamedValues, names: Names) -> str:
    """Take the first DOI, and all that say the same; a link to it stays a link too."""
    doi = ""
    proper = {place for place, _ in values.find(*names.doi[:1])}
    links = {place for place, value in values.find(*names.url) if value.lower().startswith("http")}
    for place, value in values.find(*names.doi):
        found = _as_doi(value)
        if not found and place in proper:  # of several, the first
            found = _as_doi(re.split(r"[;\s]", value)[0])
        doi = doi or found
        is_same = bool(found) and _as_doi(value).casefold() == doi.casefold()
        if is_same and place not in links:
            values.take(place)
    if doi:
        return doi
    links_to = (_RESOLVER.search(value) for _, value in values.find(*names.url))
    return next((bare_doi(unquote(link[1])) for link in links_to if link), "")


# A library's link resolver: https://sfx.library.example/x?id=pmid:&id=doi:10.1002%2Fabc&issn=…
_RESOLVER = re.compile(r"^https?://\S{1,300}?[?&](?:rft_)?id=(?:info:)?doi[:/](10\.[^&\s]{4,200})")

_ARXIV_TEXT = re.compile(
    r"\barxiv:\s*([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7}(?:v[0-9]+)?)",
    re.IGNORECASE,
)


def take_arxiv(values: NamedValues, names: Names, doi: str) -> tuple[str, int | None] | None:
    """Find an arXiv id in a field of its own, a link, the DOI, or ``arXiv preprint arXiv:…``."""
    for place, value in values.find(*names.arxiv):
        if found := split_arxiv_id(value):
            values.take(place)
            return found
    for _, value in values.find(*names.url):
        if "arxiv.org/" in value.lower() and (found := split_arxiv_id(value.split()[0])):
            return found
    if doi.lower().startswith(_ARXIV_DOI) and (found := split_arxiv_id(doi[len(_ARXIV_DOI) :])):
        return found
    for _, value in values.find(*names.journal, *names.short, *names.number, *names.publisher):
        if (within := _ARXIV_TEXT.search(value)) and (found := split_arxiv_id(within[1])):
            return found
    return None


_ARXIV_DOI = "10.48550/arxiv."

_PATTERNS = {
    "issn": re.compile(r"([0-9]{4}-?[0-9]{3}[0-9Xx])"),
    "isbn": re.compile(r"((?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9Xx])"),
    "pubmed": re.compile(
        r"(?:(?:PMID|MEDLINE):?\s*|https?://pubmed\.ncbi\.nlm\.nih\.gov/)?([0-9]{1,9})(?:\.0|/)?",
        re.IGNORECASE,
    ),
    "pmc": re.compile(r"(PMC[0-9]{1,9})", re.IGNORECASE),
    "openalex": re.compile(r"(?:https?://openalex\.org/)?(W[0-9]{3,12})"),
    "wos": re.compile(r"((?:WOS|ISI|BIOSIS|BCI|MEDLINE|CCC|KJD|SCIELO|RSCI|INSPEC):\S+)"),
    "scopus": re.compile(r"(2-s2\.0-[0-9]+)"),
    "uid": re.compile(r"(\S+)"),
}
_PUBMED_LINK = re.compile(
    r"https?://(?:www\.)?(?:ncbi\.nlm\.nih\.gov/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/)([0-9]{1,9})/?"
)
_ENDNOTE_LINK = re.compile(r"<Go to ISI>://(WOS:[A-Z0-9]{6,20})")


def take_identifiers(values: NamedValues, names: Names) -> Iterator[tuple[str, str]]:
    """Take what looks as its scheme does; of several in one value all, or it is left whole."""
    for name, scheme in names.identifiers.items():
        schemes = ("issn", "isbn") if scheme == "serial" else (scheme,)
        for place, value in values.find(name):
            found = _named(schemes, value)
            if found and "(" not in value:
                values.take(place)
            yield from found
    for _, value in values.find(*names.url):
        if link := _PUBMED_LINK.fullmatch(value):
            yield "pubmed", link[1]
        elif link := _ENDNOTE_LINK.fullmatch(value):
            yield "wos", link[1]


_IN_BRACKETS = re.compile(r"\([^()]*\)")  # (print), (ISSN), (Hardcover)


def _named(schemes: Strings, value: str) -> list[tuple[str, str]]:
    for scheme in schemes:
        if whole := _PATTERNS[scheme].fullmatch(value):
            return [(scheme, whole[1])]
    pieces = re.split(r"[\s,;]+", _IN_BRACKETS.sub(" ", value).strip())
    if len(pieces) > 8:
        return []
    found = [
        next(((s, whole[1]) for s in schemes if (whole := _PATTERNS[s].fullmatch(piece))), None)
        for piece in pieces
    ]
    known = [one for one in found if one]
    return known if len(known) == len(found) else []
