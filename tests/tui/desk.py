"""The screen at work in a test: keys in, text out, and a tray that can be looked at.

Import with ``from .desk import Desk, add_papers, at_desk``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from papertray.core.model import Entry, Pile
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.papers import View
from papertray.store.places import Places
from papertray.tui.app import PapertrayApp
from papertray.tui.commanding import Commands
from papertray.tui.keys import KeyMap
from papertray.tui.memory import Memory
from papertray.tui.screens.triage import TriageScreen
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.paper_list import PaperList

SMALL = (80, 24)
LARGE = (120, 40)

PATIENCE = 10.0
"""Seconds after which a condition that does not come true is a failure."""

WORDS = (
    "robots", "gardens", "lanterns", "magnets", "tunnels", "rabbits", "kernels", "ribbons",
    "dragons", "baskets", "windows", "planets", "tickets", "carpets", "pockets",
)  # fmt: skip
"""What the made-up papers are about, one word each, in the order of the list."""


class StoppedClock:
    """A clock that always shows the same moment."""

    def now(self) -> datetime:
        """Return nine in the morning of 23 November 2026."""
        return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class LaterClock:
    """A clock that shows a later moment: what is added then comes first in the inbox."""

    def now(self) -> datetime:
        """Return eleven in the morning of 23 November 2026."""
        return datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def made_up_record(number: int) -> dict[str, object]:
    """Return the paper `number`, from 0, as a line of JSON Lines tells it."""
    word = WORDS[number % len(WORDS)]
    sentence = f"We study {word} at length, and find that {word} number {number} are not alone."
    return {
        "title": f"On {word}, part {number + 1}",
        "abstract": " ".join([sentence] * 6),
        "authors": [f"Ada Number{number:02d}", "Bob Second"],
        "year": 2020 + number % 5,
        "arxiv_id": f"2001.{number + 1:05d}",
        "code_urls": [f"https://example.org/{word}"],
    }


TITLES = tuple(str(made_up_record(number)["title"]) for number in range(len(WORDS)))
"""The titles of the made-up papers, in the order of the inbox."""


def add_papers(notebook: Notebook, folder: Path, records: Sequence[Mapping[str, object]]) -> None:
    """Put papers into the inbox by way of a file of JSON Lines called ``morning.jsonl``."""
    file = folder / "morning.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    report = notebook.feeds.add([str(file)], BytesIO())
    assert not report.failures
    assert report.counts.added == len(records)


def open_notebook(places: Places, name: str = "ours", **how: Any) -> Notebook:
    """Open the tray at `places` with a stopped clock and names that are the same in every run.

    A second notebook on the same tray takes another `name`.
    """
    numbers = count(1)
    return Notebook(
        places,
        Origin.SCREEN,
        new_uid=lambda: f"{name}-{next(numbers):04d}",
        **{"clock": StoppedClock(), **how},
    )


class Desk:
    """A running screen. Methods return when what they asked for is on the screen and on disk."""

    def __init__(self, app: PapertrayApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.notebook = app.notebook
        self._pilot = pilot

    # --- keys

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, by Textual's names, each when the one before is done."""
        for key in keys:
            self._send(key)
            await self.settle()

    async def rush(self, *keys: str) -> None:
        """Press keys faster than the screen takes them, as a slow line delivers them."""
        for key in keys:
            self._send(key)
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        await self._pilot.resize_terminal(width, height)
        await self.settle()

    async def click(self, text: str, line: int = 0) -> None:
        """Click into the middle of a text where it stands first on the screen, from `line` on."""
        for y, shown in enumerate(self.text.splitlines()):
            if y >= line and text in shown:
                x = cell_len(shown.partition(text)[0]) + cell_len(text) // 2
                await self._pilot.click(offset=(x, y))
                await self.settle()
                return
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text}")

    async def turn_wheel(self, selector: str, steps: int) -> None:
        """Turn the wheel over a widget: down, or up with negative `steps`."""
        kind = events.MouseScrollDown if steps > 0 else events.MouseScrollUp
        for _ in range(abs(steps)):
            await self._pilot._post_mouse_events([kind], selector)
        await self.settle()

    def _send(self, key: str) -> None:
        character = _CHARACTERS.get(key, key if len(key) == 1 else None)
        name = _character_to_key(key) if len(key) == 1 else key
        self.app.post_message(events.Key(name, character))

    async def type(self, text: str) -> None:
        """Type a text, faster than anything can follow that looks at each letter."""
        await self.rush(*(_KEYS.get(letter, letter) for letter in text))

    async def answer(self, text: str) -> None:
        """Put a text in place of what stands in the prompt, and give it."""
        self.box.value = text
        await self.press("enter")

    async def settle(self) -> None:
        """Wait until decisions are on disk, searches are over and the screen shows all that.

        It has to be so twice in a row: what a thread delivers is between two queues for a moment.
        """
        workers = self.app.workers
        times = 0
        while times < 2:
            await self.until(lambda: self.app.writer.is_idle, "the writer is idle")
            await self.until(lambda: not self.app.jobs.is_running, "the job is over")
            await self.until(lambda: all(w.is_finished for w in workers), "the workers are done")
            if times == 0 or (not self.has_ended and self._has_messages):
                await self._quiet()
            is_quiet = self._is_at_rest and all(worker.is_finished for worker in workers)
            times = times + 1 if is_quiet else 0
            await asyncio.sleep(0.001)

    @property
    def _has_messages(self) -> bool:
        nodes = [self.app, *self.app.screen_stack, *self.app.screen.walk_children()]
        return any(node.message_queue_size for node in nodes)

    @property
    def _is_at_rest(self) -> bool:
        return self.app.writer.is_idle and not self.app.jobs.is_running

    async def _quiet(self) -> None:
        """Wait until nobody on the screen has a message left to handle, or the screen ended."""
        end = monotonic() + PATIENCE
        while not self.has_ended:
            await self._pilot.pause(0)
            if not self._has_messages:
                return
            assert monotonic() < end, f"the screen does not come to rest:\n{self.text}"

    @property
    def has_ended(self) -> bool:
        """Whether the screen was left."""
        return bool(self.app._exit)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition."""
        end = monotonic() + PATIENCE
        while not condition():
            assert monotonic() < end, f"waited in vain until {what}; on the screen:\n{self.text}"
            await self._pilot.pause(0.002)

    async def until_index_follows(self) -> None:
        """Wait until the search index holds everything."""
        search = self.notebook.search
        await self.until(lambda: search.is_ready and not search.behind(), "the index follows")

    async def until_shown(self, text: str) -> None:
        """Wait until a text is on the screen."""
        await self.until(lambda: text in self.text, f"{text!r} is shown")

    # --- what is seen

    @property
    def text(self) -> str:
        """The screen as plain text."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def triage(self) -> TriageScreen:
        """The screen with the papers, which may lie below others."""
        found = self.app.screen_stack[0]
        assert isinstance(found, TriageScreen)
        return found

    @property
    def is_with_papers(self) -> bool:
        """Whether no other screen lies above the papers."""
        return self.app.screen is self.triage

    @property
    def cursor(self) -> str:
        """The title of the paper under the cursor, empty without one."""
        paper_id = self.triage.paper_id
        return "" if paper_id is None else self.notebook.papers.entry(paper_id).work.title

    @property
    def titles(self) -> list[str]:
        """The titles of the list, in its order."""
        return [entry.work.title for entry in self.notebook.papers.entries(self.triage.ids)]

    @property
    def tabs(self) -> str:
        """The line with the piles and their counts."""
        return self._line("tabs")

    @property
    def status(self) -> str:
        """What the status line says was done."""
        return self._line("status").strip()

    @property
    def found(self) -> str:
        """What the line below the search box says."""
        return self._line("found").strip()

    @property
    def list_index(self) -> int:
        """The line of the list with the cursor."""
        return self.triage.query_one(PaperList).index

    def _line(self, name: str) -> str:
        return self.triage.query_one(f"#{name}", Line).text

    @property
    def list_lines(self) -> list[str]:
        """The words of each line of the list on the screen, without its scroll bar."""
        lines = self.text.splitlines()[1 : 1 + self.triage.query_one(PaperList).page]
        return [" ".join(line.rstrip(" ▁▂▃▄▅▆▇█").split()) for line in lines]

    @property
    def toasts(self) -> list[str]:
        """What is shown as a toast."""
        return [notification.message for notification in self.app._notifications]

    @property
    def box(self) -> Input:
        """The line of the prompt on top, or of the search."""
        return self.app.screen.query_one(Input)

    @property
    def editor(self) -> TextArea:
        """The note editor on top."""
        return self.app.screen.query_one(TextArea)

    # --- what is on disk

    def paper(self, title: str) -> Entry:
        """Return the paper with a title, as it lies on disk."""
        for pile in View:
            for entry in self.notebook.papers.entries(self.notebook.papers.ids(pile)):
                if entry.work.title == title:
                    return entry
        raise AssertionError(f"no paper is called {title}")

    def pile(self, title: str) -> Pile:
        """Return where a paper lies on disk."""
        return self.paper(title).pile


