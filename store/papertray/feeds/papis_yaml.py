"""The part of YAML that Papis writes into ``info.yaml``, read without a library for all of YAML.

Papis writes block mappings and lists, plain and quoted texts that go over several lines, literal
and folded blocks, ``[]`` and ``{}`` in one line or several, anchors and aliases. Tags, several
documents, complex keys and merge keys are refused with their line, never guessed. Numbers and dates
stay texts: that is what they are in a bibliography. https://yaml.org/spec/1.1/ (sections 7 to 10)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from papertray.core.model import Json

DEEPEST = 30
"""Levels of lists and mappings; no info.yaml has more than four."""

MOST_VALUES = 200_000
"""Values of one file, those that aliases name counted each time."""


class NotYaml(ValueError):
    """A line that is none of the YAML that is read here. `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line


def read_yaml(text: str) -> Json:
    """Return what `text` holds: mappings, lists, texts, True, False and None.

    Raises NotYaml.
    """
    reader = _Reader(text)
    value = reader.block(0, 0)
    reader.expect_end()
    return value


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    indent: int
    text: str


_QUOTED_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?:\s+|$)""")
_COLON = re.compile(r":(?:\s+|$)")
_ANCHOR = re.compile(r"&([\w-]+)(?:\s+|$)")
_ALIAS = re.compile(r"\*([\w-]+)\s*")
_BLOCK = re.compile(r"([|>])([+-]?)([1-9]?)([+-]?)\s*(?:#.*)?")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))
_REFUSED = {
    "!": "tags are not read",
    "%": "directives are not read",
    "?": "complex keys are not read",
    "@": "this is no YAML",
    "`": "this is no YAML",
}
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)


