"""The YAML of info.yaml: what Papis writes is read, all else is refused with its line."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from papertray.core.model import Json
from papertray.feeds.papis_yaml import NotYaml, read_yaml

GOLDEN = Path(__file__).parent / "golden" / "papis" / "library"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("a: b\nc: 'd'\n", {"a": "b", "c": "d"}),
        ("---\na: b\n", {"a": "b"}),
        ("a: 2005\nb: '04'\nc: 1.50\n", {"a": "2005", "b": "04", "c": "1.50"}),
        ("a:\nb: null\nc: ~\nd: true\n", {"a": None, "b": None, "c": None, "d": True}),
        ("a:\n- b\n- c\nd: e\n", {"a": ["b", "c"], "d": "e"}),
        ("a:\n  - b\n  -   c\n", {"a": ["b", "c"]}),
        ("a:\n- b: 1\n  c: 2\n- b: 3\n", {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
        ("a:\n- - b\n  - c\n-\n- d\n", {"a": [["b", "c"], None, "d"]}),
        ("a:\n  b:\n    c: d\n", {"a": {"b": {"c": "d"}}}),
        ("a: [b, 'c, d', {e: f}]\nb: {}\nc: []\n",
         {"a": ["b", "c, d", {"e": "f"}], "b": {}, "c": []}),
        ("a: [b,\n  c]\n", {"a": ["b", "c"]}),
        ("a: {b: http://c:80/d, e: }\n", {"a": {"b": "http://c:80/d", "e": None}}),
        ("a: one\n  two\n\n  three\nb: c\n", {"a": "one two\nthree", "b": "c"}),
        ("a: 'it''s\n  long\n\n  text'\n", {"a": "it's long\ntext"}),
        ('a: "x \\\n  y\\n\\xe9\\u00df \\"q\\""\n', {"a": 'x y\né\u00df "q"'}),
        ("a: |\n  b\n    c\n\n  d\ne: f\n", {"a": "b\n  c\n\nd\n", "e": "f"}),
        ("a: >-\n  b\n  c\n\n  d\n", {"a": "b c\nd"}),
        ("a: http://b/c#d\ne: f # g\n", {"a": "http://b/c#d", "e": "f"}),
        ("# top\na: b\n\n  # in between\nc: d\n", {"a": "b", "c": "d"}),
        ("a: &x [b]\nc: *x\n", {"a": ["b"], "c": ["b"]}),
        ("a: &x\n- b\nc: *x\n", {"a": ["b"], "c": ["b"]}),
        ("'a b': 1\n\"c\": 2\ntime-added: 2023-01-01-12:34:56\n",
         {"a b": "1", "c": "2", "time-added": "2023-01-01-12:34:56"}),
    ],
)  # fmt: skip
def test_what_papis_writes_is_read(text: str, expected: Json) -> None:
    assert read_yaml(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: b\nc: !!python/object:os.system d\n", "line 2: tags are not read"),
        ("? a\n: b\n", "line 1: complex keys are not read"),
        ("a: 'b\nc: d\n", "line 1: a quote has no end"),
        ("a: [b\n", "line 1: a bracket has no end"),
        ("a: *b\n", "line 1: nothing is called b"),
        ("<<: a\n", "line 1: merge keys are not read"),
        ("a:\n\t- b\n", "line 2: it is indented by a tab"),
        ("a: 1\n---\nb: 2\n", "line 3: a second document begins"),
        ("- a\nb: c\n", "line 2: it belongs to nothing above"),
        ("a: 'b' c\n", "line 1: something follows the closing quote"),
    ],
)
def test_what_is_not_read_is_said_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(NotYaml, match="^" + sentence):
        read_yaml(text)


def test_aliases_of_aliases_do_not_fill_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n}\n" + f"- *a{n - 1}\n" * 10 for n in range(1, 12)]
    with pytest.raises(NotYaml, match="more than"):
        read_yaml("\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "- " * 5000 + "x",
        "a: " + "[" * 50_000 + "]" * 50_000,
        "a: '" + "\n" * 50_000,
        'a: "' + "x\n" * 50_000,
        "a" + " " * 100_000 + "b",
        ": " * 50_000,
        "a: [" + "x,\n" * 50_000,
    ],
    ids=lambda text: text[:6],
)
def test_a_file_that_nobody_wrote_is_refused_or_read_soon(text: str) -> None:
    with suppress(NotYaml):
        read_yaml(text)


def test_mutated_files_are_read_or_refused() -> None:
    chance = random.Random(5)
    texts = [file.read_text(encoding="utf-8") for file in sorted(GOLDEN.rglob("info.yaml"))]
    for _ in range(5000):
        letters = list(chance.choice(texts))
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(letters))
            letters[at : at + chance.randrange(3)] = chance.choice(list("\n -:'\"[]{}#&*|>!\\ax"))
        with suppress(NotYaml):
            read_yaml("".join(letters))
