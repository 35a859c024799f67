"""What the list shows: its order, its groups, saved searches, and where one was the last time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.store.papers import View
from papertray.store.places import Places
from papertray.store.views import Grouping
from papertray.tui.arranging import heading, question, rule, stopped
from papertray.tui.memory import Memory

from .desk import (
    LARGE,
    SMALL,
    TITLES,
    Desk,
    StoppedClock,
    add_papers,
    at_desk,
    made_up_record,
    open_notebook,
)

NOW = StoppedClock().now()


class MovedClock:
    """A clock that shows what it is told."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return that moment."""
        return self.moment


@pytest.fixture
def days(places: Places, tmp_path: Path) -> Iterator[Notebook]:
    """A tray whose papers came on three days, five each, of two venues."""
    for day in (2, 1, 0):
        clock = MovedClock(NOW - timedelta(days=day))
        with open_notebook(places, f"day {day}", clock=clock) as filling:
            first = 5 * (2 - day)
            records = [
                {**made_up_record(number), "venue": "ACL" if number % 2 else "Zentralblatt"}
                for number in range(first, first + 5)
            ]
            add_papers(filling, tmp_path, records)
    with open_notebook(places) as ours:
        yield ours


HEADINGS = ["Monday 23 Nov", "Sunday 22 Nov", "Saturday 21 Nov"]


def headings(desk: Desk) -> list[str]:
    """Return what stands on the headings of the list that are on the screen."""
    return [line.strip("─ ") for line in desk.list_lines if line.startswith("───")]


# --- groups


async def test_a_high_screen_groups_by_day(days: Notebook) -> None:
    async with at_desk(days, LARGE) as desk:
        assert headings(desk) == [f"{day}, 5" for day in HEADINGS]
        assert desk.cursor == TITLES[10]
        await desk.press("j", "j", "j", "j", "j")
        assert desk.cursor == TITLES[5]  # past the heading, without a stop on it


async def test_a_low_screen_has_room_for_papers_only(days: Notebook) -> None:
    async with at_desk(days, SMALL) as desk:
        assert headings(desk) == []


async def test_papers_of_one_day_need_no_heading(notebook: Notebook) -> None:
    async with at_desk(notebook, LARGE) as desk:
        assert headings(desk) == []


async def test_headings_count_what_is_left(days: Notebook) -> None:
    async with at_desk(days, LARGE) as desk:
        await desk.press("x", "x")
        assert headings(desk)[0] == "Monday 23 Nov, 3"
        await desk.press("x", "x", "x")
        assert headings(desk) == ["Sunday 22 Nov, 5", "Saturday 21 Nov, 5"]
        await desk.press("u")
        assert headings(desk)[0] == "Monday 23 Nov, 1"
        assert desk.cursor == TITLES[14]


async def test_a_click_finds_the_paper_below_headings(days: Notebook) -> None:
    async with at_desk(days, LARGE) as desk:
        await desk._pilot.click("#list", offset=(10, 7))
        await desk.settle()
        assert desk.cursor == TITLES[5]
        await desk._pilot.click("#list", offset=(10, 6))  # the heading above it
        await desk.settle()
        assert desk.cursor == TITLES[5]


@pytest.mark.parametrize(
    ("key", "said", "expected"),
    [
        ("V", "grouped by venue", ["ACL, 7", "Zentralblatt, 8"]),
        ("F", "grouped by feed", []),
        ("N", "not grouped", []),
    ],
)
async def test_other_groups(days: Notebook, key: str, said: str, expected: list[str]) -> None:
    async with at_desk(days, LARGE) as desk:
        await desk.press("j", "S", key)
        assert headings(desk) == expected
        assert desk.status == said
        assert desk.cursor == TITLES[11]  # where it was


# --- order


