"""Links between notes, and their tasks: found in the text, whatever else is in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.tasks import again, tasks, ticked
from papertray.core.wikilinks import begun_name, folded_name, is_linkable, wikilinks

NOTES = st.lists(
    st.sampled_from(
        ["- [ ] one", "* [x] two", "  1. [X] three", "> - [ ] four", "```", "~~~", "[[a b]]",
         "see [[key|this]] `[[no]]`", "- [] no", "[ ] no", "text", "", "- [ ]", "]] [[", "[[[x]]]"]
    )
    | st.text(alphabet="[]|-x `~>\n\r\tü\x1b", max_size=12)
).map("\n".join)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see [[meng2024]] and [[Reading group|the group]]", ["meng2024", "Reading group"]),
        ("[[ a  b ]]", ["a  b"]),
        ("`[[code]]` ``a ` [[code]]`` [[no code]]", ["no code"]),
        ("```\n[[fenced]]\n```\n[[after]]", ["after"]),
        ("~~~~\n```\n~~~\n[[still fenced]]", []),
        ("[MASK] [[]] [[ ]] [[a\nb]] [a](b)", []),
        ("[[[x]]]", ["x"]),
    ],
)
def test_links_are_found(text: str, names: list[str]) -> None:
    assert [link.name for link in wikilinks(text)] == names


@given(NOTES)
def test_a_link_stands_where_it_says(text: str) -> None:
    for link in wikilinks(text):
        written = text[link.start : link.end]
        assert written.startswith("[[")
        assert written.endswith("]]")
        assert link.name in written
        assert "\n" not in written
        assert is_linkable(link.name)


@pytest.mark.parametrize(
    ("line", "name"),
    [("see [[Meng et", "Meng et"), ("[[", ""), ("[[a]]", None), ("[[a|b", None), ("none", None)],
)
def test_a_link_that_is_being_typed_is_known(line: str, name: str | None) -> None:
    assert begun_name(line) == name


def test_names_are_compared_without_case_and_blanks() -> None:
    assert folded_name(" Straße  NORD ") == folded_name("STRASSE nord")


@pytest.mark.parametrize("name", ["a]b", "a|b", "a\nb", " ", "x" * 201])
def test_some_names_cannot_be_linked_to(name: str) -> None:
    assert not is_linkable(name)


# --- tasks


def test_tasks_are_found_in_lists_and_quotations() -> None:
    text = (
        "# To do\n\n- [ ] one\n  - [x] two\n\n> 3) [X] three\n```\n- [ ] code\n```\n[ ] no\n- []no"
    )
    found = [(task.line, task.text, task.is_done) for task in tasks(text)]
    assert found == [(2, "one", False), (3, "two", True), (5, "three", True)]


@given(NOTES)
def test_ticking_changes_one_character_of_the_text(text: str) -> None:
    for number, task in enumerate(tasks(text)):
        after = ticked(text, task)
        different = [at for at, (a, b) in enumerate(zip(text, after, strict=True)) if a != b]
        assert different == [task.place]
        now = tasks(after)[number]
        assert (now.text, now.is_done) == (task.text, not task.is_done)
        assert len(tasks(after)) == len(tasks(text))
        if text[task.place] != "X":
            assert ticked(after, now) == text


def test_a_task_is_found_again_after_lines_were_put_in() -> None:
    before = "- [ ] same\n- [ ] other\n- [ ] same"
    wanted = tasks(before)[2]
    found = again("new\n" + before, wanted)
    assert found is not None
    assert found.line == 3
    assert again("- [ ] gone", wanted) is None
