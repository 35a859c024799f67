"""Where keys stand, for every text that tomllib reads."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.toml_lines import Path, key_lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", {}),
        ("a = 1\n\nb.c = 2 # d = 3\n", {("a",): 1, ("b",): 3, ("b", "c"): 3}),
        ('"a.b" = 1\n\'c"\' = 2', {("a.b",): 1, ('c"',): 2}),
        ("[a]\nx = 1.5\n[a.b]\ny = 07:32:00\n",
         {("a",): 1, ("a", "x"): 2, ("a", "b"): 3, ("a", "b", "y"): 4}),
        ('a = """\n[b]\nc = 1 \\"""\n"""""\nd = 2', {("a",): 1, ("d",): 5}),
        ('a = """x""""\nb = "y"\nd = 2', {("a",): 1, ("b",): 2, ("d",): 3}),
        ("a = '''x''''\nb = 'y'\nd = 2", {("a",): 1, ("b",): 2, ("d",): 3}),
        ("a = '''\n[b]\n'''''\nd = 2", {("a",): 1, ("d",): 4}),
        ("a = [\n  1, # b = 2\n  [2,\n 3],\n]\nb = {c = 1, d.e = [2]}",
         {("a",): 1, ("a", 0): 2, ("a", 1): 3, ("a", 1, 0): 3, ("a", 1, 1): 4,
          ("b",): 6, ("b", "c"): 6, ("b", "d"): 6, ("b", "d", "e"): 6, ("b", "d", "e", 0): 6}),
        ("[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\nx = 3\n",
         {("a",): 1, ("a", 0): 1, ("a", 0, "x"): 2, ("a", 0, "b"): 3, ("a", 0, "b", "y"): 4,
          ("a", 1): 5, ("a", 1, "x"): 6}),
        ("[ a . b ]\r\nx = 1979-05-27 07:32:00\r\n",
         {("a",): 1, ("a", "b"): 1, ("a", "b", "x"): 2}),
    ],
)  # fmt: skip
def test_lines_of_keys(text: str, lines: dict[Path, int]) -> None:
    tomllib.loads(text)
    assert key_lines(text) == lines


NAMES = st.one_of(
    st.text("ab-1", min_size=1, max_size=3), st.text("a.[]={}\"'\\# \n\té", max_size=4)
)
STRINGS = st.text("a[]={}\"'\\# \n.", max_size=8)
SCALARS = st.one_of(st.integers(-9, 9), st.floats(-9, 9), st.booleans(), STRINGS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=4)


class Writer:
    """Writes a document in ways that `draw` chooses, and remembers where its keys went."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw
        self.text = ""
        self.lines: dict[Path, int] = {}

    def table(self, path: Path, table: dict[str, object]) -> None:
        """Write a table: its plain keys first, then those that get a header."""
        with_header = {
            name for name, value in table.items()
            if isinstance(value, dict) and self._draw(st.booleans())
        }  # fmt: skip
        for name in sorted(table.keys() - with_header):
            self._noise()
            self._pair((*path, name), table[name])
            self.text += self._one_of("\n", " # x = [\n", "\n\n")
        for name in sorted(with_header):
            inner = (*path, name)
            self._noise()
            self._mark(inner)
            self.text += f"[{'.'.join(map(self._name, inner))}]\n"
            value = table[name]
            assert isinstance(value, dict)
            self.table(inner, value)

    def _pair(self, path: Path, value: object) -> None:
        self._mark(path)
        self.text += f"{self._name(path[-1])}{self._one_of('=', ' = ')}"
        self._value(path, value)

    def _value(self, path: Path, value: object) -> None:
        if isinstance(value, dict):
            self.text += "{"
            for number, name in enumerate(value):
                self.text += ", " if number else " "
                self._pair((*path, name), value[name])
            self.text += "}"
        elif isinstance(value, list):
            self.text += "["
            for number, item in enumerate(value):
                self.text += self._one_of(" ", "\n", " # y = 1\n")
                self._mark((*path, number))
                self._value((*path, number), item)
                self.text += self._one_of(",", "\n,")
            self.text += "]"
        elif isinstance(value, str):
            self.text += self._string(value)
        else:
            self.text += str(value).lower()

    def _string(self, value: str) -> str:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        ways = ['"' + escaped.replace("\n", "\\n") + '"', f'"""\n{escaped}"""']
        if "'" not in value:
            ways.append(f"'''\n{value}'''")
            if "\n" not in value:
                ways.append(f"'{value}'")
        if '"""' not in value and "\\" not in value:
            ways.append(f'"""\n{value}"""')
        return self._one_of(*ways)

    def _name(self, name: object) -> str:
        text = str(name)
        if text and all(sign in "ab-1" for sign in text) and self._draw(st.booleans()):
            return text
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return '"' + escaped.replace("\t", "\\t") + '"'

    def _noise(self) -> None:
        self.text += self._one_of("", "\n", "# [z]\n", "  ")

    def _mark(self, path: Path) -> None:
        self.lines.setdefault(path, self.text.count("\n") + 1)

    def _one_of(self, *ways: str) -> str:
        way: str = self._draw(st.sampled_from(ways))
        return way


@given(st.data(), DOCUMENTS)
def test_every_key_is_found_on_its_line_however_it_is_written(
    data: st.DataObject, document: dict[str, object]
) -> None:
    writer = Writer(data.draw)
    writer.table((), document)

    assert tomllib.loads(writer.text) == document
    assert key_lines(writer.text) == writer.lines
