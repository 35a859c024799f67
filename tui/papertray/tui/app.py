"""The screen as a program: its life from the first paint to the last save."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.events import Event, Key
from textual.screen import Screen

from papertray.core.clean import clean
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.store.papers import View
from papertray.tui.background import Background
from papertray.tui.backup_thread import BackupThread
from papertray.tui.index_thread import IndexThread
from papertray.tui.keys import KeyMap
from papertray.tui.screens.triage import TriageScreen
from papertray.tui.settings import read_key_map
from papertray.tui.stray import stray_output_to
from papertray.tui.text import Paragraph
from papertray.tui.writer import Writer

if TYPE_CHECKING:
    from papertray.store.places import Places
    from papertray.store.search import Hits

LOOK_ELSEWHERE_EVERY = 0.5
"""Seconds between two looks at what other processes wrote."""

BACK_UP_EVERY = 3600.0
"""Seconds between two looks at whether a new day wants its backup."""

MOST_HITS = 500
"""Hits a search shows; the count says how many there are."""


class PapertrayApp(App[None]):
    """Holds the notebook, the writer's thread and the index's; the screens do the rest."""

    TITLE = "papertray"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        notebook: Notebook,
        key_map: KeyMap,
        *,
        is_tour: bool = False,
        home: Path | None = None,
        elsewhere: Callable[[], Notebook] | None = None,
    ) -> None:
        """Arguments: `home` is the folder in which a library to bring in is looked for; None:
        nowhere. `elsewhere` opens the tray once more, for what goes on in the background: fetching
        feeds and watching folders. None: nothing does.
        """
        super().__init__()
        self.home = home
        self.notebook = notebook
        self.key_map = key_map
        self.is_tour = is_tour
        self.message = ""
        self._notices: dict[str, str] = {}
        self.writer = Writer(self.deliver)
        self._index = IndexThread(
            lambda: notebook.search,
            tell=lambda text: self.deliver(partial(self._show_index, text)),
            warn=lambda text: self.deliver(partial(self.warn, text)),
        )
        self.background = Background(self, elsewhere)
        self._backup = BackupThread(
            lambda: notebook.keeping, lambda text: self.deliver(partial(self.warn, text))
        )
        self._is_leaving = False
        if os.environ.get("NO_COLOR"):
            self.theme = "ansi-dark"

    def get_default_screen(self) -> Screen[None]:
        """Begin with the papers."""
        return TriageScreen(self)

    # --- life

    def on_mount(self) -> None:
        """Be ready for signals; what can wait begins after the first paint."""
        loop = asyncio.get_running_loop()
        if threading.current_thread() is threading.main_thread():
            loop.add_signal_handler(signal.SIGTERM, self._terminated)
            loop.add_signal_handler(signal.SIGHUP, self._hung_up)
        # After ^Z and fg the terminal is empty: what it showed has to be drawn anew.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh())
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        spare_collector()
        self._index.start()
        self.set_interval(LOOK_ELSEWHERE_EVERY, self._look_elsewhere)
        if not self.is_tour:
            self._backup.start()
            self.set_interval(BACK_UP_EVERY, self._backup.start)
            first = self.screen_stack[0]
            if isinstance(first, TriageScreen):
                first.moving_in.look()
            self.background.start()
        for problem in self.key_map.problems:
            self.warn(problem)

    def leave(self) -> None:
        """Save everything and end."""
        if not self._is_leaving:
            self._is_leaving = True
            self._save_all()
            self.exit()

    def close(self) -> None:
        """End the threads, once the screen is gone: only then may the notebook be closed."""
        self._is_leaving = True
        self.writer.close()
        self.background.stop()
        self._index.close()
        self._backup.stop()

    async def on_event(self, event: Event) -> None:
        """Tell what goes on in the background of each key, before anything comes of it."""
        if isinstance(event, Key):
            self.background.key_pressed()
        await super().on_event(event)

    async def action_quit(self) -> None:
        """Save everything and end, from anywhere (^Q)."""
        self.leave()

    def _save_all(self) -> None:
        for screen in self.screen_stack:
            flush = getattr(screen, "flush", None)
            if flush is not None:
                flush()
        self.writer.flush()

    def _terminated(self) -> None:
        self.leave()

    def _hung_up(self) -> None:
        """The terminal is gone: save, and end without drawing, which could block for ever."""
        self._save_all()
        if self.is_tour:
            from shutil import rmtree

            rmtree(self.notebook.folder.parent, ignore_errors=True)
        os._exit(129)

    def _print_error_renderables(self) -> None:
        """Print no traceback over the terminal: `run_screen` raises it, and it goes to a log."""

    # --- the index

    def follow_index(self) -> None:
        """Have the index follow what was written, soon, in its thread."""
        self._index.wake()

    def _show_index(self, text: str) -> None:
        self.show_notice("index", text)

    def find(self, text: str, scope: View | None) -> Hits:
        """Search, in any thread: all papers, or those of one view."""
        views = {View.READ: "pile:read -is:done", View.DONE: "is:done pile:read"}
        within = "" if scope is None else views.get(scope, f"pile:{scope}")
        return self.notebook.search.search(text, typing=True, within=within, limit=MOST_HITS)

    def _look_elsewhere(self) -> None:
        screen = self.screen_stack[0]
        if isinstance(screen, TriageScreen):
            screen.look_elsewhere()

    # --- words for the user

    @property
    def notice(self) -> str:
        """What is going on, in a few words for a corner of the screen."""
        found = [text for text in self._notices.values() if text]
        return " · ".join(found) or ("tour" if self.is_tour else "")

    def show_notice(self, subject: str, text: str) -> None:
        """Show what is going on about a subject, in two or three words; empty: nothing is."""
        if self._notices.get(subject, "") == text or self._is_leaving:
            return
        self._notices[subject] = text
        screen = self.screen_stack[0]
        if isinstance(screen, TriageScreen):
            screen.show_tabs()

    def warn(self, text: str) -> None:
        """Show a sentence that must not be missed."""
        self.notify(clean(text), severity="warning", timeout=8, markup=False)

    def nothing_here(
        self, view: View, search: str, offer: Sequence[Paragraph]
    ) -> Sequence[Paragraph]:
        """Return what an empty list says: what to do next. An empty tray has an `offer`, too."""
        if search:
            return [Paragraph("Nothing found."), Paragraph("Esc goes back.", is_quiet=True)]
        counts = self.notebook.papers.counts()
        if any(counts.of(each) for each in View):
            return [
                Paragraph("Nothing here."),
                Paragraph("Tab goes to the next pile, u takes back the last decision.",
                          is_quiet=True),
            ]  # fmt: skip
        return [
            Paragraph("Nothing here yet. No account and no network are needed.", is_strong=True),
            Paragraph(""),
            *offer,
            Paragraph("a   add a file: .bib, RIS, EndNote, a saved page …; or a DOI", indent=2),
            Paragraph("gf  subscribe: arXiv, a journal, a search, any RSS …", indent=2),
            Paragraph("?   every key", indent=2),
            Paragraph("q   quit", indent=2),
            Paragraph(""),
            Paragraph("papertray add FILE does the same from the shell;"),
            Paragraph("papertray tour lets you practise on 40 papers."),
            Paragraph(""),
            Paragraph(clean(f"This tray is {self.notebook.folder}."), is_quiet=True),
        ]

    def deliver(self, call: Callable[[], None]) -> None:
        """Have a function called in the screen's thread; any thread may ask for that."""
        self.call_later(call)


def spare_collector() -> None:
    """Have the garbage collector never look again at what is alive now: it stays alive."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(5000, 20, 50)


def run_screen(places: Places, *, is_tour: bool = False) -> int:
    """Open the tray at `places` on the terminal and return the exit code.

    Raises what opening a tray raises (nothing is drawn then), and, once the terminal is whole
    again, the exception of a bug.
    """
    if os.environ.get("NO_COLOR") == "":
        # Textual takes an empty NO_COLOR for a wish; the convention does not.
        del os.environ["NO_COLOR"]
    with Notebook(places, Origin.SCREEN) as notebook:
        home = Path(os.path.expanduser("~"))
        app = PapertrayApp(
            notebook,
            read_key_map(places.settings),
            is_tour=is_tour,
            home=home,
            elsewhere=None if is_tour else lambda: Notebook(places, Origin.COMMAND),
        )
        with stray_output_to(places.state / "screen.log"):
            app.run()
        app.close()
        if app._exception is not None:
            raise app._exception
        return app.return_code or 0