class _Reader:
    """Goes through the lines. `_rest` is what of the present line is still to be read."""

    def __init__(self, text: str) -> None:
        self._lines = text.removeprefix("\ufeff").splitlines()
        self._at = 0
        self._anchors: dict[str, tuple[Json, int]] = {}
        self._values = 0
        if self._lines and self._lines[0].rstrip() == "---":
            self._at = 1

    # --- lines

    def _peek(self) -> _Line | None:
        """Return the next line that says anything, without taking it."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            text = line.lstrip(" ")
            if text.strip() and not text.startswith("#"):
                if text.startswith("\t"):
                    raise NotYaml(self._at + 1, "it is indented by a tab")
                return _Line(self._at + 1, len(line) - len(text), text.rstrip())
            self._at += 1
        return None

    def expect_end(self) -> None:
        line = self._peek()
        if line is not None and line.text not in ("...", "---"):
            raise NotYaml(line.number, "it belongs to nothing above")
        self._at += 1
        if line is not None and (more := self._peek()) is not None:
            raise NotYaml(more.number, "a second document begins")

    # --- blocks

    def block(self, indent: int, depth: int) -> Json:
        """Read a mapping, a list or a text that stands at `indent` or further in."""
        line = self._peek()
        if line is None or line.indent < indent:
            return None
        if depth > DEEPEST:
            raise NotYaml(line.number, f"it is nested more than {DEEPEST} deep")
        if _is_item(line.text):
            return self._list(line.indent, depth)
        if _split_key(line.text):
            return self._mapping(line.indent, depth)
        self._at += 1
        return self._value(line.text, line.number, indent - 1, depth)

    def _list(self, indent: int, depth: int) -> Json:
        items: list[Json] = []
        while (line := self._peek()) is not None and line.indent == indent:
            if not _is_item(line.text):
                break
            rest = line.text[1:].lstrip()
            inner = indent + len(line.text) - len(rest)
            if _is_item(rest) or _split_key(rest):
                # The rest of the line is a line of its own, further in.
                self._lines[self._at] = " " * inner + rest
                items.append(self._counted(self.block(inner, depth + 1)))
                continue
            self._at += 1
            items.append(self._value(rest, line.number, indent, depth))
        return items

    def _mapping(self, indent: int, depth: int) -> Json:
        found: dict[str, Json] = {}
        while (line := self._peek()) is not None and line.indent == indent:
            split = _split_key(line.text)
            if split is None:
                break
            key, rest = split
            if key == "<<":
                raise NotYaml(line.number, "merge keys are not read")
            self._at += 1
            found[_key(key)] = self._value(rest, line.number, indent, depth, is_behind_key=True)
        return found

    def _counted(self, value: Json) -> Json:
        self._values += 1
        if self._values > MOST_VALUES:
            raise NotYaml(self._at, f"it holds more than {MOST_VALUES} values")
        return value

    def _value(
        self, text: str, number: int, indent: int, depth: int, *, is_behind_key: bool = False
    ) -> Json:
        """Read what stands behind a key or a dash, and in the lines further in than `indent`."""
        if anchor := _ANCHOR.match(text):
            before = self._values
            value = self._value(
                text[anchor.end() :], number, indent, depth, is_behind_key=is_behind_key
            )
            self._anchors[anchor[1]] = value, self._values - before
            return value
        if alias := _ALIAS.fullmatch(text):
            if alias[1] not in self._anchors:
                raise NotYaml(number, f"nothing is called {alias[1]}")
            value, size = self._anchors[alias[1]]
            self._values += size
            return self._counted(value)
        stripped = "" if text.startswith("#") else text
        if not stripped:
            return self._counted(self._nested(indent, depth, is_behind_key=is_behind_key))
        if block := _BLOCK.fullmatch(stripped):
            return self._counted(self._literal(block, indent))
        first = stripped[0]
        if first in _REFUSED:
            raise NotYaml(number, _REFUSED[first])
        if first in "[{":
            return self._flow(stripped, number, depth)
        if first in "\"'":
            return self._counted(self._quoted(stripped, number))
        return self._counted(_plain(self._continued(stripped, indent)))

    def _nested(self, indent: int, depth: int, *, is_behind_key: bool) -> Json:
        """Read what stands below a key or a dash; a list may stand right below its key."""
        line = self._peek()
        if line is not None and line.indent == indent and is_behind_key and _is_item(line.text):
            return self.block(indent, depth + 1)
        return self.block(indent + 1, depth + 1)

    def _continued(self, text: str, indent: int) -> str:
        """Return a plain text with the lines that belong to it: those further in."""
        parts = [_without_comment(text)]
        blank = 0
        while self._at < len(self._lines):
            line = self._lines[self._at]
            bare = line.strip()
            if not bare:
                blank += 1
            elif len(line) - len(line.lstrip(" ")) <= indent or bare.startswith("#"):
                break
            else:
                parts.append(("\n" * blank or " ") + _without_comment(bare))
                blank = 0
            self._at += 1
        return "".join(parts)

    def _quoted(self, text: str, number: int) -> str:
        """Return a quoted text, which may go on over lines, with blanks folded."""
        inside = _IN_DOUBLE if text[0] == '"' else _IN_SINGLE
        pieces = [text]
        end = inside.match(text, 1).end()  # type: ignore[union-attr]  # matches nothing, too
        while pieces[-1][end : end + 1] != text[0]:
            if self._at >= len(self._lines):
                raise NotYaml(number, "a quote has no end")
            pieces[-1] = pieces[-1].rstrip(" \t")
            pieces.append(self._lines[self._at].strip(" \t"))
            end = inside.match(pieces[-1]).end()  # type: ignore[union-attr]
            self._at += 1
        if _without_comment(pieces[-1][end + 1 :]).strip():
            raise NotYaml(self._at, "something follows the closing quote")
        pieces[-1] = pieces[-1][: end + 1]
        return _unquoted("\n".join(pieces))

    def _literal(self, block: re.Match[str], indent: int) -> str:
        """Return a literal (``|``) or folded (``>``) text: the lines further in."""
        lines: list[str] = []
        inner = indent + int(block[3]) if block[3] else 0
        while self._at < len(self._lines):
            line = self._lines[self._at]
            depth = len(line) - len(line.lstrip(" "))
            if line.strip() and not inner:
                inner = depth
            if line.strip() and (depth < inner or depth <= indent):
                break
            lines.append(line[inner:] if line.strip() else "")
            self._at += 1
        text = "\n".join(lines).rstrip("\n")
        if block[1] == ">":
            text = _folded(text)
        return text if "-" in (block[2], block[4]) or not text else f"{text}\n"

    # --- lists and mappings in brackets

    def _flow(self, text: str, number: int, depth: int) -> Json:
        pieces = [text]
        still_open = _opened(text)
        while still_open > 0:
            if self._at >= len(self._lines):
                raise NotYaml(number, "a bracket has no end")
            pieces.append(self._lines[self._at].strip())
            still_open += _opened(pieces[-1])
            self._at += 1
        text = " ".join(pieces)
        value, end = self._flow_value(text, 0, number, depth)
        if _without_comment(text[end:]).strip():
            raise NotYaml(number, "something follows the closing bracket")
        return value

    def _flow_value(self, text: str, at: int, number: int, depth: int) -> tuple[Json, int]:
        if depth > DEEPEST:
            raise NotYaml(number, f"it is nested more than {DEEPEST} deep")
        first = text[at : at + 1]
        if first == "[":
            return self._flow_list(text, at + 1, number, depth)
        if first == "{":
            return self._flow_mapping(text, at + 1, number, depth)
        quoted = (_DOUBLE if first == '"' else _SINGLE).match(text, at) if first in "\"'" else None
        if first and quoted:
            return self._counted(_unquoted(quoted[0])), quoted.end()
        plain = _FLOW_PLAIN.match(text, at)
        if plain is None or first in _REFUSED or first in "&*":
            raise NotYaml(number, "this is not read inside brackets")
        return self._counted(_plain(plain[0].strip())), plain.end()

    def _flow_list(self, text: str, at: int, number: int, depth: int) -> tuple[Json, int]:
        items: list[Json] = []
        while True:
            at = _skip(text, at)
            if text[at : at + 1] == "]":
                return self._counted(items), at + 1
            value, at = self._flow_value(text, at, number, depth + 1)
            items.append(value)
            at = _comma(text, at, "]", number)

    def _flow_mapping(self, text: str, at: int, number: int, depth: int) -> tuple[Json, int]:
        found: dict[str, Json] = {}
        while True:
            at = _skip(text, at)
            if text[at : at + 1] == "}":
                return self._counted(found), at + 1
            key = _FLOW_KEY.match(text, at)
            if key is None:
                raise NotYaml(number, "a key is missing inside brackets")
            at = _skip(text, key.end())
            value: Json = None
            if text[at : at + 1] not in (",", "}"):
                value, at = self._flow_value(text, at, number, depth + 1)
            found[_key(key[1])] = value
            at = _comma(text, at, "}", number)


_DOUBLE = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SINGLE = re.compile(r"'(?:[^']|'')*'")
_IN_DOUBLE = re.compile(r'(?:[^"\\]|\\.)*')
_IN_SINGLE = re.compile(r"(?:[^']|'')*")
_FLOW_PLAIN = re.compile(r"[^\s,\[\]{}](?:[^,\[\]{}:]|:(?=[^\s,\[\]{}]))*")
_FLOW_KEY = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,\[\]{}"'](?:[^,\[\]{}:]|:(?=\S))*?)\s*:(?=[\s,}]|$)"""
)


