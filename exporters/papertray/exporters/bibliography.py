"""Bibliographies: what BibTeX and BibLaTeX have in common. One entry a paper, one field a line.

Nothing in the file changes unless a paper does: no date, no version, no aligned columns. Leaving
one paper out touches no line of another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from papertray.core.model import Entry, Note, Work
from papertray.core.segments import one_line
from papertray.exporters import latex
from papertray.exporters.cited_work import arxiv_address, doi_address
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.latex_spelling import Spelling
from papertray.exporters.private import visible_notes

Field: TypeAlias = tuple[str, str]
"""A field's name and its LaTeX without the braces around it; one without LaTeX is not written."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two dialects say differently.

    `describe` returns the type of an entry and its fields from the title to the address;
    `annotation` is what the field with the notes is called, which no style prints unasked.
    """

    spelling: Spelling
    describe: Callable[[Entry], tuple[str, Iterable[Field]]]
    annotation: str


def write(entries: Iterable[Entry], options: ExportOptions, dialect: Dialect) -> Iterator[str]:
    """Yield the text of a .bib file, entry by entry, with a blank line between."""
    separator = ""
    for entry in entries:
        yield separator + _entry(entry, options, dialect)
        separator = "\n"


def _entry(entry: Entry, options: ExportOptions, dialect: Dialect) -> str:
    spelling = dialect.spelling
    type_, described = dialect.describe(entry)
    fields = list(described)
    if options.abstracts:
        fields.append(("abstract", latex.escape(entry.work.abstract, spelling)))
    if entry.tags:
        fields.append(("keywords", _keywords(entry.tags, spelling)))
    if options.notes and entry.notes:
        notes = _annotation(entry.notes, spelling, private=options.private)
        fields.append((dialect.annotation, notes))
    lines = [
        # A month is a macro of the style, which spells it in its language.
        f"  {name} = {value},\n" if name == "month" else f"  {name} = {{{value}}},\n"
        for name, value in fields
        if value
    ]
    return f"@{type_}{{{entry.citekey},\n{''.join(lines)}}}\n"


def pages(text: str, spelling: Spelling) -> str:
    """Return page numbers with ``--`` in their ranges, as both dialects want them.

    Where numbers have hyphens of their own (``S1-12–S1-15``), only the dash is that of a range.
    """
    text = one_line(text)
    if not any(character.isalnum() for character in text):
        return ""
    parts = _DASH.split(text)
    if len(parts) == 1:
        parts = _HYPHEN.split(text)
        if len(parts) == 4 and "," not in text:
            parts = [f"{parts[0]}-{parts[1]}", f"{parts[2]}-{parts[3]}"]
    return "--".join(latex.escape(part, spelling) for part in parts)


def eprint(work: Work) -> tuple[str, str]:
    """Return the arXiv identifier and class of `work` as far as they can stand in a field.

    Identifiers before 2007 name their archive themselves and have no class.
    """
    identifier = _NOT_IN_IDENTIFIER.sub("", work.arxiv_id)
    class_ = "" if "/" in identifier else _NOT_IN_IDENTIFIER.sub("", work.primary_class)
    return identifier, class_ if identifier else ""


def address(work: Work) -> str:
    """Return the address of `work`, if need be the one it has on arXiv, or as a DOI that the field
    for it cannot hold."""
    if work.url:
        return latex.url(work.url)
    if work.arxiv_id:
        return latex.url(arxiv_address(work))
    if work.doi and not latex.doi(work.doi):
        return latex.url(doi_address(work))
    return ""


def _keywords(tags: tuple[str, ...], spelling: Spelling) -> str:
    """Commas and semicolons separate keywords, so none may be inside of one."""
    spelled = {latex.escape(tag.replace(",", " ").replace(";", " "), spelling) for tag in tags}
    return ", ".join(sorted(filter(None, spelled)))


def _annotation(notes: tuple[Note, ...], spelling: Spelling, *, private: bool) -> str:
    paragraphs: list[str] = []
    for title, body in visible_notes(notes, private=private):
        paragraphs.extend((title, *_PARAGRAPH_END.split(body)))
    return r" \par ".join(filter(None, (latex.escape(text, spelling) for text in paragraphs)))


_DASH = re.compile(r"(?<=\w)\s*(?:[‒–—−]|--)[-‐‑‒–—−]*\s*(?=\w)")
_HYPHEN = re.compile(r"(?<=\w)\s*[-‐‑]+\s*(?=\w)")
_NOT_IN_IDENTIFIER = re.compile(r"[^A-Za-z0-9./-]")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
