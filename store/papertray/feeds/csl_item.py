"""One item of CSL-JSON as a record: what its variables mean here.

Tolerant: numbers may be texts, texts lists of one, as Crossref has it. Titles, abstracts and
containers may hold HTML or JATS tags (the dialect of `papertray.core.markup`). What has no place
in a record, or cannot be used, stays under ``csl`` in `extra`, as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from papertray.core.citekeys import is_citekey
from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.json_fields import month_number, one_line
from papertray.core.model import Author, Decisions, Json, NoteText, Record, Unread, Venue, Work
from papertray.core.names import parse_author, parse_authors, person
from papertray.feeds.note_facts import NoteFacts
from papertray.feeds.texts import Texts
from papertray.feeds.written_dates import WrittenDate, written_date

TYPES = {
    "article": "preprint",
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "chapter",
    "classic": "book",
    "collection": "book",
    "dataset": "dataset",
    "entry": "chapter",
    "entry-dictionary": "chapter",
    "entry-encyclopedia": "chapter",
    "paper-conference": "inproceedings",
    "report": "report",
    "review": "article",
    "review-book": "article",
    "software": "software",
    "thesis": "thesis",
    # What Crossref calls them in its answers.
    "book-chapter": "chapter",
    "dissertation": "thesis",
    "edited-book": "book",
    "journal-article": "article",
    "monograph": "book",
    "posted-content": "preprint",
    "proceedings-article": "inproceedings",
    "reference-book": "book",
}
"""CSL's types → ours; all others are `misc`."""

OTHER_TYPES = frozenset(
    """bill broadcast document event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet patent performance periodical
    personal_communication post post-weblog regulation song speech standard treaty
    webpage""".split()
)
"""The types of CSL that are `misc` here."""

_VENUE_TYPES = {"article": "journal", "inproceedings": "conference", "chapter": "book"}
_YEAR = re.compile(r"(?<![0-9])([12][0-9]{3})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?(?![0-9])")
_NO_KEY = re.compile(r"(?i:ITEM-[0-9]+|[0-9a-f]{8}-[0-9a-f-]{27})|[A-Z0-9]{8}")


def item_to_record(item: Mapping[str, Json], place: str) -> Record | Unread:
    """Return the record that an item describes; Unread, without data, if it has no title.

    `place` says where it stands (``item 17``).
    """
    left = dict(item)
    title = _take_text(left, "title")
    if not title:
        return Unread(place, 'its "title" is not there')
    texts = Texts("html")
    type_ = _type(left)
    date = _date(left)
    arxiv_id, version = _arxiv_id(left)
    note = NoteFacts(_text(left.get("note")))
    work = Work(
        title=texts.title(title),
        abstract=texts.abstract(_take_text(left, "abstract")),
        authors=tuple(_authors(left)),
        type=type_,
        year=date.year,
        month=date.month,
        day=date.day,
        venue=_venue(left, type_, texts),
        doi=_take_doi(left) or note.doi,
        arxiv_id=arxiv_id or note.arxiv_id,
        url=_take_line(left, "URL"),
    )
    return Record(
        work=work,
        arxiv_version=version if arxiv_id else note.arxiv_version,
        identifiers=(*_identifiers(left), *note.identifiers),
        citekey=_citekey(left) or note.citekey,
        decisions=Decisions(tags=_tags(left), notes=(NoteText(note.rest),) if note.rest else ()),
        original=texts.original,
        extra={"csl": left} if left else {},
        place=place,
    )


def _type(left: dict[str, Json]) -> str:
    """Return our type. CSL's stays where ours says less."""
    name = _text(left.get("type"))
    if not name:
        return ""
    type_ = TYPES.get(name, "misc")
    if _KEEPS_TYPE.get(type_) == name:
        del left["type"]
    return type_


# The one of CSL's types that each of ours stands for: what comes back is what came.
_KEEPS_TYPE = {
    "preprint": "article", "article": "article-journal", "inproceedings": "paper-conference",
    "book": "book", "chapter": "chapter", "thesis": "thesis", "report": "report",
    "dataset": "dataset", "software": "software",
}  # fmt: skip


