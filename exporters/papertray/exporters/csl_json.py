"""CSL-JSON: what Zotero, pandoc, Quarto and every citation processor read without loss.

An array with one item a line, so that a paper changes one line of the file. The variables are those
of the schema in https://github.com/citation-style-language/schema (``csl-data.json``), what they
mean is in https://docs.citationstyles.org/en/stable/specification.html. Formulas stay as
``$math$``, which is also how pandoc writes them into CSL-JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from papertray.core.model import Author, Entry, Json, Note, Work
from papertray.core.segments import many_lines, one_line
from papertray.exporters.cited_work import address_of, kind_of, venue_names
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.private import visible_notes


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield an array of items, one a line.

    Tags become ``keyword``; notes, which many programs show, ``note``, and only if asked for.
    """
    before = "[\n"
    for entry in entries:
        # Its texts hold no more of what could steer a terminal or end a line.
        yield before + json.dumps(item(entry, options), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def item(entry: Entry, options: ExportOptions) -> dict[str, Json]:
    """Return one paper as an item of CSL-JSON; what is not known is left out."""
    work = entry.work
    type_ = _TYPES[kind_of(work)]
    found: dict[str, Json] = {
        "id": entry.citekey,
        "citation-key": entry.citekey,
        "type": type_,
        "title": _text(work.title),
        "author": [name for author in work.authors if (name := _name(author))],
        "issued": _date(work),
        **_venue(work, type_),
        "DOI": one_line(work.doi),
        "URL": address_of(work),
        **_arxiv(work, type_),
        "abstract": _abstract(work.abstract) if options.abstracts else "",
        "keyword": _keywords(entry.tags) if entry.tags else "",
    }
    if options.notes and entry.notes:
        found["note"] = _note(entry.notes, private=options.private)
    if type_ == "report" and work.venue.number:
        found["number"] = _text(work.venue.number)  # its own, not that of arXiv
    return {name: value for name, value in found.items() if value}


def _text(text: str) -> str:
    """Return a line of text; processors would take the apostrophe of ``CHI '03`` for a quote."""
    text = one_line(text)
    return _marked_up(_OMISSION.sub("’", text) if "'" in text else text)


def _abstract(text: str) -> str:
    """Return an abstract with blank lines between its paragraphs: others are only wrapped lines."""
    return _marked_up(_LINE_ENDS.sub("\n\n", many_lines(text).strip()))


def _marked_up(text: str) -> str:
    """Return `text` so that a processor finds no markup in it.

    CSL knows a handful of tags and has no way to escape one. A tag whose ``<`` stands in a
    ``nocase`` span of its own is none, to pandoc and citeproc-js alike; ``<SEG>`` never was.
    """
    if "<" not in text:
        return text
    return _TAG.sub('<span class="nocase"><</span>', text)


_OMISSION = re.compile(r"(?<![^\W_])'(?=[0-9]{2}(?![0-9]))")
_LINE_ENDS = re.compile(r"\n\s*")
_TAG = re.compile(r"<(?=/?(?:i|b|u|sc|su[bp]|span|div)\b)", re.IGNORECASE)


def _name(author: Author) -> dict[str, Json]:
    if author.stands_for_others:
        return {"literal": "others"}  # so does pandoc, and makes it "et al." again
    if author.literal:
        return {"literal": one_line(author.literal)}
    parts = {
        "family": one_line(author.family),
        "given": one_line(author.given),
        "non-dropping-particle": one_line(author.particle),
        "suffix": one_line(author.suffix),
    }
    if not parts["family"]:
        return {"literal": name} if (name := one_line(author.display)) else {}
    return {name: value for name, value in parts.items() if value}


def _date(work: Work) -> Json:
    if not work.year:
        return None
    parts: list[Json] = [work.year]
    if work.month and 1 <= work.month <= 12:
        parts += [work.month, work.day] if work.day else [work.month]
    return {"date-parts": [parts]}


def _venue(work: Work, type_: str) -> dict[str, Json]:
    venue = work.venue
    if not venue:
        return {}
    name, short = map(_text, venue_names(work))
    number = _text(venue.number)
    found: dict[str, Json] = {
        "volume": _text(venue.volume),
        "page": one_line(venue.pages).replace("--", "–"),
        "publisher": _text(venue.publisher),
    }
    if type_ in ("thesis", "report"):
        return {**found, "publisher": name or found["publisher"]}
    if type_ == "book":
        return {**found, "collection-title": name, "collection-number": number}
    found["container-title"] = name
    found["container-title-short"] = short
    found["issue"] = number
    return found


def _arxiv(work: Work, type_: str) -> dict[str, Json]:
    """Return where arXiv has it: a preprint is called by that number, all else lies there too.

    Styles print the number of an article as that of an article within its journal.
    """
    if not work.arxiv_id:
        return {}
    number = one_line(work.arxiv_id)
    if type_ == "article":
        return {"number": f"arXiv:{number}", "publisher": "arXiv"}
    return {"archive": "arXiv", "archive_location": number}


def _keywords(tags: Iterable[str]) -> str:
    """Commas and semicolons separate keywords, so none may be inside of one."""
    spelled = {one_line(tag.replace(",", " ").replace(";", " ")) for tag in tags}
    return ", ".join(sorted(filter(None, spelled)))


def _note(notes: Iterable[Note], *, private: bool) -> str:
    shown = (
        "\n\n".join(filter(None, (one_line(title), body.strip("\n"))))
        for title, body in visible_notes(notes, private=private)
    )
    return _VARIABLE.sub(r"- \g<0>", "\n\n".join(shown).replace("{:", "{ :"))


# Processors and Zotero take such lines of a note for variables that are missing: `DOI: 10.1/x`.
_VARIABLE = re.compile(r"^[ \t]*[A-Za-z][\w .-]{0,40}:", re.MULTILINE)

_TYPES = {
    "preprint": "article",
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "book": "book",
    "chapter": "chapter",
    "thesis": "thesis",
    "report": "report",
    "dataset": "dataset",
    "software": "software",
    "misc": "document",
}
