r"""A .bib file as its owner wrote it, to be changed in single places.

`read_file` says where entries and their fields stand in the text; `Edit`\ s replace pieces of it.
Whatever no edit touches stays as it is: order, spacing, quotes, comments, line ends, a byte order
mark, bytes that are no text. New pieces are written the way the file is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from papertray.core.bibfields import Span, placed_fields_of
from papertray.core.bibscan import Block, blocks, closing, is_closed, type_place


class Edit(NamedTuple):
    """The text from `start` to `end` is to be replaced."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class EntryText:
    """One entry of a file: its `type` in lower case and its `key` as written, its place in the
    text, and its fields by their names in lower case; of fields that come twice the first.

    `fields` holds the texts of values as they stand, with braces or quotes. `spans` says where,
    from the beginning of the text; it is empty where the entry is too broken to be changed.
    `values` are the same without delimiters and with macros expanded.
    """

    type: str
    key: str
    start: int
    end: int
    type_start: int
    type_end: int
    fields: Mapping[str, str]
    values: Mapping[str, str]
    spans: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written: its line ends, what its fields are indented by, whether a comma
    follows the last of them."""

    newline: str = "\n"
    indent: str = "  "
    trailing_comma: bool = True


@dataclass(frozen=True, slots=True)
class BibText:
    """A whole file. `never_closed` is the line of the first entry that nothing closes, 0 for none.

    `is_biblatex` tells that it is written for BibLaTeX rather than for BibTeX.
    """

    text: str
    entries: tuple[EntryText, ...] = ()
    style: Style = field(default_factory=Style)
    is_biblatex: bool = False
    never_closed: int = 0


def read_file(text: str) -> BibText:
    """Find the entries of a file, whatever ends its lines."""
    # Same length, so that places in the one are places in the other.
    scanned = text.replace("\r\n", " \n").replace("\r", "\n")
    if scanned.startswith("\ufeff"):
        scanned = " " + scanned[1:]
    macros: dict[str, str] = {}
    entries: list[EntryText] = []
    never_closed = place = 0
    is_jabref_biblatex = False
    for block in blocks([scanned]):
        if block.kind == "string":
            macros.update(placed_fields_of(block, macros)[0].fields)
        elif block.kind == "entry":
            entries.append(_entry(text, block, place, macros))
        elif block.kind == "comment":
            is_jabref_biblatex |= _JABREF_BIBLATEX.search(block.text) is not None
        if block.is_broken and not never_closed and not is_closed(block):
            never_closed = block.line
        place += len(block.text)
    found = tuple(entries)
    is_biblatex = is_jabref_biblatex or _is_biblatex(found)
    return BibText(text, found, _style(text, found), is_biblatex, never_closed)


_JABREF_BIBLATEX = re.compile(r"jabref-meta:\s*databaseType:\s*biblatex", re.IGNORECASE)


def _entry(text: str, block: Block, place: int, macros: Mapping[str, str]) -> EntryText:
    found, spans = placed_fields_of(block, macros)
    placed: dict[str, Span] = {}
    fields: dict[str, str] = {}
    values: dict[str, str] = {}
    for name, value in found.fields:
        values.setdefault(name, value)
    if not block.is_broken:
        for (name, _), span in zip(found.fields, spans, strict=False):
            if name not in placed:
                placed[name] = Span(*(place + offset for offset in span))
                fields[name] = text[placed[name].value : placed[name].end]
    type_start, type_end = type_place(block)
    return EntryText(
        type=found.type,
        key=found.key,
        start=place,
        end=place + len(block.text),
        type_start=place + type_start,
        type_end=place + type_end,
        fields=fields if placed else values,
        values=values,
        spans=placed,
    )


def changed(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with the edits made; none may overlap another."""
    pieces: list[str] = []
    place = 0
    for edit in sorted(edits):
        pieces += (text[place : edit.start], edit.text)
        place = edit.end
    pieces.append(text[place:])
    return "".join(pieces)


# ---------------------------------------------------------------- what values say


def bare(value: str) -> str:
    """Return what a value says, without its braces or quotes and on one line.

    Two values of which this is the same differ in how they are written only. What is joined from
    parts stays as it is.
    """
    text = value.strip()
    is_braced = text[:1] == "{" and closing(text, 0, len(text)) == len(text)
    if is_braced or (text[:1] == '"' and _QUOTED.fullmatch(text)):
        text = text[1:-1]
    return " ".join(text.split())


def delimited_like(value: str, old: str) -> str:
    """Return `value` in quotes, or bare, where `old` is written so and it may be."""
    inner = bare(value)
    if old[:1] == '"' and value[:1] == "{" and _QUOTED.fullmatch(f'"{inner}"'):
        return f'"{inner}"'
    return inner if old.isdecimal() and inner.isdecimal() else value


_QUOTED = re.compile(r'"(?:[^{}"]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*"')

# ---------------------------------------------------------------- edits of one entry


def replace_type(entry: EntryText, type_: str) -> Edit:
    """Give an entry another type, in capitals where the old one is."""
    return Edit(entry.type_start, entry.type_end, type_)


def replace_value(entry: EntryText, name: str, value: str) -> Edit:
    """Give a field another value, in the delimiters that it has."""
    span = entry.spans[name]
    return Edit(span.value, span.end, delimited_like(value, entry.fields[name]))


