"""Keys typed faster than the screen takes them: each does its work in its turn, none is lost."""

from __future__ import annotations

import pytest
from textual import events

from papertray.core.piles import Pile
from papertray.notebook.notebook import Notebook
from papertray.tui.keys import rebound
from papertray.tui.picking import PickApp

from .desk import SMALL, TITLES, at_desk


async def test_what_corrects_an_answer_does_so_before_what_is_typed_next(
    notebook: Notebook,
) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.rush("t", *"wrong", "ctrl+u", *"mlx", "backspace", "m", "enter")
        assert desk.paper(TITLES[0]).tags == ("mlm",)


async def test_keys_behind_an_answer_decide_about_papers(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.rush("t", *"mlm", "enter", "j", "s")
        assert desk.paper(TITLES[0]).tags == ("mlm",)
        assert desk.pile(TITLES[0]) is Pile.INBOX
        assert desk.pile(TITLES[1]) is Pile.STARRED


async def test_keys_behind_a_digit_that_answers_decide_about_papers(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.rush("X", "1", "s")
        assert desk.pile(TITLES[0]) is Pile.SKIP
        assert desk.pile(TITLES[1]) is Pile.STARRED


async def test_keys_behind_a_refused_answer_go_on_with_it(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.rush("z", *"never", "enter", "ctrl+u", *"now", "enter", "s")
        assert desk.is_with_papers
        assert desk.pile(TITLES[1]) is Pile.STARRED  # the cursor went on


async def test_keys_behind_the_end_of_a_prompt_decide_about_papers(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.rush("t", "a", "escape", "s")
        assert desk.paper(TITLES[0]).tags == ()
        assert desk.pile(TITLES[0]) is Pile.STARRED


async def test_keys_behind_a_list_that_is_left_decide_about_papers(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.rush("g", "f", "q", "s")
        assert desk.is_with_papers
        assert desk.pile(TITLES[0]) is Pile.STARRED


async def test_what_is_found_in_a_list_is_typed_in_its_order(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("question_mark", "slash")
        await desk.rush(*"snx", "backspace", *"ooze", "enter", "j")
        assert desk.box.value == "snooze"


async def test_keys_behind_a_choice_in_the_palette_decide_about_papers(
    notebook: Notebook,
) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("ctrl+p")
        await desk.rush(*"decide.stax", "backspace", "r", "enter", "x")
        assert desk.pile(TITLES[0]) is Pile.STARRED
        assert desk.pile(TITLES[1]) is Pile.SKIP


async def test_a_paper_is_picked_among_what_was_found_for_all_letters(notebook: Notebook) -> None:
    app = PickApp(notebook)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        for key in [*"lanx", "backspace", *"terns", "enter"]:
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        while app.is_running and not app.chosen:
            await pilot.pause()
    assert [entry.work.title for entry in notebook.papers.entries(app.chosen)] == [TITLES[2]]


@pytest.mark.parametrize(
    ("own", "piles"), [((), ["skip", "skip"]), (("alt+5",), ["starred", "skip"])]
)
async def test_escape_and_the_key_behind_it_are_not_alt(
    notebook: Notebook, own: tuple[str, ...], piles: list[str]
) -> None:
    key_map, problems = rebound({"decide.star": ["s", *own]})
    assert not problems
    async with at_desk(notebook, SMALL, key_map=key_map) as desk:
        desk.app.post_message(events.Key("alt+5", "5"))
        await desk.press("x")
        assert [desk.pile(title).value for title in TITLES[:2]] == piles


async def test_a_search_is_corrected_in_its_order(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.rush("slash", *"rox", "backspace", "b", "enter")
        assert desk.triage.finding.text == "rob"


async def test_a_note_is_corrected_in_its_order(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("e")
        await desk.rush("ctrl+a", *"teh", "backspace", "backspace", *"he claim", "escape")
        note = notebook.notes.main(1)
        assert note is not None
        assert note.body.startswith("the claim")


async def test_keys_behind_the_end_of_a_note_decide_about_papers(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.rush("e", "a", "enter", "b", "escape", "q", "s")
        note = notebook.notes.main(1)
        assert note is not None
        assert note.body.rstrip().endswith("a\nb")
        assert desk.pile(TITLES[0]) is Pile.STARRED
