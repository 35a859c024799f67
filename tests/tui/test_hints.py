"""The hints of the first sessions: when each comes, how long it stays, and when it is enough."""

from __future__ import annotations

import pytest

from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.hints import HINTS, INBOX_EMPTY, STAYS, TIMES, Hints
from papertray.tui.key_table import ACTIONS
from papertray.tui.keys import KeyMap
from papertray.tui.memory import Memory, memory_file

from .desk import WORDS, add_papers, at_desk, made_up_record, open_notebook

REPEAT = ". repeats a decision, u takes it back"


def hints(*shown: str) -> Hints:
    return Hints(KeyMap().key_of, shown)


def test_three_skips_teach_to_repeat_and_to_take_back() -> None:
    now = hints()
    for _ in range(2):
        now.happened("decide.skip")
        assert now.line() == ""
    now.happened("decide.skip")
    assert now.line() == REPEAT
    assert now.shown == ("repeat",)


def test_a_count_is_as_many() -> None:
    now = hints()
    now.happened("decide.skip", 3)
    assert now.line() == REPEAT


@pytest.mark.parametrize(
    ("happened", "text"),
    [
        (INBOX_EMPTY, "gr shows what waits to be read"),
        ("work.note", "gn lists notes, / finds their words"),
        ("mark.range", "x skips all marked papers, t tags them"),
    ],
)
def test_what_happened_once_teaches(happened: str, text: str) -> None:
    now = hints()
    now.happened(happened)
    assert now.line() == text


def test_a_hint_stays_for_some_actions_and_comes_once_in_a_session() -> None:
    now = hints()
    now.happened("decide.skip", 3)
    for _ in range(STAYS):
        assert now.line() == REPEAT
        now.happened("move.up")
    assert now.line() == ""
    now.happened("decide.skip", 3)
    assert now.line() == ""


def test_who_does_what_it_teaches_needs_it_no_more() -> None:
    now = hints()
    now.happened("decide.skip", 3)
    assert now.line() == REPEAT
    now.happened("decide.undo")
    assert now.line() == ""
    knowing = hints()
    knowing.happened("decide.undo")
    knowing.happened("decide.skip", 3)
    assert knowing.line() == ""


def test_a_hint_is_shown_in_no_more_than_two_sessions() -> None:
    shown: tuple[str, ...] = ()
    for _ in range(TIMES):
        now = hints(*shown)
        now.happened("decide.skip", 3)
        assert now.line() == REPEAT
        shown = now.shown
    now = hints(*shown)
    now.happened("decide.skip", 3)
    assert now.line() == ""
    assert now.shown == ("repeat",) * TIMES


def test_an_action_without_a_key_is_not_taught() -> None:
    now = Hints(lambda action: "" if action == "view.notes" else "k", ())
    now.happened("work.note")
    assert now.line() == ""


def test_hints_are_about_actions_there_are_and_fit_a_line() -> None:
    known = {action.id for action in ACTIONS} | {INBOX_EMPTY}
    for hint in HINTS:
        assert {*hint.taught, *hint.after} <= known
        now = Hints(KeyMap().key_of, (), [hint])
        now.happened(hint.after[0], hint.times)
        assert 0 < len(now.line()) <= 60
    assert len({hint.id for hint in HINTS}) == len(HINTS)


async def test_they_stand_in_the_status_line_where_nothing_else_is_said(
    notebook: Notebook, places: Places
) -> None:
    async with at_desk(notebook, memory=Memory(memory_file(places))) as desk:
        await desk.press("x", "x")
        assert desk.status.startswith("2 today")
        await desk.press("x")
        assert desk.status == REPEAT
        await desk.press("y")
        assert desk.status.startswith("copied")
    assert Memory(memory_file(places)).now.hints == ("repeat",)


async def test_a_setting_ends_them(places: Places) -> None:
    places.config.mkdir(parents=True, exist_ok=True)
    places.settings.write_text("[screen]\nhints = false\n", encoding="utf-8")
    with open_notebook(places) as notebook:
        add_papers(notebook, places.config, [made_up_record(n) for n in range(len(WORDS))])
        async with at_desk(notebook, memory=Memory(memory_file(places))) as desk:
            await desk.press("x", "x", "x")
            assert desk.status.startswith("3 today")
