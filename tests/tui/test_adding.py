"""Adding files and works from the screen, and stopping what takes long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.core.errors import UsageError
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook
from papertray.tui.jobs import Jobs, Steps
from papertray.tui.screens.adding import complete_path, sources
from papertray.tui.screens.note import NoteScreen
from papertray.tui.screens.triage import TriageScreen

from .desk import SMALL, TITLES, add_papers, at_desk, made_up_record


async def test_a_file_is_added(empty: Notebook, tmp_path: Path) -> None:
    file = tmp_path / "evening.jsonl"
    file.write_text('{"title": "One"}\n{"title": "Two"}\n{"title": "Three\n', encoding="utf-8")
    async with at_desk(empty) as desk:
        await desk.press("a")
        await desk.until_shown("Add a file or folder")
        await desk.answer(str(file))
        assert desk.titles == ["One", "Two"]
        assert desk.tabs.startswith(" Inbox 2 ")
        assert desk.status.startswith("2 added, 0 merged, 0 known, 1 failed (line 3:")
        await desk.until_index_follows()
        await desk.press("a")
        await desk.answer(str(file))
        assert desk.status.startswith("0 added, 0 merged, 2 known")
        await desk.press("u")
        assert desk.titles == []


async def test_a_wrong_answer_stays_in_the_prompt(empty: Notebook, tmp_path: Path) -> None:
    async with at_desk(empty) as desk:
        await desk.press("a")
        await desk.answer(str(tmp_path / "missing.txt"))
        await desk.until_shown("There is no file")
        assert desk.box.value == str(tmp_path / "missing.txt")
        await desk.press("escape")
        assert isinstance(desk.app.screen, TriageScreen)


@pytest.mark.parametrize("name", ["picture.png", "folder"])
async def test_what_is_nothing_we_read_is_a_sentence(
    empty: Notebook, tmp_path: Path, name: str
) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "folder").mkdir()
    async with at_desk(empty) as desk:
        await desk.press("a")
        await desk.answer(str(tmp_path / name))
        assert len(desk.toasts) == 1
        assert name in desk.toasts[0]
        await desk.press("g", "m")
        assert "nothing" in desk.text.lower() or name in desk.text
        await desk.press("q")
        assert desk.titles == []


def test_names_and_pages_are_told_from_files(tmp_path: Path) -> None:
    file = tmp_path / "two words.bib"
    file.touch()
    assert sources(str(file)) == ([str(file)], [])
    assert sources("2510.06638 10.1145/3292500") == (["2510.06638", "10.1145/3292500"], [])
    assert sources("not-there.bib") == (["not-there.bib"], [])


def test_paths_are_completed(tmp_path: Path) -> None:
    for name in ("refs.bib", "reading.md", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / "review").mkdir()

    def completed(typed: str) -> list[str]:
        line = f"{tmp_path}/{typed}"
        start, found = complete_path(line, len(line))
        assert start == 0
        return [name.removeprefix(f"{tmp_path}/") for name in found]

    assert completed("re") == ["reading.md", "refs.bib", "review/"]
    assert completed("") == ["reading.md", "refs.bib", "review/"]
    assert completed(".h") == [".hidden"]
    assert completed("nowhere/x") == []


# --- what takes long


@pytest.fixture
def steps_taken() -> Iterator[threading.Event]:
    """Lets a job go on."""
    event = threading.Event()
    yield event
    event.set()


async def test_decisions_do_not_wait_for_what_takes_long(
    notebook: Notebook, steps_taken: threading.Event
) -> None:
    async with at_desk(notebook) as desk:
        app = desk.app
        over: list[int] = []

        def work(steps: Steps) -> int:
            steps_taken.wait()
            return 7

        assert app.jobs.start("long work", work, over.append, desk.triage.refused)
        assert not app.jobs.start("more", work, over.append, desk.triage.refused)
        desk._send("s")
        await desk.until(lambda: notebook.papers.counts().starred == 1, "the decision is on disk")
        assert app.jobs.is_running
        steps_taken.set()
        await desk.until(lambda: over == [7], "the work is done")
        assert desk.pile(TITLES[0]) is Pile.STARRED


async def test_what_takes_long_is_told_and_stopped(notebook: Notebook) -> None:
    seconds = iter(range(1_000_000))
    async with at_desk(notebook) as desk:
        app, over = desk.app, []
        app.jobs = Jobs(
            app.deliver, lambda text: app.show_notice("job", text), lambda: next(seconds)
        )

        def work(steps: Steps) -> None:
            while True:
                steps(12_000, 20_007)

        app.jobs.start("adding refs.bib", work, over.append, desk.triage.refused,
                       lambda: over.append("stopped"))  # fmt: skip
        await desk.until_shown("adding refs.bib: 12,000 of 20,007 · ^C stops")
        desk._send("ctrl+c")
        await desk.until(lambda: over == ["stopped"], "it stopped")
        await desk.settle()
        assert "adding" not in desk.tabs
        await desk.press("ctrl+c")
        assert desk.status == "nothing to stop; q quits"


async def test_what_fails_is_told(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:

        def work(steps: Steps) -> None:
            raise UsageError("It cannot be done.")

        desk.app.jobs.start("a try", work, lambda _: None, desk.triage.refused)
        await desk.settle()
        assert desk.toasts == ["It cannot be done."]


async def test_half_an_add_is_not_taken_back(
    empty: Notebook, tmp_path: Path, steps_taken: threading.Event
) -> None:
    add_papers(empty, tmp_path, [made_up_record(number) for number in range(3)])
    async with at_desk(empty) as desk:
        desk.app.jobs.start(
            "adding refs.bib", lambda steps: steps_taken.wait(), lambda _: None, desk.triage.refused
        )
        desk._send("u")
        await desk.until(lambda: bool(desk.status), "something is said")
        assert desk.status == "still adding refs.bib: ^C stops it"
        assert len(desk.titles) == 3
        desk._send("x")
        await desk.until(lambda: empty.papers.counts().skip == 1, "the decision is on disk")
        desk._send("u")
        await desk.until(lambda: empty.papers.counts().skip == 0, "the decision is taken back")
        steps_taken.set()
        await desk.settle()
        await desk.press("u")
        assert desk.titles == []


@pytest.mark.parametrize("key", ["n", "o"])
async def test_lists_stop_what_takes_long_too(notebook: Notebook, key: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("g", key)
        await desk.press("ctrl+c")
        await desk.until_shown("nothing to stop; q quits")


async def test_a_note_stops_what_takes_long_too(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("e")
        await desk.press("ctrl+c")
        await desk.until_shown("nothing to stop; q quits")
        assert isinstance(desk.app.screen, NoteScreen)


async def test_what_is_said_is_shown_whole_at_80_columns(notebook: Notebook) -> None:
    async with at_desk(notebook, SMALL) as desk:
        await desk.press("x")
        said = "no PDF here, and none to fetch: papertray attach KEY FILE gives it yours"
        desk.triage.say(said)
        await desk.settle()
        assert said in desk.text