def _text(value: Json) -> str:
    """Return a value as text; of a list its first, of what is no text nothing."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _take_text(left: dict[str, Json], name: str) -> str:
    """Take a variable out; what is no text, or more than one, stays."""
    value = left.get(name)
    text = _text(value)
    if text and not (isinstance(value, list) and len(value) > 1):
        del left[name]
    return text


def _take_line(left: dict[str, Json], name: str) -> str:
    """Take a variable out as one line."""
    return one_line(_take_text(left, name))


def _authors(left: dict[str, Json]) -> Iterator[Author]:
    value = left.get("author")
    if isinstance(value, str):
        yield from parse_authors(value)
    names = value if isinstance(value, list) else []
    for name in names:
        author = _author(name)
        if author != Author():
            yield author
    if all(_is_plain_name(name) for name in names):
        left.pop("author", None)


_NAME_PARTS = frozenset(
    "family given dropping-particle non-dropping-particle suffix literal name sequence "
    "comma-suffix static-ordering parse-names".split()
)


def _is_plain_name(name: Json) -> bool:
    """Tell whether an `Author` holds all of a name: an affiliation or an ORCID it does not."""
    return isinstance(name, str) or (isinstance(name, dict) and name.keys() <= _NAME_PARTS)


def _author(name: Json) -> Author:
    if isinstance(name, str):
        return parse_author(name)
    if not isinstance(name, dict):
        return Author()
    family, given, literal = (one_line(_text(name.get(p))) for p in ("family", "given", "literal"))
    if not family and not given:
        whole = literal or one_line(_text(name.get("name")))
        parsed = parse_author(whole)
        return parsed if parsed.stands_for_others else Author(literal=whole)
    particles = (one_line(_text(name.get(f"{kind}-particle"))) for kind in _PARTICLES)
    particle = " ".join(filter(None, particles))
    suffix = one_line(_text(name.get("suffix")))
    if family and given and not particle:  # Mendeley and Crossref leave it in the surname
        return person(family, given, suffix)
    return Author(family, given, particle, suffix)


_PARTICLES = ("dropping", "non-dropping")


def _date(left: dict[str, Json]) -> WrittenDate:
    """Read the date of issue. What says more than a day (a season, a range, circa) also stays."""
    name = next((name for name in _DATES if left.get(name)), "issued")
    value = left.get(name)
    if not isinstance(value, dict):
        return _date_in(_text(value))
    parts = value.get("date-parts")
    found = _date_parts(parts)
    if found.year is None:
        return _date_in(_text(value.get("raw")) or _text(value.get("literal")))
    if value.keys() == {"date-parts"} and found.is_whole and _is_one_date(parts):
        del left[name]
    return found


_DATES = ("issued", "published", "published-print", "published-online")


def _date_parts(value: Json) -> WrittenDate:
    first = value[0] if isinstance(value, list) and value else None
    parts = [_text(part) for part in first] if isinstance(first, list) else [_text(first)]
    year, month, day = (*parts, "", "", "")[:3]
    return written_date(f"{year}-{month_number(month) or month}-{day}")


def _is_one_date(value: Json) -> bool:
    return isinstance(value, list) and len(value) == 1


def _date_in(text: str) -> WrittenDate:
    """Read the date, or the first year and what stands behind it, that a text holds."""
    found = _YEAR.search(text)
    return written_date(found[0]) if found else WrittenDate()


def _venue(left: dict[str, Json], type_: str, texts: Texts) -> Venue:
    names = ("container-title", "event-title", "event")
    name = next((name for name in names if _text(left.get(name))), "")
    shorts = ("container-title-short", "journalAbbreviation")
    number = "issue" if _text(left.get("issue")) else "number"
    venue = Venue(
        name=texts.line("venue", _take_text(left, name)) if name else "",
        short=next((text for short in shorts if (text := _take_line(left, short))), ""),
        publisher=_take_line(left, "publisher"),
        volume=_take_line(left, "volume"),
        number=_take_line(left, number),
        pages=_take_line(left, "page"),
    )
    if not venue.name:
        return venue
    return Venue(
        venue.name, _VENUE_TYPES.get(type_, ""), venue.short, venue.publisher, venue.volume,
        venue.number, venue.pages,
    )  # fmt: skip


def _take_doi(left: dict[str, Json]) -> str:
    doi = bare_doi(_text(left.get("DOI")))
    if doi:
        del left["DOI"]
    return doi


def _arxiv_id(left: dict[str, Json]) -> tuple[str, int | None]:
    """Find an arXiv id in the number, the place in the archive, the DOI or the URL."""
    number, url = _text(left.get("number")), _text(left.get("URL"))
    if number.lower().startswith("arxiv:") and (found := split_arxiv_id(number.split()[0])):
        del left["number"]
        return found
    if _text(left.get("archive")).lower() == "arxiv":
        for name in ("archive_location", "archive-location"):
            if found := split_arxiv_id(_text(left.get(name))):
                return found
    doi = bare_doi(_text(left.get("DOI"))).lower()
    if doi.startswith(_ARXIV_DOI) and (found := split_arxiv_id(doi.removeprefix(_ARXIV_DOI))):
        return found
    if "arxiv.org/" in url.lower() and (found := split_arxiv_id(url)):
        return found
    return "", None


_ARXIV_DOI = "10.48550/arxiv."
_SCHEMES = {"ISBN": "isbn", "ISSN": "issn", "PMID": "pubmed", "PMCID": "pmc"}


def _identifiers(left: dict[str, Json]) -> Iterator[tuple[str, str]]:
    for name, scheme in _SCHEMES.items():
        value = left.pop(name, None)
        for one in value if isinstance(value, list) else [value]:
            for number in re.split(r"[\s,;]+", _text(one)):
                if number:
                    yield scheme, number


def _citekey(left: dict[str, Json]) -> str:
    """Return the key that the item has, where it was given by somebody and not by a program."""
    key, id_ = _text(left.get("citation-key")), _text(left.get("id"))
    if is_citekey(key):
        del left["citation-key"]
        if id_ == key:
            del left["id"]
        return key
    if "/" in id_ or _NO_KEY.fullmatch(id_) or not is_citekey(id_):
        return ""
    del left["id"]
    return id_


def _tags(left: dict[str, Json]) -> tuple[str, ...]:
    value = left.pop("keyword", None)
    texts = [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
    words = (word.strip() for text in texts for word in re.split("[,;]", text))
    return tuple(dict.fromkeys(word for word in words if word))
