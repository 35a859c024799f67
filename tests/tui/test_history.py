"""The history on the screen: what was done, batch by batch, looked into and taken back."""

from __future__ import annotations

import pytest

from papertray.core.model import Pile
from papertray.notebook.journal_words import in_words
from papertray.notebook.notebook import Notebook
from papertray.notebook.rules import Action
from papertray.store.places import Places
from papertray.tui.screens import history
from papertray.tui.screens.history import DecisionsScreen, HistoryScreen

from .desk import LARGE, SMALL, TITLES, Desk, LaterClock, at_desk, open_notebook


async def open_history(desk: Desk) -> None:
    """Open the history, and wait until it is read."""
    await desk.press("g", "h")


SIZES = pytest.mark.parametrize("size", [SMALL, LARGE])


@SIZES
async def test_batches_are_listed_by_day_newest_first(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    notebook.papers.move([1], Pile.SKIP, reason="too old")
    async with at_desk(notebook, size) as desk:
        await desk.press("s", "g", "h")
        lines = desk.text.splitlines()
        assert lines[0].startswith(" History, 3")
        assert lines[1].strip() == "Monday 2026-11-23"
        assert lines[2].startswith("> 09:00  star “On gardens")
        assert lines[2].endswith("on the screen")
        assert "skip “On robots, part 1”, because too old" in lines[3]
        assert "added" in lines[4]


@SIZES
async def test_a_batch_shows_its_decisions_and_leads_to_the_paper(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    notebook.papers.move([1, 3], Pile.READ)
    async with at_desk(notebook, size) as desk:
        await open_history(desk)
        await desk.press("enter")
        assert isinstance(desk.app.screen, DecisionsScreen)
        assert "2 changes" in desk.text
        lines = desk.text.splitlines()
        assert lines[1].startswith(f"> {TITLES[0]}")
        assert lines[1].endswith("pile: inbox → read")
        await desk.press("j", "enter")
        assert desk.is_with_papers
        await desk.until(lambda: desk.titles == [TITLES[2]], "the paper is found")


@SIZES
async def test_u_takes_back_just_the_chosen_batch(
    notebook: Notebook, size: tuple[int, int]
) -> None:
    notebook.papers.move([1], Pile.SKIP)
    notebook.papers.move([2], Pile.STARRED)
    async with at_desk(notebook, size) as desk:
        await open_history(desk)
        await desk.press("j", "u")
        assert "undone, back to inbox: “On robots, part 1”" in desk.text
        assert desk.pile(TITLES[0]) is Pile.INBOX
        assert desk.pile(TITLES[1]) is Pile.STARRED
        assert "taken back · on the screen" in desk.text
        assert isinstance(desk.app.screen, HistoryScreen)
        await desk.press("q")
        assert TITLES[0] in desk.titles


async def test_u_on_what_was_taken_back_says_so(notebook: Notebook) -> None:
    notebook.papers.move([1], Pile.SKIP)
    async with at_desk(notebook) as desk:
        await open_history(desk)
        await desk.press("u", "u")
        assert "has been taken back already" in desk.toasts[-1]
        assert desk.pile(TITLES[0]) is Pile.INBOX
        await desk.press("k", "u")
        assert desk.pile(TITLES[0]) is Pile.SKIP, "taking an undo back does it again"


async def test_what_rules_and_adds_did_can_be_taken_back(
    notebook: Notebook, places: Places
) -> None:
    with open_notebook(places, "yesterday", clock=LaterClock()) as before:
        rule = before.rules.add("title:robots", Action(pile=Pile.SKIP))
        assert rule is not None
        before.rules.apply_to(rule, [1])
    async with at_desk(notebook) as desk:
        await open_history(desk)
        assert "by a rule" in desk.text
        await desk.press("u")
        assert desk.pile(TITLES[0]) is Pile.INBOX
        await desk.press("G", "enter")
        assert "new from morning" in desk.text
        await desk.press("u")
        assert notebook.papers.counts().inbox == 0
        await desk.press("q")
        assert "Nothing here" in desk.text


async def test_older_batches_are_read_as_the_cursor_nears_the_end(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 60)
    for number in range(150):
        notebook.papers.move([number % 15 + 1], list(Pile)[1 + number // 15 % 2])
    async with at_desk(notebook, SMALL) as desk:
        await open_history(desk)
        assert "History, the newest 60" in desk.text
        await desk.press("2", "0", "j")
        assert "History, the newest 120" in desk.text
        await desk.press("G")
        await desk.press("G")
        assert "History, 151" in desk.text
        assert "by a command" not in desk.text
        assert desk.text.splitlines()[-2].rstrip(" ▁▂▃▄▅▆▇█").endswith("added")


async def test_keys_that_work_everywhere_close_both_lists(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("s")
        await open_history(desk)
        await desk.press("enter", "g", "s")
        assert desk.is_with_papers
        assert desk.titles == [TITLES[0]]


async def test_what_is_about_no_paper_says_so(notebook: Notebook) -> None:
    notebook.searches.save("mine [/]", "title:robots")
    async with at_desk(notebook) as desk:
        await open_history(desk)
        assert "save search mine [/]: title:robots" in desk.text
        await desk.press("enter")
        assert "search made" in desk.text
        await desk.press("enter")
        assert "this is about no paper" in desk.text


@pytest.mark.parametrize(
    ("kind", "field", "value", "before", "words"),
    [
        ("paper", "pile", "skip", "inbox", "pile: inbox → skip"),
        ("paper", "done", None, "2026-11-23", "done: 2026-11-23 → none"),
        ("paper", "authors", '[{"family":"Lee","given":"Ann"}]', "[]", "authors: none → Ann Lee"),
        ("paper", "categories", '["cs.CL","cs.LG"]', None, "categories: none → cs.CL, cs.LG"),
        ("paper", "tag:x", None, "1", "no tag x"),
        ("paper", "removed", "2026", None, "removed"),
        ("paper", "removed", None, "2026", "brought back"),
        ("paper", "extra", "{}", '{"a":1}', "extra changed"),
        ("paper", "merged_into", "2", None, "merged into paper 2"),
        ("paper", "file:files/a.pdf", "1", None, "file a.pdf"),
        ("apart", "apart:uid", "1", None, "kept apart from another"),
        ("note", "text", "r1", "r0", "note saved"),
        ("note", "title", "New", "Old", "title: Old → New"),
        ("note", "paper_id", "2", "1", "its note: from paper 1 to paper 2"),
        ("listing", "paper_id", "2", "1", "its listing: from paper 1 to paper 2"),
        ("listing", "first", "cs", None, "new from cs"),
        ("feed", "removed", None, "2026", "feed made"),
        ("rule", "removed", "2026", None, "rule removed"),
        ("search", "query", "b", "a", "query: a → b"),
    ],
)
def test_decisions_in_words(
    kind: str, field: str, value: str | None, before: str | None, words: str
) -> None:
    assert in_words(kind, field, value, before) == words


def test_a_page_begins_below_a_batch(notebook: Notebook) -> None:
    for number in range(1, 6):
        notebook.papers.move([number], Pile.READ)
    whole = [line.id for line in notebook.journal.history()]
    assert [line.id for line in notebook.journal.history(3, before=whole[1])] == whole[2:5]
