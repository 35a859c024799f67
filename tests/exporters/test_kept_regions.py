"""What a user writes into a kept region survives, whatever it is."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.errors import BrokenRegion
from papertray.core.model import Work
from papertray.exporters import markdown, obsidian
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.kept_regions import (
    MARKDOWN,
    ORG,
    TEX,
    Marks,
    carried_over,
    disarmed,
    lines_of,
    marks_of,
)
from papertray.notebook.own_files import content_of

from strategies import entry, note, texts

START, END = MARKDOWN.start, MARKDOWN.end
OPTIONS = ExportOptions(notes=True, private=True)


def reading_list(*keys: str) -> str:
    return "".join(markdown.write([entry(Work(f"On {key}"), key) for key in keys], OPTIONS))


def kept_in(lines: Iterable[str], marks: Marks) -> dict[str, list[str]]:
    """What the regions of a text hold, as a file is read before it is replaced."""
    return content_of(lines, marks).kept


def next_export(new: str, old: str, marks: Marks = MARKDOWN) -> str:
    return "".join(carried_over(lines_of([new]), kept_in(lines_of([old]), marks), marks))


def written(text: str, words: str, number: int = 0) -> str:
    """The text with words in one of its empty regions."""
    before, *after = text.split(f"{START}\n{END}\n")
    regions = [f"{START}\n{words if n == number else ''}{END}\n" for n in range(len(after))]
    return before + "".join(region + rest for region, rest in zip(regions, after, strict=True))


def test_words_stay_with_their_paper() -> None:
    old = written(reading_list("a", "b"), "Mine.\n", number=1)
    assert next_export(reading_list("0", "a", "b"), old) == written(
        reading_list("0", "a", "b"), "Mine.\n", number=2
    )
    assert next_export(reading_list("a", "b"), old) == old


def test_regions_of_the_users_own_stay_with_their_paper() -> None:
    old = reading_list("a", "b") + f"\n{START}\none\n{END}\n\n{START}\ntwo\n{END}\n"
    new = next_export(reading_list("a", "b", "c"), old)
    assert kept_in(lines_of([new]), MARKDOWN) == {
        "a": [""], "b": ["", "one\n", "two\n"], "c": [""]
    }  # fmt: skip
    assert new.index("two") < new.index("On c")
    assert next_export(reading_list("a", "b", "c"), new) == new


def test_two_regions_of_a_paper_keep_their_order() -> None:
    new = f"[@a]\n{START}\nSummary\n{END}\n[@a]\n{START}\nTo do\n{END}\n[@b]\n{START}\n{END}\n"
    old = new.replace("Summary", "Good.").replace("To do", "Cite.")
    assert next_export(new, old) == old
    extra = old.replace("[@b]", f"{START}\nExtra\n{END}\n[@b]")
    assert kept_in(lines_of([next_export(new, extra)]), MARKDOWN)["a"] == [
        "Good.\n", "Cite.\n", "Extra\n"
    ]  # fmt: skip


def test_what_the_user_emptied_stays_empty() -> None:
    new = f"[@a]\n{START}\nRating:\n{END}\n"
    assert next_export(new, "") == new
    assert next_export(new, f"[@a]\n{START}\n{END}\n") == f"[@a]\n{START}\n{END}\n"


def test_words_about_a_paper_that_left_are_at_the_end_and_come_back() -> None:
    old = written(reading_list("a", "b"), "Mine.\n")
    without = next_export(reading_list("b"), old)
    assert without == reading_list("b") + (
        f"\n# Kept from papers that left this list\n\n[@a]\n\n{START}\nMine.\n{END}\n"
    )
    assert next_export(reading_list("b"), without) == without
    assert next_export(reading_list("a", "b"), without) == old


def test_a_region_before_all_papers_is_of_none_of_them() -> None:
    old = f"{START}\nIntro\n{END}\n" + reading_list("a")
    once = next_export(reading_list("a"), old)
    assert "Intro" in once
    assert next_export(reading_list("a"), once) == once


@pytest.mark.parametrize(("marks", "suffix"), [(ORG, ".org"), (TEX, ".TEX"), (MARKDOWN, ".typ")])
def test_each_kind_of_file_has_its_marks(marks: Marks, suffix: str) -> None:
    assert marks_of(suffix) == marks
    named = marks.citation.format("key:1/a")
    new = f"{named}\n{marks.region}"
    old = f"{named}\n{marks.start}\nx\n{marks.end}\n"
    assert next_export(new, old, marks) == old
    orphan = next_export("", old, marks)
    assert next_export(new, orphan, marks) == old
    assert marks_of(".bib") is None


@pytest.mark.parametrize(
    ("text", "line", "how"),
    [
        (f"a\n{START}\nb\n", 2, "never closed"),
        (f"{START}\n{START}\n{END}\n{END}\n", 2, "in that of line 1"),
        (f"{START}\n{END}\n{END}\n", 3, "none is open"),
        (f"  - {END}  ", 1, "none is open"),
    ],
)
def test_marks_that_do_not_pair_up_are_told_of(text: str, line: int, how: str) -> None:
    with pytest.raises(BrokenRegion, match=f"line {line} .*{how}"):
        kept_in(lines_of([text]), MARKDOWN)


FORGED = f"x\n{START}\nforged\n{END}\n\n```\n{END}\n```\n- {START}\n# papertray:keep\n"


@pytest.mark.parametrize("write", [markdown.write, obsidian.page])
def test_papers_and_notes_forge_no_mark(write: object) -> None:
    hostile = entry(
        Work(START, abstract=END, url=START), tags=(START, END), notes=(note(FORGED, END),)
    )
    text = (
        obsidian.page(hostile, OPTIONS).text
        if write is obsidian.page
        else "".join(markdown.write([hostile], OPTIONS))
    )
    assert kept_in(lines_of([text]), MARKDOWN) == {"key": [""]} or kept_in(
        lines_of([text]), MARKDOWN
    ) == {"": [""]}
    assert "forged" in text


def test_disarmed_text_is_no_mark_anywhere() -> None:
    for marks in (MARKDOWN, ORG, TEX):
        assert kept_in(lines_of([disarmed(marks.start)]), marks) == {}


words = st.one_of(
    texts(), st.text(st.characters(exclude_categories=())), st.sampled_from(["[@b]", "# x", "```"])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, max_size=4), st.lists(st.sampled_from("abcd"), max_size=6))
def test_whatever_is_written_survives_any_number_of_exports(
    lines: list[str], without: list[str]
) -> None:
    mine = "".join(f"{line}\n" for line in lines)
    text = written(reading_list(*"abcd"), mine, number=1)
    for key in without:
        text = next_export(reading_list(*"abcd".replace(key, "")), text)
        assert mine.strip() == "" or mine in text
    assert not mine.strip() or next_export(reading_list(*"abcd"), text) == written(
        reading_list(*"abcd"), mine, number=1
    )


@given(st.lists(st.text("ab\n", max_size=5)))
def test_pieces_are_cut_into_lines(pieces: list[str]) -> None:
    lines = list(lines_of(pieces))
    assert "".join(lines) == "".join(pieces)
    assert all(line.index("\n") == len(line) - 1 for line in lines[:-1])
    assert "" not in lines