_KEYS = {" ": "space", "\n": "enter"}

_CHARACTERS = {"space": " ", "enter": "\r", "tab": "\t", "escape": "\x1b", "slash": "/",
               "backslash": "\\", "full_stop": ".", "question_mark": "?"}  # fmt: skip


@asynccontextmanager
async def at_desk(
    notebook: Notebook,
    size: tuple[int, int] = LARGE,
    *,
    key_map: KeyMap | None = None,
    is_tour: bool = False,
    home: Path | None = None,
    elsewhere: Callable[[], Notebook] | None = None,
    memory: Memory | None = None,
    commands: Commands | None = None,
    seconds: Callable[[], float] | None = None,
    budget: float | None = None,
) -> AsyncIterator[Desk]:
    """Run the screen on a notebook, without a terminal. `home`: where a library may be found.

    `elsewhere` opens the tray once more, for what goes on in the background: without it, nothing.
    `seconds` tells when keys are pressed: without it a minute passes between any two.
    """
    app = PapertrayApp(
        notebook,
        key_map or KeyMap(),
        is_tour=is_tour,
        home=home,
        elsewhere=elsewhere,
        memory=memory,
        commands=commands,
        seconds=seconds or partial(next, count(0, 60)),
        budget=budget,
    )
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = Desk(app, pilot)
            await desk.settle()
            yield desk
            await desk.settle()
            app.leave()
    finally:
        app.close()
