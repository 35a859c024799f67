"""Blocks and fields of .bib files: nothing is lost, and a broken entry spoils no other."""

from __future__ import annotations

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.bibfields import Field, Fields, fields_of
from papertray.core.bibscan import LONGEST, Block, blocks

GOOD = "@misc{good,\n  title = {Good},\n}\n"


def entries_of(text: str) -> list[Fields]:
    return [fields_of(block, {"jot": "Tides"}) for block in blocks([text]) if block.kind == "entry"]


def fields(text: str) -> dict[str, str]:
    (found,) = entries_of(text)
    return dict(found.fields)


_PIECES = st.sampled_from(
    ["@article{", "@misc(", "key,", "\n", "@", "{", "}", '"', "title = ", ",", "%", "x", "é", " ",
     "@comment{", "@string{a = {b}}", GOOD, ")", "#", "\\{"]
)  # fmt: skip


@given(st.lists(_PIECES), st.integers(1, 40))
def test_the_blocks_of_any_text_are_the_text(pieces: list[str], size: int) -> None:
    text = "".join(pieces)
    whole = list(blocks([text]))
    assert "".join(block.text for block in whole) == text
    cut = [text[start : start + size] for start in range(0, len(text), size)]
    assert [b for b in blocks(cut) if b.kind != "text"] == [b for b in whole if b.kind != "text"]
    line = 1
    for block in whole:
        assert block.line == line
        line += block.text.count("\n")


def test_kinds_and_lines() -> None:
    text = "text\n@string{a = {b}}\n@preamble{x}\n@comment{y}\n" + GOOD
    found = [(b.kind, b.line) for b in blocks([text]) if b.text.strip()]
    assert found == [("text", 1), ("string", 2), ("preamble", 3), ("comment", 4), ("entry", 5)]


@pytest.mark.parametrize(
    "text",
    [
        "jane@example.org (and @jim) wrote",
        "% @article{key, title = {x}}",
        "see @article (in the text)",
        "",
    ],
)
def test_what_is_no_entry(text: str) -> None:
    assert entries_of(text) == []


@pytest.mark.parametrize(
    ("text", "type_", "key"),
    [
        ("@article{key, title = {x}}", "article", "key"),
        ("@ARTICLE (key , title = {x} )", "article", "key"),
        ("text @article{key, title = {x}} text", "article", "key"),
        ("}@article{key, title = {x}}", "article", "key"),
        ("@\n %a\narticle\n %b\n{key, title = {x}}", "article", "key"),
        ("@article{, title = {x}}", "article", ""),
        ("@article{title = {x}}", "article", ""),
        ("@article{\n  key,\n title = {x}}", "article", "key"),
        ("@article{key\n title = {x}}", "article", "key"),
        ("@article{Two words 2001, title = {x}}", "article", "Two words 2001"),
        ("@web_page{key, title = {x}}", "web_page", "key"),
    ],
)
def test_how_an_entry_may_begin(text: str, type_: str, key: str) -> None:
    assert entries_of(text) == [Fields(type_, key, [Field("title", "x")])]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('a = {x {y} z}, b = "p {"} q", c = 12, D = jot', ("x {y} z", 'p {"} q', "12", "Tides")),
        ('a = "x" # jot # {y}, b = nothing, c = a-b, d = {}', ("xTidesy", "nothing", "a-b", "")),
        ("a = {x} % {comment}\n, %b = {no},\n b = {y}, c = 1, d = 2", ("x", "y", "1", "2")),
        ("a = {x}\n b = {y}\n c = 1 d = 2", ("x", "y", "1", "2")),
        ("a = {x},, b = , c = {" + "{" * 9 + "y" + "}" * 9 + "}, d = 1,",
         ("x", "", "{" * 9 + "y" + "}" * 9, "1")),
        ('a = "say "this" now", b = {y}, c = 1, d = 2', ('say "this" now', "y", "1", "2")),
    ],
)  # fmt: skip
def test_values(body: str, expected: tuple[str, ...]) -> None:
    assert tuple(fields(f"@misc{{key, {body}}}").values()) == expected


def test_field_names_with_odd_characters() -> None:
    text = "@misc{k, author+an = {1=x}, bdsk-url-1 = {y}, journal-iso = {z}, été = 1}"
    assert list(fields(text)) == ["author+an", "bdsk-url-1", "journal-iso", "été"]


@pytest.mark.parametrize(
    "broken",
    [
        "@book{b,\n  title = {One},\n  publisher = {Taylor {{\\&} Francis},\n  year = {2001}\n}\n",
        "@book{b,\n  title = {One}},\n  publisher = {Taylor {\\&} Francis},\n  year = {2001}\n}\n",
        "@book{b,\n  title = {One,\n  publisher = {Taylor {\\&} Francis},\n  year = {2001},\n}\n",
        '@book{b,\n  title = "One",\n  publisher = "Taylor {\\&} Francis,\n  year = 2001\n}\n',
        "@book{b, title = {One}, publisher = {Taylor {\\&} Francis}, year = {2001}\n",
    ],
)
def test_a_broken_entry_keeps_its_fields_and_spoils_no_other(broken: str) -> None:
    first, second = entries_of(broken + GOOD)
    found = dict(first.fields)
    assert (found["title"], found["year"]) == ("One", "2001")
    assert found["publisher"].replace("\n", "") == "Taylor {\\&} Francis"
    assert second == Fields("misc", "good", [Field("title", "Good")])


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("@misc{k, title = {On", True),
        ("@misc{k, title = {On}", False),
        ("@misc{k, a = {b}}", False),
    ],
)
def test_the_end_of_the_file_in_a_value(text: str, is_cut: bool) -> None:
    (found,) = entries_of(text)
    assert found.is_cut is is_cut


def test_a_good_file_has_the_keys_and_fields_that_bibtexparser_finds() -> None:
    text = "".join(
        f"@article{{key{n},\n  title = {{A {{{n}}} \"title\"}},\n  author = \"A and {{B, C}}\","
        f"\n  year = {n},\n}}\n\n"
        for n in range(50)
    )  # fmt: skip
    judged = parse_string(text, append_middleware=[]).entries
    found = entries_of(text)
    assert [one.key for one in found] == [entry.key for entry in judged]
    assert [dict(one.fields) for one in found] == [
        {field.key: field.value for field in entry.fields} for entry in judged
    ]


def test_deep_braces_and_endless_blocks_end() -> None:
    deep = "@misc{k, title = " + "{" * 20_000 + "x" + "}" * 20_000 + "}\n"
    assert [one.key for one in entries_of(deep + GOOD)] == ["k", "good"]
    endless = list(blocks(["@misc{k, title = {"] + ["{" * 100_000] * 45))
    assert isinstance(endless[0], Block)
    assert len(endless[0].text) <= LONGEST
    assert max(len(block.text) for block in endless) < 2 * LONGEST
