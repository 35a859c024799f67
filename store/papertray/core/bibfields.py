r"""The fields of one BibTeX entry, values with their ``@string`` macros expanded.

As tolerant as can be without guessing: a missing comma or key, comments between fields and
white space anywhere do no harm. Where braces do not match, a field ends where the next one begins
on a line of its own, and its lone braces are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from papertray.core.bibscan import Block, braced, closing

LONGEST_VALUE = 1_000_000
"""Characters of the longest value that macros are expanded to: they can double it each."""


class Field(NamedTuple):
    """A field: its `name` in lower case and its `value` without delimiters, TeX as it came."""

    name: str
    value: str


class Span(NamedTuple):
    """Where a field stands in the text of its block: from its name to behind its value."""

    start: int
    value: int
    end: int


class Fields(NamedTuple):
    """An entry: its `type` in lower case, its `key` as written, and its fields in their order.

    `is_cut` tells that the last field does not end before the file does.
    """

    type: str
    key: str
    fields: list[Field]
    is_cut: bool = False


def fields_of(block: Block, macros: Mapping[str, str]) -> Fields:
    """Return the fields of an entry, or the definitions of a ``@string``.

    `macros` maps names in lower case to their texts; an undefined one stands for its own name.
    """
    return placed_fields_of(block, macros)[0]


def placed_fields_of(block: Block, macros: Mapping[str, str]) -> tuple[Fields, list[Span]]:
    """Return the same with the place of each field; without any where fields had to be guessed."""
    text, end = block.text, _end(block)
    type_ = _TYPE.sub("", _COMMENT.sub("", text[1 : block.body - 1])).lower()
    key, position = "", block.body
    if block.kind == "entry" and not _NAME.match(text, position, end):
        found = _KEY.match(text, position, end)
        if found:
            key, position = " ".join((found[1] or found[2] or "").split()), found.end()
    reader = _FieldReader(text, end, macros)
    if not block.is_broken:
        position = reader.read(position)
    if position < end and reader.is_something(position):
        reader.rescue(position)
        reader.spans.clear()
    return Fields(type_, key, reader.fields, block.is_cut and reader.last_is_open), reader.spans


_SPACE = r"(?:[\s,;]++|%[^\n]*+(?:\n|\Z))*+"
_NAME = re.compile(rf"{_SPACE}([^\W\d_][\w:.+/*-]*+)\s*+=\s*+")
# The comma after it may be forgotten.
_KEY = re.compile(
    r"\s*+(?:([^\s,={}\"]{1,300}+)\s++(?=[^\W\d_][\w:.+-]{0,60}\s{0,20}=)|([^,={}]{0,300}+)(?:,|\Z))"
)
_BLANK = re.compile(rf"{_SPACE}\Z")
_TYPE = re.compile(r"[\s@{(]")
_COMMENT = re.compile(r"%[^\n]*\n")
_QUOTED = re.compile(rf'"(?:[^{{}}"]++|{braced(5)})*+"')
_BARE = re.compile(r"[^\s,#{}\"%()=]++")
# A field as nearly all are: one value and a comma.
_FIELD = re.compile(
    rf"{_NAME.pattern}(?:({braced()})|({_QUOTED.pattern})|({_BARE.pattern}))\s*+(?=,|\Z)"
)
_JOIN = re.compile(r"(?:\s++|%[^\n]*+\n)*+#(?:\s++|%[^\n]*+\n)*+")
_AFTER = re.compile(r"(?:\s++|%[^\n]*+(?:\n|\Z))*+")
# Where braces do not tell: on a new line, or behind what closes a value.
_BOUNDARY = re.compile(
    r"(?:,[ \t]{0,20}\n|\n|(?<=[}\"\d]),)\s{0,200}"
    r"([^\W\d_][\w:.+-]{0,60})\s{0,20}=\s{0,20}(?=[{\"]|\w{1,80}\s{0,20}(?:[,\n#}]|\Z))"
)
_BRACE = re.compile(r"\\?[{}]")


def _end(block: Block) -> int:
    """Return where the last field may end: before the closing brace, if there is one."""
    bare = len(block.text.rstrip())
    if block.is_cut or bare <= block.body:
        return bare
    return bare - 1 if block.text[bare - 1] in "})" else bare


class _FieldReader:
    def __init__(self, text: str, end: int, macros: Mapping[str, str]) -> None:
        self._text = text
        self._end = end
        self._macros = macros
        self.fields: list[Field] = []
        self.spans: list[Span] = []
        self.last_is_open = False

    def is_something(self, position: int) -> bool:
        """Tell whether more than white space, commas and comments is left."""
        return _BLANK.match(self._text, position, self._end) is None

    def read(self, position: int) -> int:
        """Read fields as long as they are as they should be; return where they are not."""
        text, end = self._text, self._end
        while True:
            while field := _FIELD.match(text, position, end):
                name, in_braces, in_quotes, bare = field.groups()
                value = self._macros.get(bare.lower(), bare) if bare else (in_braces or in_quotes)
                self.fields.append(Field(name.lower(), value if bare else value[1:-1]))
                group = field.lastindex or 0  # of the three kinds of value the one that it is
                self.spans.append(Span(field.start(1), field.start(group), field.end(group)))
                position = field.end()
            name = _NAME.match(text, position, end)
            if name is None:
                return position
            found = self._value(name.end())
            if found is None:
                return position
            value, after = found
            blank = _AFTER.match(text, after, end)
            following = blank.end() if blank else after
            # After a value comes a comma, the end, or (a comma forgotten) the next field.
            if following < end and text[following] != "," and not _NAME.match(text, following, end):
                return position
            self.fields.append(Field(name[1].lower(), value))
            self.spans.append(Span(name.start(1), name.end(), after))
            position = following

    def _value(self, position: int) -> tuple[str, int] | None:
        """Read one value, which ``#`` may join from parts: (value, its end), or None."""
        parts: list[str] = []
        while True:
            found = self._part(position)
            if found is None:
                return None
            part, position = found
            parts.append(part)
            join = _JOIN.match(self._text, position, self._end)
            if join is None:
                break
            position = join.end()
        return (parts[0] if len(parts) == 1 else "".join(parts)[:LONGEST_VALUE]), position

    def _part(self, position: int) -> tuple[str, int] | None:
        text, end = self._text, self._end
        first = text[position : position + 1] if position < end else ""
        if first == "{":
            after = closing(text, position, end)
            return None if after is None else (text[position + 1 : after - 1], after)
        if first == '"':
            quoted = _QUOTED.match(text, position, end)
            return (quoted[0][1:-1], quoted.end()) if quoted else None
        if first in ("", ",", "}"):  # a field without a value
            return "", position
        bare = _BARE.match(text, position, end)
        return (self._macros.get(bare[0].lower(), bare[0]), bare.end()) if bare else None

    def rescue(self, position: int) -> None:
        """Read fields whose braces do not match: each ends where the next begins."""
        text, end = self._text, self._end
        name = _NAME.match(text, position, end)
        while name is None:
            found = _BOUNDARY.search(text, position, end)
            if found is None:
                return
            name = found
        while True:
            following = _BOUNDARY.search(text, name.end(), end)
            raw = text[name.end() : following.start() if following else end].strip().rstrip(",")
            self.fields.append(Field(name[1].lower(), self._cleaned(raw.rstrip())))
            if following is None:
                self.last_is_open = raw[:1] in '{"' and raw[-1:] not in ("}", '"', ")")
                return
            name = following

    def _cleaned(self, raw: str) -> str:
        """Return a value without its delimiters and without braces that nothing matches."""
        if raw[:1] == "{":
            raw = raw[1:].removesuffix("}")
        elif raw[:1] == '"':
            raw = raw[1:].rstrip("}) \t\n").removesuffix('"')
        else:
            bare = raw.rstrip("}) \t\n")
            return self._macros.get(bare.lower(), bare)
        return _without_lone_braces(raw)


def _without_lone_braces(text: str) -> str:
    kept = list(text)
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if len(brace[0]) == 2:
            continue
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            opened.pop()
        else:
            kept[brace.start()] = ""
    for place in opened:
        kept[place] = ""
    return "".join(kept).strip()