def remove_field(text: str, entry: EntryText, name: str) -> Edit:
    """Take a field out, with its comma, and with its line where nothing else stands there."""
    span = entry.spans[name]
    start, end = span.start, span.end
    if found := _COMMA.match(text, end, entry.end):
        end = found.end()
    line = _LINE_BEFORE.search(text, entry.start, start)
    rest = _REST_OF_LINE.match(text, end, entry.end)
    if line and rest:
        return Edit(line.start(), rest.end(), "")
    spaces = _BLANKS.match(text, end, entry.end)
    return Edit(start, spaces.end() if spaces else end, "")


def add_fields(text: str, entry: EntryText, fields: Iterable[tuple[str, str]]) -> Edit:
    """Write further fields behind the last one, laid out as that is. The entry must have spans."""
    last = max(entry.spans, key=lambda name: entry.spans[name].end)
    span = entry.spans[last]
    line = _LINE_BEFORE.search(text, entry.start, span.start)
    before = _newline_at(text, line.start()) + line[0] if line else " "
    written = f",{before}".join(
        f"{name}{_equals(text, entry, last, name)}{value}" for name, value in fields
    )
    comma = _COMMA.match(text, span.end, entry.end)
    behind = comma.end() if comma else span.end
    # What a remark on the same line says, it says of the field before it.
    remark = _REMARK.match(text, behind, entry.end) if line else None
    place = remark.end() if remark else behind
    if comma:
        return Edit(place, place, f"{before}{written},")
    return Edit(span.end, place, f",{text[span.end : place]}{before}{written}")


def _equals(text: str, entry: EntryText, last: str, name: str) -> str:
    """Return what stands between a new `name` and its value, aligned where the others are."""
    widths = {span.value - span.start for span in entry.spans.values()}
    span = entry.spans[last]
    between = text[span.start + len(last) : span.value]
    is_aligned = len(widths) == 1 and len({len(other) for other in entry.spans}) > 1
    if not is_aligned:
        return between
    sign = between.lstrip(" ")
    return sign.rjust(max(span.value - span.start - len(name), len(sign) + 1))


def _newline_at(text: str, line_start: int) -> str:
    """Return what ends the line before the one that begins at `line_start`."""
    if text.endswith("\r\n", 0, line_start):
        return "\r\n"
    return text[line_start - 1 : line_start]


_COMMA = re.compile(r"\s*,")
_LINE_BEFORE = re.compile(r"(?<=[\r\n])[ \t]*\Z")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\r|\n)")
_REMARK = re.compile(r"[ \t]*%[^\r\n]*")
_BLANKS = re.compile(r"[ \t]*")

# ---------------------------------------------------------------- new entries


def append_entries(file: BibText, entries: Iterable[str]) -> Edit:
    """Write new entries behind the last one of the file, each after a blank line.

    They are laid out as the file's are. What stands behind its last entry (JabRef's settings, the
    local variables of Emacs) stays behind them.
    """
    style, text = file.style, file.text
    place = max((entry.end for entry in file.entries), default=len(text))
    if found := _REST_OF_ENTRY.match(text, place):
        place = found.end()
    written = [restyled(entry, style) for entry in entries]
    blank = style.newline * 2
    if file.entries:
        return Edit(place, place, "".join(blank + entry for entry in written))
    if not text.strip("\ufeff \t\r\n"):
        return Edit(len(text), len(text), blank.join(written) + style.newline)
    missing = "" if text.endswith(("\r", "\n")) else style.newline
    return Edit(len(text), len(text), missing + style.newline + blank.join(written) + style.newline)


_REST_OF_ENTRY = re.compile(r"[ \t,;]*(?:%[^\r\n]*)?")


def restyled(entry: str, style: Style) -> str:
    """Return an entry as exporters write it (a field a line, two spaces, a comma behind each) in
    another style."""
    first, *fields, last = entry.strip("\n").split("\n")
    lines = [style.indent + line.removeprefix("  ") for line in fields]
    if lines and not style.trailing_comma:
        lines[-1] = lines[-1].removesuffix(",")
    return style.newline.join([first, *lines, last])


def _style(text: str, entries: Iterable[EntryText]) -> Style:
    """Return how most entries of a file are written."""
    indents: Counter[str] = Counter()
    commas: Counter[bool] = Counter()
    for entry in entries:
        if entry.spans:
            first = min(entry.spans.values(), key=lambda span: span.start)
            last = max(entry.spans.values(), key=lambda span: span.end)
            if line := _LINE_BEFORE.search(text, entry.start, first.start):
                indents[line[0]] += 1
                commas[_COMMA.match(text, last.end, entry.end) is not None] += 1
    usual = Style()
    ends = Counter(_NEWLINE.findall(text))
    return Style(
        newline=ends.most_common(1)[0][0] if ends else usual.newline,
        indent=indents.most_common(1)[0][0] if indents else usual.indent,
        trailing_comma=commas.most_common(1)[0][0] if commas else usual.trailing_comma,
    )


_NEWLINE = re.compile(r"\r\n|\r|\n")

# ---------------------------------------------------------------- BibTeX or BibLaTeX


def _is_biblatex(entries: Iterable[EntryText]) -> bool:
    """Tell which of the two a file is written for, by the words that only one of them has."""
    votes: Counter[str] = Counter()
    for entry in entries:
        votes.update({entry.type, *entry.values})
    biblatex = sum(votes[word] for word in _ONLY_BIBLATEX)
    return biblatex > 0 and biblatex >= sum(votes[word] for word in _ONLY_BIBTEX)


_ONLY_BIBLATEX = ("journaltitle", "date", "eprinttype", "eprintclass", "online", "report", "thesis")
_ONLY_BIBTEX = (
    "journal", "year", "archiveprefix", "primaryclass", "techreport", "phdthesis", "mastersthesis",
)  # fmt: skip