def _without_comment(text: str) -> str:
    return _COMMENT.sub("", text).rstrip()


def _is_item(text: str) -> bool:
    return text == "-" or text.startswith("- ")


def _split_key(text: str) -> tuple[str, str] | None:
    """Return the key that begins a line, as it is written, and what follows; None without one."""
    quoted = _QUOTED_KEY.match(text)
    if quoted:
        return quoted[1], text[quoted.end() :]
    colon = _COLON.search(text)
    if colon is None or not colon.start() or text[0] in "[]{},\"'#&*!|>%@`" or _is_item(text):
        return None
    key = text[: colon.start()].rstrip()
    if " #" in key or key.startswith("? "):
        return None
    return key, text[colon.end() :]


def _key(text: str) -> str:
    """Return a key without its quotes."""
    if text.startswith('"'):
        return _unescaped(text[1:-1])
    return text[1:-1].replace("''", "'") if text.startswith("'") else text.strip()


def _skip(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _comma(text: str, at: int, closing: str, number: int) -> int:
    at = _skip(text, at)
    if text[at : at + 1] == ",":
        return at + 1
    if text[at : at + 1] != closing:
        raise NotYaml(number, f"a comma or {closing} is missing")
    return at


def _opened(line: str) -> int:
    """Return how many brackets a line opens and does not close, quotes left aside."""
    bare = _SINGLE.sub("", _DOUBLE.sub("", line))
    return sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))


def _plain(text: str) -> Json:
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return text


def _unquoted(text: str) -> str:
    inner = text[1:-1]
    if text[0] == "'":
        return _folded_lines(inner.replace("''", "'"))
    return _unescaped(_folded_lines(re.sub(r"\\\n", "", inner)))


def _folded_lines(text: str) -> str:
    """Fold the lines of a quoted text: one break is a blank, more are one break fewer."""
    return re.sub(r"\n+", lambda found: "\n" * (len(found[0]) - 1) or " ", text)


def _folded(text: str) -> str:
    """Fold a block, where lines that are further in keep their breaks."""
    return re.sub(r"(?<=\S)(\n+)(?=[^\s])", lambda found: "\n" * (len(found[1]) - 1) or " ", text)


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        escape = found[1]
        if escape[0] in "xuU" and len(escape) > 1:
            code = int(escape[1:], 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return _ESCAPES.get(escape, escape)

    return _ESCAPE.sub(character, text)