@pytest.mark.parametrize(
    ("key", "first"), [("t", "On baskets"), ("y", "On lanterns"), ("a", "On dragons")]
)
async def test_other_orders(notebook: Notebook, key: str, first: str) -> None:
    if key == "a":
        notebook.papers.move(range(1, 9), Pile.SKIP)
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("j", "S", key)
        expected = {
            "t": sorted(TITLES, key=str.casefold),
            "y": sorted(TITLES, key=lambda title: -(2020 + TITLES.index(title) % 5)),
            "a": list(TITLES[8:]),
        }[key]
        assert [title.split(",")[0] for title in desk.titles] == [
            title.split(",")[0] for title in expected
        ]
        assert desk.cursor == desk.titles[0]


async def test_any_other_key_leaves_the_order(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        for key in ("escape", "x", "q"):
            await desk.press("S")
            assert "t)itle" in desk.status
            await desk.press(key)
            assert desk.titles == list(TITLES)
            assert "t)itle" not in desk.status


async def test_a_random_order_stays_for_good(
    notebook: Notebook, tmp_path: Path, places: Places
) -> None:
    memory = Memory(tmp_path / "memory.json")
    async with at_desk(notebook, SMALL, memory=memory) as desk:
        await desk.press("S", "r")
        shuffled = desk.titles
        assert sorted(shuffled) == sorted(TITLES)
        assert shuffled != list(TITLES)
    async with at_desk(notebook, SMALL, memory=Memory(tmp_path / "memory.json")) as desk:
        assert desk.titles == shuffled


async def test_an_undo_and_what_others_add_keep_the_order(
    notebook: Notebook, places: Places, tmp_path: Path
) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("S", "t")
        await desk.press("x", "x", "u")
        by_title = sorted(TITLES)
        assert desk.titles == by_title[1:]
        assert desk.cursor == by_title[1]
        with open_notebook(places, "other") as other:
            add_papers(other, tmp_path, [{"title": "An apple, of all things"}])
        desk.triage.elsewhere.look()
        await desk.settle()
        assert desk.titles == ["An apple, of all things", *by_title[1:]]
        assert desk.cursor == by_title[1]


async def test_an_order_holds_in_every_pile(notebook: Notebook) -> None:
    notebook.papers.move([3, 1, 2], Pile.STARRED)
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("S", "t", "g", "s")
        assert desk.titles == sorted(TITLES[:3])


# --- saved searches


@pytest.fixture
def searches(notebook: Notebook) -> Notebook:
    """The made-up papers with two saved searches."""
    notebook.searches.save("robotics", "robots")
    notebook.searches.save("[/] two", "year:2020 pile:inbox")
    return notebook


async def test_saved_searches_are_tabs_with_counts(searches: Notebook) -> None:
    async with at_desk(searches) as desk:
        await desk.until_index_follows()
        desk.triage.viewing.counting.look()
        await desk.settle()
        assert desk.tabs == (
            " Inbox 15  Read 0  Starred 0  Skip 0  Done 0 | robotics 1  [/] two 3 "
        )


async def test_tabs_that_do_not_fit_are_left_out(searches: Notebook) -> None:
    async with at_desk(searches, (56, 24)) as desk:
        assert "robotics" not in desk.tabs
        await desk.press("g", "1")
        assert "robotics" in desk.tabs


async def test_a_saved_search_is_a_view(searches: Notebook) -> None:
    async with at_desk(searches) as desk:
        await desk.press("g", "2")
        assert desk.titles == [TITLES[0], TITLES[5], TITLES[10]]
        await desk.press("x")
        assert desk.pile(TITLES[0]) is Pile.SKIP
        assert desk.titles == [TITLES[0], TITLES[5], TITLES[10]]  # it stays, with its pile
        assert desk.list_lines[0].startswith("x On robots")
        assert desk.cursor == TITLES[5]
        await desk.press("S", "t")
        assert desk.titles == sorted([TITLES[5], TITLES[10]])  # asked anew, it is gone
        await desk.press("g", "i", "shift+tab")
        assert desk.triage.viewing.shown.title == "[/] two"
        assert desk.titles == [TITLES[5], TITLES[10]]  # in the order that was chosen
        await desk.press("tab")
        assert desk.triage.viewing.view is View.INBOX


async def test_a_number_without_a_saved_search_says_so(searches: Notebook) -> None:
    async with at_desk(searches) as desk:
        await desk.press("g", "7")
        assert desk.status == "there is no saved search 7, only 2"


async def test_without_saved_searches_it_says_how_to_have_some(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", "1")
        assert desk.status.startswith("no search is saved yet")
        assert desk.triage.viewing.view is View.INBOX


# --- where one was


def left_at(tmp_path: Path, **values: object) -> Memory:
    """Return a memory that was written the day before at 18:02, with some values."""
    file = tmp_path / "memory.json"
    usual = {"view": "inbox", "left": "2026-11-22T18:02:00.000Z"}
    file.write_text(json.dumps({**usual, **values}), encoding="utf-8")
    return Memory(file)


async def test_view_cursor_and_card_are_there_again(notebook: Notebook, tmp_path: Path) -> None:
    notebook.papers.move([3, 4, 5], Pile.STARRED)
    memory = Memory(tmp_path / "memory.json")
    async with at_desk(notebook, memory=memory) as desk:
        await desk.press("g", "s", "j", "enter")
    again = Memory(tmp_path / "memory.json")
    assert again.now.view == "starred"
    assert again.now.paper_id == 4
    async with at_desk(notebook, memory=again) as desk:
        assert desk.triage.viewing.view is View.STARRED
        assert desk.cursor == TITLES[3]
        assert desk.triage.reading.is_card
        assert "you stopped here" not in desk.text  # only a moment ago


async def test_a_search_is_there_again(searches: Notebook, tmp_path: Path) -> None:
    memory = left_at(tmp_path, search="rabbits", paper_id=6)
    async with at_desk(searches, memory=memory) as desk:
        await desk.until(lambda: desk.triage.finding.text == "rabbits", "it is searched for")
        await desk.settle()
        assert desk.titles == [TITLES[5]]


async def test_a_saved_search_is_there_again(searches: Notebook, tmp_path: Path) -> None:
    memory = left_at(tmp_path, view="robotics", is_saved=True)
    async with at_desk(searches, memory=memory) as desk:
        assert desk.titles == [TITLES[0]]
    searches.searches.remove("robotics")
    async with at_desk(searches, memory=left_at(tmp_path, view="robotics", is_saved=True)) as desk:
        assert desk.triage.viewing.view is View.INBOX


async def test_a_line_says_when_one_stopped(notebook: Notebook, tmp_path: Path) -> None:
    async with at_desk(notebook, memory=left_at(tmp_path, paper_id=4)) as desk:
        assert desk.cursor == TITLES[3]
        assert desk.list_lines[3].strip("─ ") == "you stopped here on Sunday 18:02"
        assert TITLES[3] in desk.list_lines[4]
        await desk.press("x")
        assert TITLES[4] in desk.list_lines[4]  # it stays where it was, above the next paper
        await desk.press("k")
        assert desk.cursor == TITLES[2]


async def test_it_stands_on_the_heading_of_a_group(days: Notebook, tmp_path: Path) -> None:
    async with at_desk(days, memory=left_at(tmp_path, paper_id=6)) as desk:
        assert desk.cursor == TITLES[5]
        assert headings(desk)[1] == "Sunday 22 Nov, 5 ─── you stopped here on Sunday 18:02"


async def test_where_the_paper_is_gone_the_nearest_has_the_cursor(
    notebook: Notebook, tmp_path: Path
) -> None:
    notebook.papers.move([4], Pile.SKIP)
    async with at_desk(notebook, memory=left_at(tmp_path, paper_id=4)) as desk:
        assert desk.cursor == TITLES[4]
    async with at_desk(notebook, memory=left_at(tmp_path, paper_id=9999)) as desk:
        assert desk.cursor == TITLES[0]


@pytest.mark.parametrize("group", ["none", "day"])
async def test_a_place_far_down_is_painted_first_and_does_not_move(
    empty: Notebook, tmp_path: Path, group: str
) -> None:
    add_papers(empty, tmp_path, [{"title": f"Paper {number}"} for number in range(1, 1001)])
    memory = left_at(tmp_path, paper_id=700, group=group)
    async with at_desk(empty, memory=memory) as desk:
        assert len(desk.triage.rows) == 1000
        assert desk.cursor == "Paper 700"
        assert desk.list_index == 699
        lines = desk.list_lines
        line = next(at for at, text in enumerate(lines) if "Paper 700 " in text)
        assert "you stopped here" in lines[line - 1]
        assert "Paper 699 " in lines[line - 2]


# --- the signs before a title


async def test_signs_of_a_note_a_mark_and_a_pile(notebook: Notebook) -> None:
    notebook.notes.save_main(2, "Read this.\n")
    async with at_desk(notebook, SMALL) as desk:
        assert desk.list_lines[1].startswith("n On gardens")
        await desk.press("v")
        assert "* On robots" in desk.list_lines[0]


# --- the session line


async def test_the_status_line_counts_what_was_decided(notebook: Notebook) -> None:
    async with at_desk(notebook, LARGE) as desk:
        await desk.press("x", "x", "s")
        assert desk.status.startswith("3 today: 1 star, 2 skip   12 left")
        await desk.press("u", "g", "i")
        desk.triage.say("")
        assert desk.status.startswith("2 today: 2 skip   13 left")


async def test_what_was_decided_before_counts_for_the_day(notebook: Notebook) -> None:
    notebook.papers.move([1, 2], Pile.READ)
    async with at_desk(notebook, LARGE) as desk:
        assert desk.status == "2 today: 2 read   13 left"


async def test_a_budget_ends_at_a_checkpoint(places: Places, tmp_path: Path) -> None:
    clock = MovedClock()
    with open_notebook(places, clock=clock) as notebook:
        add_papers(notebook, tmp_path, [made_up_record(number) for number in range(9)])
        async with at_desk(notebook, budget=1200) as desk:
            assert desk.status == "20 min to go"
            await desk.press("x")
            clock.moment += timedelta(minutes=20)
            await desk.until_shown("Time is over: 20 min.")
            assert "Decided: 1 paper (1 skip)." in desk.text
            assert "8 left in the inbox." in desk.text
            await desk.press("x", "s", "enter")
            assert desk.status.startswith("20 min to go   1 today")
            clock.moment += timedelta(minutes=20)
            await desk.until_shown("Time is over: 20 min.")
            await desk.press("q")
            assert desk.has_ended
            assert desk.app.farewell == ["Decided: 1 paper (1 skip).", "8 left in the inbox."]


# --- in words


@pytest.mark.parametrize("width", [78, 90, 118])
def test_the_question_fits(width: int) -> None:
    assert len(question(width)) <= width


@pytest.mark.parametrize(
    ("group", "grouping", "count", "text"),
    [
        ("2026-11-22", Grouping.DAY, 25, "Sunday 22 Nov, 25"),
        ("2025-01-06", Grouping.DAY, 1200, "Monday 6 Jan 2025, 1,200"),
        ("", Grouping.VENUE, None, "no venue"),
        ("HF daily", Grouping.FEED, 3, "HF daily, 3"),
    ],
)
def test_headings_in_words(group: str, grouping: Grouping, count: int | None, text: str) -> None:
    assert heading(group, grouping, count, "2026-11-23") == text


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ("", ""),
        ("not an instant", ""),
        ("2026-11-23T08:30:00.000Z", ""),
        ("2026-11-23T07:30:00.000Z", "you stopped here at 07:30"),
        ("2026-11-20T18:02:00.000Z", "you stopped here on Friday 18:02"),
        ("2026-11-02T18:02:00.000Z", "you stopped here on Monday 2 Nov 18:02"),
    ],
)
def test_when_one_stopped_in_words(left: str, said: str) -> None:
    assert stopped(left, NOW, UTC) == said


@pytest.mark.parametrize("width", [5, 20, 60])
def test_a_rule_is_as_wide_as_asked_for(width: int) -> None:
    from rich.cells import cell_len

    assert cell_len(rule("漢字の雑誌, 12", "you stopped here", width)) == width
