"""The offers of an empty tray: to bring in the Zotero library that lies on this machine, and to
subscribe to the feeds that newsboat has.

Looking for them waits until the screen is painted, and takes place in a thread. Nothing is changed
there, and one undo takes all of it out of the tray again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from textual.worker import Worker

from papertray.core.clean import clean
from papertray.store.papers import View
from papertray.tui.text import Paragraph

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from papertray.notebook.feeds import AddReport
    from papertray.notebook.subscriptions import Imported
    from papertray.tui.jobs import Steps
    from papertray.tui.screens.triage import TriageScreen

MOST_SAID = 100
"""Items that could not be read and are named one by one."""


class MovingIn:
    """Knows whether there are a library and feeds to bring in, and brings them in."""

    def __init__(self, screen: TriageScreen, home: Path | None) -> None:
        """`home` is the folder to look in; None: nothing is looked for."""
        self._screen = screen
        self._home = home
        self._library: Path | None = None
        self._newsboat: Path | None = None

    def look(self) -> None:
        """Look for a library, where the tray is empty; show the offer once one is found."""
        home = self._home
        if home is None or self._screen.notebook.papers.number():
            return

        async def look() -> None:
            self._library, self._newsboat = await asyncio.to_thread(_find, home)
            if (self._library or self._newsboat) and not self._screen.rows:
                self._screen.reading.show()

        _: Worker[None] = self._screen.run_worker(look, group="moving-in")

    def offer(self) -> list[Paragraph]:
        """Return what an empty tray says of what was found; nothing where nothing was."""
        key_of = self._screen.papertray.key_map.key_of
        card, fetch = key_of("work.card"), key_of("rest.fetch")
        unchanged = "Nothing is changed there, and u takes it back."
        said = []
        if self._library is not None:
            said += [
                Paragraph(f"Your Zotero library is at {self._shown(self._library)}.", True),
                Paragraph(f"{card}   bring it in: keys, notes, tags, files", indent=2),
                Paragraph(unchanged, indent=6, is_quiet=True),
                Paragraph(""),
            ]
        if self._newsboat is not None and not self._has_feeds():
            said += [
                Paragraph(f"newsboat's feeds are in {self._shown(self._newsboat)}.", True),
                Paragraph(f"{fetch}   subscribe to them, and fetch", indent=2),
                Paragraph(""),
            ]
        return said

    def _shown(self, path: Path) -> str:
        home = self._home
        if home is None or not path.is_relative_to(home):
            return clean(str(path))
        return clean(f"~/{path.relative_to(home)}")

    def _has_feeds(self) -> bool:
        return bool(self._screen.notebook.subscriptions.all())

    def accept_feeds(self) -> bool:
        """Subscribe to newsboat's feeds, if that is offered now, and fetch; tell whether it is."""
        newsboat, screen = self._newsboat, self._screen
        if newsboat is None or screen.notebook.papers.number() or self._has_feeds():
            return False
        self._newsboat = None
        subscriptions = screen.notebook.subscriptions

        def done(imported: Imported) -> None:
            said = f"{len(imported.added):,} feeds added"
            screen.papertray.background.fetch()
            screen.say(f"{said}; fetching …")
            if imported.left:
                left = [Paragraph(clean(f"{one.place}: {one.reason}")) for one in imported.left]
                _show(screen, f"{said}, {len(left):,} lines left out", left)

        screen.papertray.writer.write(
            lambda: subscriptions.import_list(_content(newsboat), self._shown(newsboat)),
            done,
            screen.refused,
        )
        return True

    def accept(self) -> bool:
        """Bring the library in, if it is offered now; tell whether it is."""
        library, screen = self._library, self._screen
        if library is None or screen.notebook.papers.number():
            return False
        self._library = None  # a second keypress brings nothing in twice
        feeds = screen.notebook.feeds

        def work(steps: Steps) -> AddReport:
            return feeds.add([str(library)], BytesIO(), progress=lambda done, share: steps(done))

        what = f"bringing in {library}"
        screen.say(f"{what} …")
        screen.papertray.jobs.start(
            what, work, lambda report: _moved_in(screen, report), screen.refused
        )
        return True


def _find(home: Path) -> tuple[Path | None, Path | None]:
    from papertray.feeds.fetching.newsboat import find_newsboat
    from papertray.feeds.zotero_profile import find_library

    return find_library(home), find_newsboat(home)


def _content(path: Path) -> bytes:
    from papertray.core.errors import UnreadableSource

    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"{path} cannot be read: {error.strerror}.") from error


def _show(screen: TriageScreen, heading: str, paragraphs: list[Paragraph]) -> None:
    from papertray.tui.screens.output import OutputScreen  # most have nothing more to say

    key_map = screen.papertray.key_map
    screen.app.push_screen(OutputScreen(key_map, clean(heading), "", paragraphs))


def _moved_in(screen: TriageScreen, report: AddReport) -> None:
    if report.failures and report.read_nothing:
        screen.say("")
        screen.papertray.warn(report.failures[0].reason)
        return
    screen.papertray.follow_index()
    screen.viewing.show(View.DONE)  # that is where a library lands
    screen.viewing.reload_all(", ".join(_counted(report)))
    if report.left_behind or report.failures:
        _show(screen, ", ".join(_counted(report)), list(_not_taken(report)))


def _not_taken(report: AddReport) -> Iterator[Paragraph]:
    """Yield what there is to read of what could not be brought in, and why."""
    if report.failures:
        yield Paragraph("Could not be read", is_strong=True)
        for failure in report.failures[:MOST_SAID]:
            yield Paragraph(clean(f"{failure.place}: {failure.reason}"), indent=1)
        if report.failed > MOST_SAID:
            yield Paragraph(f"… and {report.failed - MOST_SAID:,} more", indent=1)
        yield Paragraph("")
    if report.left_behind:
        yield Paragraph("Left behind", is_strong=True)
        for left in report.left_behind:
            text = f"{left.what}: {left.number:,} ({left.reason})"
            yield Paragraph(clean(text), indent=1)
        yield Paragraph("")
    yield Paragraph("papertray add with the same folder lists this again.", is_quiet=True)


def _counted(report: AddReport) -> Iterator[str]:
    yield f"{report.counts.added:,} added"
    more = {"notes": report.notes, "tags": report.tags, "files": report.attachments,
            "not readable": report.failed}  # fmt: skip
    yield from (f"{number:,} {what}" for what, number in more.items() if number)
