"""EndNote's XML, which Bookends, Mendeley and Zotero write too: values in runs of ``style``.

The elements are those of EndNote's ``RSXML.dtd``.
"""

from __future__ import annotations

import html
import ntpath
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO
from urllib.parse import unquote

from papertray.core.model import Attachment, Record, Unread
from papertray.feeds.format_names import Names
from papertray.feeds.heads import has_element, root_element
from papertray.feeds.written_record import written_record
from papertray.feeds.xml_records import Element, elements, local_name, plain_text, unread

NAME = "endnote-xml"
DESCRIPTION = "XML of EndNote: records with their `ref-type`, `contributors` or `titles`"
TAKES = (
    "title, abstract, authors, date, type, venue, DOI, ISBN and ISSN, PubMed ids, links, paths of "
    "PDFs, labels as citation keys; keywords and notes with `--decisions`; the rest as it is"
)
LOSES = "italics and other looks of text, and EndNote's own numbers of records"
IS_LIBRARY = True
FEED = ""


def recognise(head: bytes, name: str) -> bool:
    """Tell EndNote's XML by its records and what is in them."""
    if root_element(head)[1] not in ("xml", "records") or not has_element(head, "record"):
        return False
    return any(has_element(head, part) for part in ("ref-type", "contributors", "source-app"))


_NAMES = Names(
    format="endnote-xml",
    title=("title",),
    abstract=("abstract",),
    authors=("authors",),
    type=("ref-type",),
    date=("year", "pub-dates"),
    journal=("secondary-title", "full-title"),
    short=("abbr-1", "alt-title"),
    publisher=("publisher",),
    volume=("volume",),
    number=("issue", "number"),
    pages=("pages",),
    doi=("electronic-resource-num", "related-urls"),
    url=("related-urls", "web-urls", "text-urls"),
    identifiers={"isbn": "serial", "pubmed": "pubmed", "custom2": "pmc"},
    keywords=("keyword",),
    notes=("notes", "research-notes"),
    citekey=("label",),
)
_SERIES_NAMES = replace(_NAMES, journal=("full-title",))
"""For books, whose second title is that of a series."""

_OF_SERIES = frozenset(["Book", "Edited Book", "Thesis", "Report", "Electronic Book"])


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each that has a title."""
    number = 0
    for element in elements(stream, ["record"]):
        if isinstance(element, Unread):
            yield element
            continue
        number += 1
        item = _item(element, f"record {number} (line {element.sourceline})")
        yield unread(element, item.reason) if isinstance(item, Unread) else item


def _item(element: Element, place: str) -> Record | Unread:
    pairs = list(_pairs(element))
    files = [value for name, value in pairs if name == "pdf-urls"]
    kind = next((value for name, value in pairs if name == "ref-type"), "")
    if _is_of_pubmed(pairs):
        pairs = [("pubmed" if name == "accession-num" else name, text) for name, text in pairs]
    names = _SERIES_NAMES if kind in _OF_SERIES else _NAMES
    item = written_record((pair for pair in pairs if pair[0] != "pdf-urls"), names, place)
    if isinstance(item, Unread) or not files:
        return item
    links = [file for file in files if file.lower().startswith(("http://", "https://"))]
    paths = [_path(file, element) for file in files if file not in links]
    return replace(
        item,
        work=replace(item.work, pdf_url=links[0] if links else item.work.pdf_url),
        attachments=(*item.attachments, *(Attachment(path, _media_type(path)) for path in paths)),
    )


_OWN_NUMBERS = frozenset(["rec-number", "foreign-keys", "source-app", "database"])
_GROUPS = frozenset(["titles", "periodical", "keywords"])
"""Elements that only group others, whose own names say enough."""


def _pairs(element: Element) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of all values. Those of a group are called by it: ``pdf-urls``."""
    for child in element:
        name = local_name(child)
        if name in _OWN_NUMBERS or not name:
            continue
        if name == "ref-type":
            yield name, child.get("name") or plain_text(child)
        elif name in _GROUPS:
            yield from ((local_name(part), _text(part)) for part in child)
        elif name in ("contributors", "dates", "urls"):
            for group in child:
                if any(local_name(part) != "style" for part in group):
                    yield from ((local_name(group), _text(part)) for part in group)
                else:
                    yield local_name(group), _text(group)
        else:
            yield name, _text(child)


_SCRIPTS = {"superscript": "sup", "subscript": "sub"}
_GREEK = str.maketrans(
    "abgdezhqiklmnxoprstufcywABGDEZHQIKLMNXOPRSTUFCYW",
    "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
)
"""What the letters of the font Symbol look like."""


def _text(element: Element) -> str:
    """Return a value of several runs; raised and lowered ones in the tags that `Texts` knows."""
    is_marked = any(_script(run) for run in element)
    pieces = [_run(element.text or "", "", is_marked)]
    for run in element:
        text = plain_text(run)
        text = text.translate(_GREEK) if run.get("font") == "Symbol" else text
        pieces.append(_run(text, _script(run), is_marked))
        pieces.append(_run(run.tail or "", "", is_marked))
    # A carriage return ends a line that was written; others only wrap the file.
    text = "".join(pieces).replace("\r\n", "\r").replace("\r", "\n\n")
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def _script(run: Element) -> str:
    return next((_SCRIPTS[face] for face in run.get("face", "").split() if face in _SCRIPTS), "")


def _run(text: str, tag: str, is_marked: bool) -> str:
    text = html.escape(text, quote=False) if is_marked else text
    return f"<{tag}>{text}</{tag}>" if tag and text.strip() else text


_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)


def _is_of_pubmed(pairs: list[tuple[str, str]]) -> bool:
    """Tell whether the accession number is PubMed's: other databases count in digits too."""
    return any(
        name in ("remote-database-name", "remote-database-provider", "related-urls")
        and _PUBMED.search(value)
        for name, value in pairs
    )


def _path(file: str, element: Element) -> str:
    """Return the path of a file: whole, or as the library's own folder has it.

    EndNote keeps files in ``My Library.Data/PDF`` beside ``My Library.enl``.
    """
    if file.lower().startswith("internal-pdf://"):
        inside = unquote(file[len("internal-pdf://") :]).lstrip("/")
        database = element.find("database")
        library = (database.get("path") or plain_text(database)) if database is not None else ""
        stem, ending = posixpath.splitext(library.strip())
        if ending.lower() != ".enl":
            return inside
        join = ntpath.join if "\\" in stem else posixpath.join
        return join(f"{stem}.Data", "PDF", *inside.split("/"))
    if file.lower().startswith("file:"):
        path = unquote(re.sub(r"(?i)^file:(?://localhost)?/*", "/", file))
        return path[1:] if re.match(r"/[A-Za-z]:", path) else path
    return file


def _media_type(path: str) -> str:
    return "application/pdf" if path.lower().endswith(".pdf") else ""
