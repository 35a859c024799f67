"""Semantic Scholar: the answers of its APIs (https://api.semanticscholar.org/api-docs), and its
data sets, which write the same members in small letters.

Searches and batches, recommendations, an author's papers, citations and references, snippets. Only
members that were asked for are there, often no more than the title; for an unknown id a batch has
a ``null``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.model import Json, Record, Unread, Venue, Work
from papertray.core.names import parse_authors
from papertray.feeds.heads import first_value
from papertray.feeds.json_items import Fields, left, object_of, objects_of, records, text, texts
from papertray.feeds.service_fields import coarse_date, names_of, pmc_id, pubmed_id
from papertray.feeds.texts import Texts

NAME = "semantic-scholar"
DESCRIPTION = "JSON of the APIs of Semantic Scholar: papers with a `paperId` or `corpusId`"
TAKES = "title, abstract, authors, date, type, venue, all identifiers, link to the PDF"
LOSES = "nothing: counts, fields of study, the snippet or context that was found stay as they are"
IS_LIBRARY = False
FEED = ""

_OPEN_AT = ("data", "recommendedPapers", "papers")
_PAPERS_WITHIN = ("paper", "citingPaper", "citedPaper")
"""What a snippet, a citation and a reference tell of: the rest of them is about that paper."""

_TYPES = {
    "Conference": "inproceedings",
    "Book": "book",
    "BookSection": "chapter",
    "Dataset": "dataset",
    "JournalArticle": "article",
    "Review": "article",
}
"""Their types → ours: the first of these that is among a paper's."""

_VENUE_TYPES = {"journal": "journal", "conference": "conference"}


def recognise(head: bytes, name: str) -> bool:
    """Tell a paper by its ``paperId`` or ``corpusId``, within whatever answer."""
    return first_value(head, _belongs, _OPEN_AT) is not None


def _belongs(value: Json) -> bool:
    if not isinstance(value, dict):
        return False
    if _is_paper(value):
        return True
    if "snippet" in value and _is_paper(object_of(value.get("paper"))):
        return True
    # Of a reference whose paper it does not know, the id is null.
    return any("paperId" in object_of(value.get(name)) for name in ("citingPaper", "citedPaper"))


def _is_paper(value: dict[str, Json]) -> bool:
    if isinstance(value.get("paperId"), str):
        return True
    return "title" in value and bool(text(value, "corpusId", "corpusid"))


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each paper."""
    yield from records(stream, _belongs, _OPEN_AT, _item)


def _item(fields: Fields, place: str) -> Record | Unread:
    within = next((name for name in _PAPERS_WITHIN if isinstance(fields.get(name), dict)), "")
    if not within:
        return _paper(fields, {}, place)
    return _paper(object_of(fields[within]), left(fields, frozenset([within])), place)


_TAKEN = frozenset(
    """paperId corpusId corpusid externalIds externalids title abstract authors year journal venue
    url""".split()
)


def _paper(fields: Fields, about: dict[str, Json], place: str) -> Record | Unread:
    decoded = Texts("html")
    title = decoded.title(text(fields, "title"))
    if not title:
        said = text(fields, "error", "message")
        return Unread(
            place,
            f"it is no paper: {said[:200]}"
            if said
            else "it has no title: ask the service for that field",
        )
    ids = object_of(fields.get("externalIds") or fields.get("externalids"))
    doi = bare_doi(text(ids, "DOI"))
    arxiv_id, version = split_arxiv_id(text(ids, "ArXiv")) or ("", None)
    date, is_whole = coarse_date(
        text(fields, "publicationDate", "publicationdate"), text(fields, "year")
    )
    venue, is_repository = _venue(fields, decoded)
    open_access = object_of(fields.get("openAccessPdf"))
    return Record(
        work=Work(
            title=title,
            abstract=decoded.abstract(text(fields, "abstract")),
            authors=parse_authors(_names(fields.get("authors"))),
            type=_type(fields, is_preprint=is_repository and not _is_published(doi)),
            year=date.year,
            month=date.month,
            day=date.day,
            venue=venue,
            doi=doi,
            arxiv_id=arxiv_id,
            url=text(fields, "url"),
            pdf_url=text(open_access, "url"),
        ),
        arxiv_version=version,
        identifiers=tuple(dict.fromkeys(_identifiers(fields, ids))),
        original=decoded.original,
        extra=_extra(fields, ids, about, is_whole=is_whole),
        place=place,
    )


def _names(value: Json) -> list[str]:
    """Return the names of authors, who are objects, in snippets only names."""
    return [*texts(value)] or [*names_of(value, "name")]


def _is_published(doi: str) -> bool:
    return bool(doi) and not doi.lower().startswith("10.48550/")


def _type(fields: Fields, *, is_preprint: bool) -> str:
    named = texts(fields.get("publicationTypes") or fields.get("publicationtypes"))
    type_ = next((ours for theirs, ours in _TYPES.items() if theirs in named), "")
    return "preprint" if is_preprint and type_ in ("article", "") else type_


def _venue(fields: Fields, decoded: Texts) -> tuple[Venue, bool]:
    """Return where a paper appeared, and whether that is arXiv, which is no venue."""
    known, journal = object_of(fields.get("publicationVenue")), object_of(fields.get("journal"))
    name = text(known, "name") or text(fields, "venue") or text(journal, "name")
    if name.lower() in ("arxiv.org", "arxiv"):
        return Venue(), True
    type_ = _VENUE_TYPES.get(text(known, "type"), "")
    return Venue(
        name=decoded.line("venue", name),
        type=type_ or ("journal" if name and text(journal, "name") == name else ""),
        volume=" ".join(text(journal, "volume").split()),
        pages=" ".join(text(journal, "pages").split()),
    ), False


_SCHEMES = {"ACL": "acl", "DBLP": "dblp", "MAG": "mag"}


def _identifiers(fields: Fields, ids: Fields) -> Iterator[tuple[str, str]]:
    if own := text(fields, "paperId"):
        yield "semanticscholar", own
    if corpus := text(fields, "corpusId", "corpusid") or text(ids, "CorpusId"):
        yield "corpus", corpus
    for theirs, scheme in _SCHEMES.items():
        if number := text(ids, theirs):
            yield scheme, number
    if number := pubmed_id(text(ids, "PubMed")):
        yield "pubmed", number
    if number := pmc_id(text(ids, "PubMedCentral")):
        yield "pmc", number


_KNOWN_IDS = frozenset([*_SCHEMES, "DOI", "ArXiv", "CorpusId", "PubMed", "PubMedCentral"])


def _extra(
    fields: Fields, ids: Fields, about: dict[str, Json], *, is_whole: bool
) -> dict[str, Json]:
    kept = left(fields, _TAKEN | {"publicationDate", "publicationdate"} if is_whole else _TAKEN)
    if others := left(ids, _KNOWN_IDS):
        kept["externalIds"] = others
    if any(author.keys() - {"name"} for author in objects_of(fields.get("authors"))):
        kept["authors"] = fields["authors"]
    journal = object_of(fields.get("journal"))
    if text(journal, "name") and text(journal, "name") != text(fields, "venue"):
        kept["journal"] = journal
    if fields.get("openAccessPdf") and object_of(kept.get("openAccessPdf")).keys() <= {"url"}:
        kept.pop("openAccessPdf", None)
    kept.update(about)
    return {NAME: kept} if kept else {}
