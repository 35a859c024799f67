"""Deciding about one paper and many: counts, marks, questions, snooze, reasons, undo and slips."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journal_replay import assert_journal_tells_all
from papertray.core.model import Pile
from papertray.core.settings import usual_settings
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.store.places import Places
from papertray.tui.keys import rebound
from papertray.tui.screens import deciding, marking

from .desk import (
    LARGE,
    SMALL,
    TITLES,
    Desk,
    add_papers,
    at_desk,
    made_up_record,
    open_notebook,
)

ROBOTS, GARDENS, LANTERNS, MAGNETS = TITLES[:4]
MANY = 120
"""Papers of the long list: more than an undo puts back one by one."""

both_sizes = pytest.mark.parametrize("size", [SMALL, LARGE])


def title(number: int) -> str:
    """Return the title of a made-up paper."""
    return str(made_up_record(number)["title"])


@pytest.fixture
def long(places: Places, tmp_path: Path) -> Iterator[Notebook]:
    """A tray with `MANY` papers in its inbox."""
    with open_notebook(places, "morning") as filling:
        add_papers(filling, tmp_path, [made_up_record(number) for number in range(MANY)])
    with open_notebook(places) as ours:
        yield ours


def right(desk: Desk) -> str:
    """Return the status line as it is on the screen."""
    return desk.text.splitlines()[-2]


def inbox(desk: Desk) -> int:
    """Return how many papers lie in the inbox on disk."""
    return desk.notebook.papers.counts().inbox


# --- counts


@both_sizes
async def test_a_count_decides_about_that_many(
    notebook: Notebook, places: Places, size: tuple[int, int]
) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("j", "3")
        assert right(desk).endswith(" 3")
        await desk.press("x")
        assert not right(desk).endswith(" 3")
        assert desk.titles == [ROBOTS, *TITLES[4:]]
        assert desk.cursor == TITLES[4]
        assert [desk.pile(each) for each in TITLES[1:4]] == [Pile.SKIP] * 3
        assert "u: skip 3 papers" in desk.text
        await desk.press("u")
        assert desk.titles == list(TITLES)
        assert (desk.cursor, desk.status) == (GARDENS, "undone: 3 papers back to inbox")
        await desk.press("ctrl+r")
        assert desk.titles == [ROBOTS, *TITLES[4:]]
        assert desk.status == "redone: skip 3 papers"
    assert_journal_tells_all(places.database)


async def test_a_count_beyond_the_end_decides_about_what_is_there(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("G", "k", "9", "s")
        assert desk.titles == list(TITLES[:13])
        assert desk.cursor == TITLES[12]
        assert desk.tabs.startswith(" Inbox 13  Read 0  Starred 2 ")


async def test_what_is_pressed_of_a_count_or_a_chord_is_shown_until_it_is_over(
    notebook: Notebook,
) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("1", "2", "g")
        assert right(desk).endswith(" 12g")
        await desk.press("escape")
        assert "12" not in right(desk)
        await desk.press("x")
        assert desk.titles == list(TITLES[1:])


async def test_undo_takes_a_count(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("x", "s", "r", "2", "u")
        assert desk.titles == list(TITLES[1:])
        assert desk.status == "undone: 2 papers back to inbox"
        await desk.press("2", "ctrl+r")
        assert desk.titles == list(TITLES[3:])


# --- marks


@both_sizes
async def test_marks_are_shown_counted_and_decided_about(
    notebook: Notebook, places: Places, size: tuple[int, int]
) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("v", "j", "v")
        assert (desk.cursor, desk.list_index) == (MAGNETS, 3)
        assert "2 marked" in right(desk)
        assert [line.split()[0] for line in desk.list_lines[:4]] == ["*", "On", "*", ">"]
        await desk.press("s")
        assert desk.titles == [GARDENS, *TITLES[3:]]
        assert desk.cursor == MAGNETS
        assert [desk.pile(each) for each in (ROBOTS, LANTERNS)] == [Pile.STARRED] * 2
        assert "marked" not in right(desk)
        assert len(notebook.journal.history()) == 2
        await desk.press("u")
        assert (desk.cursor, desk.titles) == (ROBOTS, list(TITLES))
    assert_journal_tells_all(places.database)


async def test_a_mark_is_taken_away_as_it_was_made(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("3", "v")
        assert (desk.cursor, "3 marked" in right(desk)) == (MAGNETS, True)
        await desk.press("g", "g", "v")
        assert "2 marked" in right(desk)


@pytest.mark.parametrize("keys", ["j V j j V", "j j j V k k V"])
async def test_a_range_is_marked_from_either_end(notebook: Notebook, keys: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.press(*keys.split())
        assert "3 marked" in right(desk)
        assert list(desk.triage.marks.targets()) == list(desk.triage.ids[1:4])
        await desk.press("x")
        assert desk.titles == [ROBOTS, *TITLES[4:]]


async def test_the_whole_view_is_marked_and_unmarked(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("asterisk")
        assert "15 marked" in right(desk)
        await desk.press("v", "r")
        assert desk.titles == [ROBOTS]
        await desk.press("u", "asterisk", "asterisk")
        assert "marked" not in right(desk)
        await desk.press("x")
        assert len(desk.titles) == 14


async def test_escape_clears_marks_before_it_clears_a_search(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash", *"robots", "enter")
        await desk.settle()
        await desk.press("v")
        assert "1 marked" in right(desk)
        await desk.press("escape")
        assert "marked" not in right(desk)
        assert desk.titles == [ROBOTS]
        await desk.press("escape")
        assert desk.titles == list(TITLES)


async def test_marks_that_are_not_seen_are_kept_and_left_alone(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("j", "v", "v", "s", "g", "g", "v", "g", "s")
        assert desk.titles == [GARDENS, LANTERNS]
        assert "1 marked elsewhere" in right(desk)
        await desk.press("x")
        assert (desk.pile(GARDENS), desk.pile(ROBOTS)) == (Pile.SKIP, Pile.INBOX)
        await desk.press("g", "i")
        assert "1 marked" in right(desk)
        assert "elsewhere" not in right(desk)
        await desk.press("r")
        assert desk.pile(ROBOTS) is Pile.READ


@pytest.mark.parametrize("key", ["v", "V", "asterisk", "x", "X", "z", "full_stop", "5 r"])
async def test_an_empty_list_takes_every_key(empty: Notebook, key: str) -> None:
    async with at_desk(empty) as desk:
        await desk.press(*key.split())
        assert not desk.titles
        assert desk.notebook.journal.newest() == 0


async def test_decided_marks_leave_hits_in_their_list(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash", *"study", "enter")
        await desk.settle()
        before = desk.titles
        await desk.press("asterisk", "s")
        assert (desk.titles, desk.list_index) == (before, 0)
        assert desk.tabs.startswith(" Inbox 0  Read 0  Starred 15 ")
        assert "marked" not in right(desk)
        await desk.press("u")
        assert desk.titles == before
        assert inbox(desk) == 15


# --- the question


@both_sizes
async def test_above_twenty_papers_a_line_asks(
    long: Notebook, places: Places, size: tuple[int, int]
) -> None:
    async with at_desk(long, size) as desk:
        await desk.press("asterisk", "x")
        assert "skip 120 in inbox? x again, Esc no" in right(desk)
        assert inbox(desk) == MANY
        await desk.press("x")
        assert (desk.titles, inbox(desk)) == ([], 0)
        await desk.press("u")
        assert desk.status == "undone: 120 papers back to inbox"
        assert (desk.cursor, len(desk.titles)) == (ROBOTS, MANY)
        await desk.press("ctrl+r")
        assert desk.titles == []
    assert_journal_tells_all(places.database)


async def test_twenty_papers_are_decided_about_without_a_question(long: Notebook) -> None:
    async with at_desk(long) as desk:
        await desk.press("2", "0", "x")
        assert inbox(desk) == MANY - 20
        await desk.press("2", "1", "x")
        assert inbox(desk) == MANY - 20


@pytest.mark.parametrize("key", ["escape", "j", "s", "5", "q"])
async def test_any_other_key_is_a_no(long: Notebook, key: str) -> None:
    async with at_desk(long, SMALL) as desk:
        await desk.press("asterisk", "x", key)
        assert "again" not in right(desk)
        assert "120 marked" in right(desk)
        await desk.press("j")
        assert not desk.has_ended
        assert inbox(desk) == MANY


async def test_the_second_press_is_about_the_counted_papers_whatever_came_in(
    long: Notebook, places: Places, tmp_path: Path
) -> None:
    with open_notebook(places, "theirs") as theirs:
        async with at_desk(long) as desk:
            await desk.press("asterisk", "x")
            add_papers(theirs, tmp_path, [made_up_record(number) for number in range(200, 230)])
            await desk.until(lambda: "Inbox 150" in desk.tabs, "the new papers are counted")
            await desk.settle()
            await desk.press("x")
            assert inbox(desk) == 30
            assert set(desk.titles) == {title(number) for number in range(200, 230)}


async def test_a_question_is_answered_with_any_key_that_was_used_for_it(long: Notebook) -> None:
    key_map, _ = rebound({"decide.skip": ["Z", "f1"]})
    async with at_desk(long, key_map=key_map) as desk:
        await desk.press("asterisk", "Z")
        assert "skip 120 in inbox? Z again, Esc no" in right(desk)
        await desk.press("Z")
        assert inbox(desk) == 0


async def test_part_of_a_long_list_leaves_the_eye_where_it_is(long: Notebook) -> None:
    async with at_desk(long, SMALL) as desk:
        await desk.press(*"30G")
        await desk.press("V", *"80G", "V", *"100G")
        line = desk.triage.paper_list.cursor_line
        await desk.press("r", "r")
        assert desk.cursor == title(99)
        assert desk.triage.paper_list.cursor_line == line
        assert desk.titles == [title(each) for each in (*range(29), *range(80, MANY))]
        await desk.press("u")
        assert desk.cursor == title(29)


async def test_more_than_64_papers_in_another_order_come_back_in_it(long: Notebook) -> None:
    async with at_desk(long) as desk:
        await desk.press("S", "t")
        await desk.settle()
        ordered = desk.titles
        assert ordered == sorted(ordered)
        await desk.press(*"90x", "x")
        assert desk.titles == ordered[90:]
        await desk.press("u")
        assert (desk.titles, desk.cursor) == (ordered, ordered[0])


# --- snooze


class MovedClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 23, 50, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the moment that it was moved to."""
        return self.at


