"""One ``info.yaml`` of Papis as a record. Its keys are BibTeX's, with some of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from papertray.core.citekeys import is_citekey
from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.json_fields import month_number, one_line, whole_number
from papertray.core.model import (
    Attachment,
    Author,
    Decisions,
    Json,
    NoteText,
    Record,
    Unread,
    Venue,
    Work,
)
from papertray.core.names import parse_authors
from papertray.feeds.texts import Texts

TYPES = {
    "article": "article",
    "book": "book",
    "booklet": "book",
    "collection": "book",
    "conference": "inproceedings",
    "dataset": "dataset",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "inproceedings",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "proceedings": "book",
    "report": "report",
    "software": "software",
    "techreport": "report",
    "thesis": "thesis",
}
"""The types of BibTeX and BibLaTeX → ours; all others are `misc`."""

_KEEPS_TYPE = frozenset(
    ("article", "book", "inproceedings", "dataset", "report", "software", "thesis")
)
_VENUE_TYPES = {"article": "journal", "inproceedings": "conference", "chapter": "book"}
_MEDIA_TYPES = {
    ".pdf": "application/pdf", ".epub": "application/epub+zip", ".html": "text/html",
    ".djvu": "image/vnd.djvu", ".txt": "text/plain", ".md": "text/markdown",
}  # fmt: skip
_DATE = re.compile(r"([12][0-9]{3})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


class _Keys:
    """The keys of one document; what is taken leaves, the rest is kept as it came."""

    def __init__(self, fields: dict[str, Json]) -> None:
        self.left = {name: value for name, value in fields.items() if value is not None}

    def text(self, *names: str) -> str:
        """Take the first of some keys that holds a text."""
        for name in names:
            value = self.left.get(name)
            if isinstance(value, str) and value.strip():
                del self.left[name]
                return value.strip()
        return ""

    def texts(self, name: str, separators: str) -> list[str]:
        """Take a list of texts, or one text cut at `separators`."""
        value = self.left.get(name)
        parts = re.split(separators, value) if isinstance(value, str) and separators else value
        items = parts if isinstance(parts, list) else [parts]
        found = [item.strip() for item in items if isinstance(item, str) and item.strip()]
        if len(found) == len(items):
            self.left.pop(name, None)
        return found


def document_to_record(
    fields: dict[str, Json], place: str, folder: Path, note: str
) -> Record | Unread:
    """Return the record that an ``info.yaml`` describes; Unread if it has no title.

    Arguments: `place` says where it stands; `folder` is the document's own, in which its files
    lie; `note` is the text of its notes file.
    """
    keys, texts = _Keys(fields), Texts("html")
    title = texts.title(keys.text("title"))
    if not title:
        return Unread(place, "it has no title", str(fields).encode("utf-8", "replace")[: 1 << 16])
    type_ = _type(keys)
    arxiv_id, version = _arxiv_id(keys)
    year, month, day = _date(keys)
    doi = bare_doi(str(keys.left.get("doi", "")))
    if doi:
        del keys.left["doi"]
    work = Work(
        title=title,
        abstract=texts.abstract(keys.text("abstract")),
        authors=tuple(_authors(keys)),
        type="preprint" if arxiv_id and type_ == "misc" else type_,
        year=year,
        month=month,
        day=day,
        venue=_venue(keys, type_, texts),
        doi=doi,
        arxiv_id=arxiv_id,
        url=keys.text("url"),
        pdf_url=keys.text("doc_url"),
        primary_class=keys.text("primaryclass", "eprintclass") if arxiv_id else "",
    )
    return Record(
        work=work,
        arxiv_version=version,
        identifiers=tuple(_identifiers(keys)),
        citekey=_citekey(keys),
        decisions=Decisions(
            tags=tuple(dict.fromkeys(_tags(keys))), notes=(NoteText(note),) if note else ()
        ),
        attachments=tuple(_files(keys, folder)),
        original=texts.original,
        extra={"papis": {**keys.left}} if keys.left else {},
        place=place,
    )


def _type(keys: _Keys) -> str:
    name = str(keys.left.get("type", "")).lower()
    if name in _KEEPS_TYPE:
        del keys.left["type"]
    return TYPES.get(name, "misc") if name else ""


def _arxiv_id(keys: _Keys) -> tuple[str, int | None]:
    """Find an arXiv id; a text in ``eprint`` is one if the archive says so or is not said."""
    archive = str(keys.left.get("archiveprefix", keys.left.get("eprinttype", "arxiv"))).lower()
    names = ("arxivid", "arxiv_id", "eprint") if archive == "arxiv" else ("arxivid", "arxiv_id")
    for name in names:
        value = keys.left.get(name)
        if isinstance(value, str) and (found := split_arxiv_id(value)):
            for used in (name, "archiveprefix", "eprinttype"):
                keys.left.pop(used, None)
            return found
    url = keys.left.get("url")
    if isinstance(url, str) and "arxiv.org/" in url and (found := split_arxiv_id(url)):
        return found
    return "", None


def _date(keys: _Keys) -> tuple[int | None, int | None, int | None]:
    year = whole_number(str(keys.left.get("year", "")).strip())
    if year is None or not 1000 <= year < 3000:
        found = _DATE.match(str(keys.left.get("date", "")))
        if found is None:
            return None, None, None
        if found.end() == len(str(keys.left["date"])):
            del keys.left["date"]
        month = month_number(found[2] or "")
        return int(found[1]), month, int(found[3]) if month and found[3] else None
    del keys.left["year"]
    month = month_number(str(keys.left.get("month", "")).strip())
    if month is not None:
        del keys.left["month"]
    day = whole_number(str(keys.left.get("day", "")).strip())
    if month is None or day not in range(1, 32):
        return year, month, None
    del keys.left["day"]
    return year, month, day


def _authors(keys: _Keys) -> Iterator[Author]:
    """Yield the authors of ``author_list``, else of ``author``, whose words are the same."""
    value = keys.left.get("author_list")
    listed = value if isinstance(value, list) else []
    found = [_author(name) for name in listed]
    names = [author for author in found if author != Author()]
    if names and len(names) == len(found):
        if all(isinstance(n, dict) and n.keys() <= _NAME_PARTS for n in listed):
            del keys.left["author_list"]
        keys.left.pop("author", None)
        yield from names
        return
    yield from parse_authors(keys.text("author"))


_NAME_PARTS = frozenset(("family", "given", "surname", "given_name", "affiliation"))


def _author(name: Json) -> Author:
    if not isinstance(name, dict):
        return Author()
    given, family = (
        next((one_line(v).strip() for n in both if isinstance(v := name.get(n), str) and v), "")
        for both in (("given", "given_name"), ("family", "surname"))
    )
    if given and family:
        parsed = parse_authors([f"{family}, {given}"])
        return parsed[0] if parsed and parsed[0].family else Author(family=family, given=given)
    return Author(literal=family or given)


def _venue(keys: _Keys, type_: str, texts: Texts) -> Venue:
    name = texts.line(
        "venue", keys.text("journal", "booktitle", "full_journal_title", "journaltitle")
    )
    if keys.left.get("full_journal_title") == name:
        del keys.left["full_journal_title"]
    return Venue(
        name=name,
        type=_VENUE_TYPES.get(type_, "") if name else "",
        short=one_line(keys.text("abbrev_journal_title", "shortjournal")),
        publisher=one_line(keys.text("publisher", "institution", "school")),
        volume=one_line(keys.text("volume")),
        number=one_line(keys.text("issue", "number")),
        pages=one_line(keys.text("pages")),
    )


def _identifiers(keys: _Keys) -> Iterator[tuple[str, str]]:
    papis_id = keys.text("papis_id")
    if papis_id:
        yield "uid", f"papis:{papis_id}"
    for name, scheme in (("isbn", "isbn"), ("issn", "issn"), ("pmid", "pubmed"), ("pmcid", "pmc")):
        for number in keys.texts(name, r"[\s,;]+"):
            yield scheme, number


def _citekey(keys: _Keys) -> str:
    ref = keys.left.get("ref")
    if isinstance(ref, str) and is_citekey(ref.strip()):
        del keys.left["ref"]
        return ref.strip()
    return ""


def _tags(keys: _Keys) -> Iterator[str]:
    """Yield the tags: a list; one text is cut at commas, or at blanks where it has none."""
    value = keys.left.get("tags")
    separators = "," if isinstance(value, str) and "," in value else r"\s+"
    for tag in keys.texts("tags", separators):
        yield " ".join(one_line(tag).split())


def _files(keys: _Keys, folder: Path) -> Iterator[Attachment]:
    for name in dict.fromkeys(keys.texts("files", "")):
        path = os.path.normpath(folder / name)
        yield Attachment(path, _MEDIA_TYPES.get(os.path.splitext(name)[1].lower(), ""))
