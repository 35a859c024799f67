"""One entry of a bibliography as a record: what its type and its fields mean here.

What has no place in a record, and what a record holds only a part of, stays under ``bibtex`` in
`extra`, TeX as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from papertray.core.citekeys import is_citekey
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
from papertray.core.tex_bibliography import decode_bibliography, decode_short
from papertray.feeds import bibtex_dates, bibtex_files
from papertray.feeds.bibtex_identifiers import Identifiers, verbatim
from papertray.feeds.bibtex_journals import journal_named
from papertray.feeds.bibtex_names import names
from papertray.feeds.bibtex_parents import Entry
from papertray.feeds.texts import Texts

_TYPES = {
    "article": "article", "suppperiodical": "article", "review": "article", "periodical": "book",
    "inproceedings": "inproceedings", "conference": "inproceedings",
    "book": "book", "mvbook": "book", "booklet": "book", "collection": "book",
    "mvcollection": "book", "proceedings": "book", "mvproceedings": "book", "reference": "book",
    "mvreference": "book", "manual": "book",
    "incollection": "chapter", "inbook": "chapter", "bookinbook": "chapter", "suppbook": "chapter",
    "suppcollection": "chapter", "inreference": "chapter", "book_section": "chapter",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
    "bathesis": "thesis", "bachelorsthesis": "thesis", "masterthesis": "thesis",
    "techreport": "report", "report": "report", "standard": "report",
    "dataset": "dataset", "data": "dataset", "software": "software", "softwareversion": "software",
    "softwaremodule": "software", "preprint": "preprint",
}  # fmt: skip
"""Types of BibTeX, BibLaTeX and reference managers → ours; all others are `misc`."""

# The type that each of ours stands for: others are kept, since ours says less.
_KEEPS_TYPE = {
    "article": "article", "inproceedings": "inproceedings", "book": "book",
    "chapter": "incollection", "thesis": "phdthesis", "report": "techreport", "misc": "misc",
    "preprint": "misc", "dataset": "dataset", "software": "software",
}  # fmt: skip

_HOLDS_OTHERS = frozenset(name for name, type_ in _TYPES.items() if type_ == "book")
_PREPRINT_SERVERS = re.compile(
    r"(?:bio|med|chem|psy|soc|eart?h|engr|eco|edu|agri|techr?)a?rxiv\b|ssrn\b|research square\b|"
    r"osf preprints\b|preprints(?:\.org)?$|hal$",
    re.IGNORECASE,
)
_BOOK_SERIES = re.compile(
    r"lecture|notes|series|studies|advances|communications|^(?:LN[A-Z]{2}|CCIS|LIPIcs|PMLR|AISC)\b",
    re.IGNORECASE,
)


def entry_to_record(entry: Entry) -> Record | Unread:
    """Return the record that an entry describes; Unread, without data, if it has no title."""
    left = {name: value for name, value in entry.fields.items() if value and not value.isspace()}
    texts = Texts("bibtex")
    title = texts.title(_title(entry.type, left))
    if not title:
        return Unread(entry.place, "it has no title")
    found = Identifiers(left)
    type_ = _type(entry.type, left, found)
    venue = _venue(type_, entry.type, left, texts, found)
    date = _date(left)
    attachments = tuple(_attachments(left))
    citekey = entry.key if is_citekey(entry.key) else ""
    work = Work(
        title=title,
        abstract=texts.abstract(left.pop("abstract", "")),
        authors=_authors(left),
        type=type_,
        year=date.year,
        month=date.month,
        day=date.day,
        venue=venue,
        doi=found.doi,
        arxiv_id=found.arxiv_id,
        url=found.url,
        pdf_url=found.pdf_url,
        primary_class=found.primary_class,
    )
    decisions = Decisions(tags=_tags(left), notes=tuple(_notes(left)), added=_added(left))
    older = tuple(key for key in re.split(r"[\s,]+", left.get("ids", "")) if is_citekey(key))
    if older:
        del left["ids"]
    return Record(
        work=work,
        arxiv_version=found.arxiv_version,
        identifiers=tuple(found.identifiers(entry.key)),
        citekey=citekey,
        older_keys=older,
        decisions=decisions,
        attachments=attachments,
        original=texts.original,
        extra=_extra(entry, left, type_, citekey),
        place=entry.place,
    )


def _extra(entry: Entry, left: Mapping[str, str], type_: str, citekey: str) -> Mapping[str, Json]:
    extra: dict[str, Json] = dict(left)
    for name, values in entry.more.items():
        extra[name] = [*([left[name]] if name in left else []), *values]
    if entry.type != _KEEPS_TYPE[type_]:
        extra["entrytype"] = entry.type
    if entry.key and not citekey:
        extra["citekey"] = entry.key
    return {"bibtex": extra} if extra else {}


def _title(entry_type: str, left: dict[str, str]) -> str:
    """Take the title with its subtitle. What holds other works may be called by another name."""
    name = "title"
    if name not in left and entry_type in _HOLDS_OTHERS | {"inbook"}:
        others = ("maintitle", "booktitle", "issuetitle", "journaltitle")
        name = next((other for other in others if other in left), name)
    title = left.pop(name, "").strip()
    subtitle = left.get(name.removesuffix("title") + "subtitle", "").strip()
    if not title or not subtitle or title.endswith(subtitle):
        return title
    del left[name.removesuffix("title") + "subtitle"]
    separator = " " if title.rstrip("}")[-1:] in ("?", "!", ":", ".") else ": "
    return f"{title}{separator}{subtitle}"


def _type(entry_type: str, left: Mapping[str, str], found: Identifiers) -> str:
    type_ = _TYPES.get(entry_type, "misc")
    has_venue = any(
        name in left for name in ("journal", "journaltitle", "booktitle", "institution", "school")
    )
    if type_ in ("misc", "article", "report") and not has_venue:
        has_eprint = found.arxiv_id or ("eprint" in left and type_ == "misc")
        return "preprint" if has_eprint else type_
    if type_ == "article":
        server = left.get("journal") or left.get("journaltitle") or ""
        return "preprint" if _PREPRINT_SERVERS.match(server.strip(" {}")) else type_
    return type_


# Where a type's venue is named, in the order of preference, and what kind of venue it is.
_VENUES = {
    "article": (("journaltitle", "journal", "booktitle"), "journal"),
    "inproceedings": (("booktitle", "journal", "journaltitle", "eventtitle"), "conference"),
    "chapter": (("booktitle", "maintitle", "journal"), "book"),
    "book": (("series",), ""),
    "thesis": (("school", "institution", "publisher"), ""),
    "report": (("institution", "school", "organization", "publisher"), ""),
    "preprint": (("journaltitle", "journal", "howpublished", "organization"), ""),
    "misc": (("howpublished", "journaltitle", "journal", "booktitle", "organization"), ""),
    "dataset": (("howpublished", "organization"), ""),
    "software": (("howpublished", "organization"), ""),
}
_SHORTS = ("shortjournal", "journalabbr", "journal-iso", "shortbooktitle", "shortseries")


def _venue(
    type_: str, entry_type: str, left: dict[str, str], texts: Texts, found: Identifiers
) -> Venue:
    names, kind = _VENUES[type_]
    name = next((name for name in names if name in left), "")
    told = _venue_title(name, left) if name else ""
    title = texts.line("venue", journal_named(told))
    if title and journal_named(told) != told:
        texts.original["venue"] = told
    title = title.replace("\u00a0", " ")  # Phys.~Rev.~Lett. is what others call Phys. Rev. Lett.
    publishers = ("publisher", "school", "institution", "organization")
    publisher = next(
        (name for name in publishers if name in left and _says_publisher(type_, name)), ""
    )
    number = "number" if "number" in left else "issue"
    short = next((name for name in _SHORTS if name in left), "")
    if not short and type_ == "inproceedings" and not _BOOK_SERIES.search(left.get("series", "")):
        short = "series" if "series" in left else "eventtitle"
    return Venue(
        name=title,
        type=kind if title else "",
        short=_line(left.pop(short, "")),
        publisher=_line(left.pop(publisher, "")),
        volume=_line(left.pop("volume", "")),
        number=_line(left.pop(number, "")),
        pages=_pages(left),
    )


def _says_publisher(type_: str, name: str) -> bool:
    return name == "publisher" or (name == "organization" and type_ == "inproceedings")


def _venue_title(name: str, left: dict[str, str]) -> str:
    title = left.pop(name)
    subtitle = left.get(name.removesuffix("title") + "subtitle", "") if "title" in name else ""
    if not subtitle:
        return title
    del left[name.removesuffix("title") + "subtitle"]
    return f"{title}: {subtitle}"


def _line(text: str) -> str:
    """Return a short field as one line of canonical text."""
    text = " ".join(text.split())
    decoded = decode_short(text) if len(text) < 300 else decode_bibliography(text)
    return decoded.replace("\u00a0", " ")


_DASHES = re.compile(r"\s*(?:--?-?|[‐‑–—−]|\{-\}\{-\}|\\textendash(?:\{\})?)\s*")


def _pages(left: dict[str, str]) -> str:
    """Take the pages, ranges written with a hyphen as all other sources write them."""
    raw = " ".join(left.pop("pages", "").split())
    if raw.isdecimal() or not raw:
        return raw
    pages = _line(_DASHES.sub("-", raw))
    # Where numbers have hyphens of their own, the range keeps its dash: S1-12–S1-15.
    if pages.count("-") > 1 and pages.count("-") != raw.count("-") and "," not in pages:
        return _line(raw)
    return pages


def _date(left: dict[str, str]) -> bibtex_dates.Day:
    """Take the date; what says more than a day stays as well."""
    if "date" in left:
        day = bibtex_dates.edtf(left["date"])
        if day.is_all:
            del left["date"]
        if day.year is not None:
            return day
    if "year" not in left:
        return bibtex_dates.Day()
    parts = (_line(left["year"]), _line(left.get("month", "")), left.get("day", ""))
    day = bibtex_dates.year_and_month(*parts)
    if day.year is None and (other := bibtex_dates.edtf(parts[0])).year is not None:
        return other
    if day.is_all:
        for name in ("year", "month", "day"):
            left.pop(name, None)
    return day


def _authors(left: dict[str, str]) -> tuple[Author, ...]:
    """Take the authors. The numbers by which DBLP parts namesakes are no part of a name.

    What says more than the names (``cjk=华林甫``, ``title=Mrs``) stays as well.
    """
    value = left.get("author", "")
    mended = _NAMESAKE.sub("", value)
    authors = names(mended)
    if authors and mended == value and not _MORE_OF_A_NAME.search(value):
        del left["author"]
    return authors


_NAMESAKE = re.compile(r"(?<=[\w}]) 0[0-9]{3}(?=\s|$)")
_MORE_OF_A_NAME = re.compile(r"(?:^|,|\band)\s*(?!family|given|prefix|suffix)[a-z]{1,20}\s*=")
_KEYWORDS = ("keywords", "keyword", "mendeley-tags", "mendeley-groups", "groups", "tags")
_SEPARATORS = re.compile(r"[,;\n]")


def _tags(left: dict[str, str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in _KEYWORDS:
        for word in _between(left.pop(name)) if name in left else ():
            tag = " ".join(decode_bibliography(word).split())
            if tag:
                found[tag] = None
    return tuple(found)


def _between(text: str) -> Iterator[str]:
    """Yield what commas, semicolons and line ends part; braces keep together."""
    depth = start = 0
    escaped = False
    if "{" not in text:
        yield from _SEPARATORS.split(text.replace("\\;", ";"))
        return
    for place, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif depth <= 0 and character in ",;":
            yield text[start:place]
            start = place + 1
    yield text[start:]


_NOTES = ("annote", "annotation", "comment", "comments", "review", "notes")


def _notes(left: dict[str, str]) -> Iterator[NoteText]:
    """Take what the owner wrote. ``note`` is none of these: styles print it."""
    names = [n for n in left if n in _NOTES or n.startswith(("comment-", "annote-"))]
    for name in names:
        body = _note_lines(decode_bibliography(left.pop(name)))
        if body:
            yield NoteText(body)


_INDENT = re.compile(r"\n[ \t]+")
_BLANK_LINES = re.compile(r"[ \t]*\n\s*\n[ \t]*")


def _note_lines(text: str) -> str:
    """Return a note whose lines lost what only indents them in the file."""
    indents = [found[0][1:] for found in _INDENT.finditer(text)]
    if indents and text.count("\n") == len(indents):
        common = min(indents, key=len)
        text = text.replace("\n" + common, "\n")
    return _BLANK_LINES.sub("\n\n", text).strip()


_ADDED = ("date-added", "creationdate", "dateadded", "timestamp")


def _added(left: dict[str, str]) -> str:
    """Take when the entry came into its owner's library. DBLP's ``timestamp`` is its own."""
    is_dblp = "dblp" in left.get("bibsource", "").lower() or "biburl" in left
    for name in _ADDED:
        if name in left and not (name == "timestamp" and is_dblp):
            instant = bibtex_dates.added(left[name])
            if instant:
                del left[name]
                return instant
    return ""


def _attachments(left: dict[str, str]) -> Iterator[Attachment]:
    """Yield the files that the fields name, each once. Fields that say more of one stay."""
    seen: set[str] = set()
    for name in [name for name in left if _FILES.fullmatch(name)]:
        value = left[name]
        if name.startswith("bdsk"):
            found = bibtex_files.bibdesk_file(value)
        elif name in ("file", "files"):
            found = bibtex_files.files_in(value)
        else:
            found = bibtex_files.file_at(verbatim(value))
        if found:
            del left[name]
        for attachment in found:
            if attachment.path not in seen:
                seen.add(attachment.path)
                yield attachment


_FILES = re.compile(r"files?|local-?url|local-?file|localfile|pdf|bdsk-file-[0-9]{1,3}")