@both_sizes
async def test_a_snoozed_paper_is_hidden_until_its_day(
    notebook: Notebook, places: Places, size: tuple[int, int]
) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("z")
        assert f"snooze “{ROBOTS}” until" in desk.text
        assert "tomorrow, monday, 3d, 2w, 1m, 2026-12-24" in desk.text
        await desk.answer("2w")
        assert desk.titles == list(TITLES[1:])
        assert desk.tabs.startswith(" Inbox 14 ")
        assert desk.status == "snoozed until 2026-12-07"
        assert notebook.papers.entry(1).snoozed == "2026-12-07"
        assert notebook.journal.history(1)[0].label == f"snooze “{ROBOTS}” until 2026-12-07"
        await desk.press("u")
        assert (desk.cursor, desk.status) == (ROBOTS, f"undone, back to inbox: “{ROBOTS}”")
        assert desk.tabs.startswith(" Inbox 15 ")
        await desk.press("ctrl+r")
        assert desk.titles == list(TITLES[1:])
    assert_journal_tells_all(places.database)


async def test_what_is_no_later_day_is_told_and_can_be_mended(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("2", "z")
        assert "snooze 2 papers in Inbox until" in desk.text
        await desk.answer("2020-01-01")
        assert "2020-01-01 is not after today, 2026-11-23." in desk.text
        await desk.answer("tomorrow")
        assert desk.titles == list(TITLES[2:])
        assert [notebook.papers.entry(each).snoozed for each in (1, 2)] == ["2026-11-24"] * 2


async def test_a_snoozed_paper_gets_another_day_or_none(notebook: Notebook) -> None:
    notebook.papers.snooze([1], "2026-12-24")
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("is:snoozed")
        await desk.press("enter", "z")
        assert desk.box.value == "2026-12-24"
        await desk.answer("1d")
        assert notebook.papers.entry(1).snoozed == "2026-11-24"
        await desk.press("z")
        await desk.answer("now")
        assert notebook.papers.entry(1).snoozed == ""
        assert inbox(desk) == 15


async def test_only_what_lies_in_the_inbox_is_snoozed(notebook: Notebook) -> None:
    notebook.papers.move([1], Pile.READ)
    assert notebook.papers.snooze([1], "2026-12-24").batch is None
    assert notebook.papers.snooze([1, 2], "2026-12-24").changed == 1
    async with at_desk(notebook) as desk:
        await desk.press("g", "r", "z")
        said = "only what lies in the inbox is snoozed; i brings it back there"
        assert desk.status == said
        assert notebook.papers.entry(1).snoozed == ""


async def test_deciding_about_a_snoozed_paper_ends_its_snooze(notebook: Notebook) -> None:
    notebook.papers.snooze([1], "2026-12-24")
    notebook.papers.move([1], Pile.SKIP)
    assert notebook.papers.entry(1).snoozed == ""
    notebook.journal.undo()
    assert notebook.papers.entry(1).snoozed == "2026-12-24"


async def test_snoozed_papers_come_back_at_midnight(places: Places, tmp_path: Path) -> None:
    clock = MovedClock()
    with open_notebook(places, clock=clock) as notebook:
        add_papers(notebook, tmp_path, [made_up_record(number) for number in range(5)])
        async with at_desk(notebook) as desk:
            await desk.press("z")
            await desk.answer("tomorrow")
            assert (desk.cursor, len(desk.titles)) == (GARDENS, 4)
            clock.at += timedelta(minutes=15)
            await desk.until(lambda: "Inbox 5" in desk.tabs, "the day begins")
            await desk.settle()
            assert desk.titles == list(TITLES[:5])
            assert desk.cursor == GARDENS


# --- reasons


@both_sizes
async def test_a_reason_is_one_key(notebook: Notebook, size: tuple[int, int]) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press("X")
        assert f"skip “{ROBOTS}” because" in desk.text
        assert "1 off-topic  2 known already  3 weak  4 not now, or type a reason" in desk.text
        await desk.press("1")
        assert (desk.pile(ROBOTS), desk.cursor) == (Pile.SKIP, GARDENS)
        assert desk.status == "because: off-topic"
        assert notebook.journal.history(1)[0].reason == "off-topic"
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("reason:off-topic")
        await desk.press("enter")
        assert desk.titles == [ROBOTS]


async def test_a_reason_can_be_typed(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("X")
        await desk.type("no  3D here")
        await desk.press("enter")
        assert notebook.journal.history(1)[0].reason == "no 3D here"
        await desk.press("X", "escape")
        assert desk.titles == list(TITLES[1:])
        await desk.press("X", "enter")
        assert notebook.journal.history(1)[0].reason == ""
        assert desk.titles == list(TITLES[2:])


async def test_a_reason_that_is_typed_ahead_is_one_key_too(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.rush("X", "2")
        assert desk.pile(ROBOTS) is Pile.SKIP
        assert notebook.journal.history(1)[0].reason == "known already"


async def test_the_reasons_are_those_of_the_settings(notebook: Notebook, places: Places) -> None:
    places.settings.parent.mkdir(parents=True, exist_ok=True)
    places.settings.write_text('[triage]\nreasons = ["not my field", "[/] no code"]\n')
    async with at_desk(notebook) as desk:
        await desk.press("asterisk", "X")
        assert "skip 15 papers in Inbox because" in desk.text
        assert "1 not my field  2 [/] no code, or type a reason" in desk.text
        await desk.press("2")
        assert inbox(desk) == 0
        assert notebook.journal.history(1)[0].reason == "[/] no code"
    assert usual_settings().texts("triage.reasons")[0] == "off-topic"


# --- repeating


async def test_the_last_decision_is_repeated_with_all_that_belongs_to_it(
    notebook: Notebook,
) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("2", "X", "3", "full_stop")
        assert desk.titles == list(TITLES[4:])
        reasons = [(line.label, line.reason) for line in notebook.journal.history(2)]
        assert reasons == [("skip 2 papers", "weak")] * 2
        await desk.press("1", "full_stop")
        assert desk.titles == list(TITLES[5:])
        await desk.press("z")
        await desk.answer("3d")
        await desk.press("v", "j", "v", "full_stop")
        assert desk.titles == [TITLES[7], *TITLES[9:]]
        assert notebook.journal.history(1)[0].label == "snooze 2 papers until 2026-11-26"


async def test_a_repeated_decision_about_many_asks_for_its_own_key(long: Notebook) -> None:
    async with at_desk(long) as desk:
        await desk.press("x", "asterisk", "full_stop")
        assert "skip 119 in inbox? . again, Esc no" in right(desk)
        await desk.press("full_stop")
        assert inbox(desk) == 0


@pytest.mark.parametrize("key", ["A", "C"])
@both_sizes
async def test_no_key_decides_about_everything(
    notebook: Notebook, key: str, size: tuple[int, int]
) -> None:
    async with at_desk(notebook, size) as desk:
        await desk.press(key)
        said = "no key decides about all at once: * marks the view, then decide"
        assert said in right(desk)
        assert inbox(desk) == 15


# --- slips


class Fingers:
    """Tells when keys are pressed: `step` seconds after one another."""

    def __init__(self) -> None:
        self.now = 0.0
        self.step = 10.0

    def __call__(self) -> float:
        """Return when the next key is pressed."""
        self.now += self.step
        return self.now


@both_sizes
async def test_a_held_key_is_taken_back_by_one(
    notebook: Notebook, places: Places, size: tuple[int, int]
) -> None:
    fingers = Fingers()
    async with at_desk(notebook, size, seconds=fingers) as desk:
        await desk.press("s")
        fingers.now += 5
        fingers.step = 0.03
        await desk.rush(*"xxxxxxxx")
        assert "8 decisions in a moment: a slip? u takes back all 8" in right(desk)
        await desk.rush("x", "x")
        assert "10 decisions in a moment: a slip? u takes back all 10" in right(desk)
        await desk.press("u")
        assert desk.titles == list(TITLES[1:])
        assert (desk.cursor, desk.status) == (GARDENS, "undone: 10 papers back to inbox")
        assert desk.pile(ROBOTS) is Pile.STARRED
        await desk.press("u")
        assert desk.titles == list(TITLES)
    assert_journal_tells_all(places.database)


async def test_once_something_else_is_said_undo_takes_back_one(notebook: Notebook) -> None:
    fingers = Fingers()
    async with at_desk(notebook, seconds=fingers) as desk:
        fingers.step = 0.03
        await desk.press(*"xxxxxxxx")
        await desk.press("A", "u")
        assert desk.titles == list(TITLES[7:])


async def test_who_decides_at_her_pace_is_not_warned(notebook: Notebook) -> None:
    fingers = Fingers()
    async with at_desk(notebook, seconds=fingers) as desk:
        fingers.step = 0.2
        await desk.press(*"xsxrxsxrxs")
        assert "slip" not in desk.text


# --- the card


async def test_the_card_closes_with_a_word_where_no_paper_comes_next(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("G", "k", "enter", "x")
        assert desk.triage.reading.is_card
        await desk.until_shown("pockets number 14")
        await desk.press("s")
        assert not desk.triage.reading.is_card
        assert desk.status == "that was the last one here"
        assert desk.cursor == TITLES[12]


async def test_a_done_paper_that_is_read_again_stays_where_it_is(notebook: Notebook) -> None:
    notebook.papers.set_done([1])
    async with at_desk(notebook) as desk:
        await desk.press("g", "d", "r")
        assert desk.titles == [ROBOTS]
        assert desk.status == "read: it is there already"


# --- everything together


@pytest.mark.parametrize("seed", [1, 2])
async def test_any_keys_leave_the_journal_telling_what_is_so(
    long: Notebook, places: Places, seed: int
) -> None:
    chance = random.Random(seed)
    keys = ("j 5x x s 3r v V jjj * u u ^r . gi gr gx gd 12j G gg i m X1 30s s k A escape").split()
    named = {"^r": ["ctrl+r"], "*": ["asterisk"], ".": ["full_stop"], "escape": ["escape"]}
    async with at_desk(long, SMALL) as desk:
        for _ in range(60):
            key = chance.choice(keys)
            await desk.press(*named.get(key, list(key)))
            for view in View:
                if desk.triage.viewing.view is view and not desk.triage._answered:
                    assert set(desk.triage.ids) == set(long.papers.ids(view)), key
    assert_journal_tells_all(places.database)


async def test_in_a_long_list_threads_do_the_same(
    long: Notebook, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "AT_ONCE", 10)
    monkeypatch.setattr(deciding, "AT_ONCE", 10)
    async with at_desk(long, SMALL) as desk:
        await desk.rush("asterisk", "x")
        assert "skip 120 in inbox? x again, Esc no" in right(desk)
        await desk.press("escape", "v")
        assert "119 marked" in right(desk)
        await desk.press("s")
        await desk.press("s")
        assert desk.titles == [title(0)]
        await desk.press("u")
        assert (len(desk.titles), desk.cursor) == (MANY, title(1))
        await desk.press("g", "g", "j", "v", "j", "v", *"50G", "v", *"40G", "x")
        assert desk.titles == [title(each) for each in range(MANY) if each not in (1, 3, 49)]
        assert desk.cursor == title(39)
        await desk.press(*"10G", "V", *"40G", "V", "r")
        await desk.press("r")
        assert len(desk.titles) == MANY - 3 - 31
    assert_journal_tells_all(places.database)
