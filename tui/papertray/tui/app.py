"""The screen as a program: its life from the first paint to the last save."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.events import Event, Key
from textual.screen import Screen

from papertray.core.clean import clean
from papertray.notebook.notebook import Notebook
from papertray.store.journal import Origin
from papertray.tui import importing
from papertray.tui.background import Background
from papertray.tui.backup_thread import BackupThread
from papertray.tui.clipboard import clipboard_program, give
from papertray.tui.dispatch import Press
from papertray.tui.hints import HINTS, Hints
from papertray.tui.index_thread import IndexThread
from papertray.tui.jobs import Jobs
from papertray.tui.keys import KeyMap
from papertray.tui.memory import Memory, memory_file
from papertray.tui.screens.triage import TriageScreen
from papertray.tui.settings import read_key_map
from papertray.tui.stray import stray_output_to
from papertray.tui.text import Paragraph
from papertray.tui.themes import keeps_ansi, next_theme, use_themes
from papertray.tui.typing_ahead import as_typed
from papertray.tui.writer import Writer

if TYPE_CHECKING:
    from textual.worker import Worker

    from papertray.core.piles import Pile
    from papertray.store.places import Places
    from papertray.tui.commanding import Commands

LOOK_ELSEWHERE_EVERY = 0.5
"""Seconds between two looks at what other processes wrote."""

REMEMBER_EVERY = 30.0
"""Seconds between two times that it is written down where one is: a kill loses no more."""

MOST_WARNINGS = 100
"""Warnings that can be read again."""

SHORTEST_TOAST, LONGEST_TOAST, READ_A_SECOND = 2.5, 8.0, 25
"""Seconds that a toast stays, and the letters that are read in one."""

BACK_UP_EVERY = 3600.0
"""Seconds between two looks at whether a new day wants its backup."""


class PapertrayApp(App[None]):
    """Holds the notebook, the writer's thread and the index's; the screens do the rest."""

    TITLE = "papertray"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    # Above the list, never over the abstract that somebody reads.
    CSS = """
    ToastRack { dock: top; align: right top; margin: 1 0 0 0; }
    Toast { width: auto; max-width: 60; padding: 0 1; margin: 0 0 1 0; }
    """

    def __init__(
        self,
        notebook: Notebook,
        key_map: KeyMap,
        *,
        is_tour: bool = False,
        home: Path | None = None,
        elsewhere: Callable[[], Notebook] | None = None,
        memory: Memory | None = None,
        budget: float | None = None,
        commands: Commands | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Arguments: `home` is the folder in which a library to bring in is looked for; None:
        nowhere. `elsewhere` opens the tray once more, for what goes on in the background: fetching
        feeds and watching folders. None: nothing does. `memory` is what is remembered of the last
        time; None: nothing is, and no hints are shown. `budget` is how many seconds this session
        is to take.
        """
        super().__init__(ansi_color=keeps_ansi())
        self.home = home
        self.notebook = notebook
        self.key_map = key_map
        self.is_tour = is_tour
        self.memory = memory or Memory(None)
        is_hinting = memory is not None and notebook.settings.is_on("screen.hints")
        self.hints = Hints(key_map.key_of, self.memory.now.hints, HINTS if is_hinting else ())
        self.budget = budget
        self.farewell: Sequence[str] = ()
        self.commands = commands
        self.seconds = seconds
        self.message = ""
        self.warnings: deque[str] = deque(maxlen=MOST_WARNINGS)
        self._notices: dict[str, str] = {}
        self.writer = Writer(self.deliver)
        self._index = IndexThread(
            lambda: notebook.search,
            tell=lambda text: self.deliver(partial(self._show_index, text)),
            warn=lambda text: self.deliver(partial(self.warn, text)),
        )
        self.background = Background(self, elsewhere)
        self.jobs = Jobs(self.deliver, partial(self.show_notice, "job"))
        self._backup = BackupThread(
            lambda: notebook.keeping, lambda text: self.deliver(partial(self.warn, text))
        )
        self._is_leaving = False
        use_themes(self, self.memory.now.theme)

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
        self.set_interval(REMEMBER_EVERY, self._remember)
        if not self.is_tour:
            self._backup.start()
            self.set_interval(BACK_UP_EVERY, self._backup.start)
            first = self.screen_stack[0]
            if isinstance(first, TriageScreen):
                first.moving_in.look()
            self.background.start()
        from papertray.tui.screens.noting import recover_notes

        recover_notes(self)
        for problem in self.key_map.problems:
            self.warn(problem)
        self.set_timer(importing.AFTER, importing.import_soon)
        _: Worker[None] = self.run_worker(self._look_at_plugins, group="plugins")

    async def _look_at_plugins(self) -> None:
        """Tell of plugins that cannot be used: once, as everywhere."""
        for sentence in await asyncio.to_thread(self.notebook.plugin_problems):
            self.warn(sentence)

    def leave(self) -> None:
        """Save everything and end."""
        if not self._is_leaving:
            self._is_leaving = True
            self._save_all()
            self.exit()

    def close(self) -> None:
        """End the threads, once the screen is gone: only then may the notebook be closed."""
        self._is_leaving = True
        self.jobs.close()
        self.writer.close()
        self.background.stop()
        self._index.close()
        self._backup.stop()

    async def on_event(self, event: Event) -> None:
        """Tell what goes on in the background of each key, before anything comes of it."""
        if isinstance(event, Key):
            if self._is_leaving:
                return  # there may be no screen any more that could take it
            self.background.key_pressed()
            for key in as_typed(event, self.key_map.uses):
                await super().on_event(key)
            return
        await super().on_event(event)

    async def action_quit(self) -> None:
        """Save everything and end, from anywhere (^Q)."""
        self.leave()

    def run_on_papers(self, press: Press) -> None:
        """Have the papers' screen do what was asked for on a list, and close all lists above it."""
        self._on_papers(lambda screen: screen.run(press))

    def show_found(self, search: str) -> None:
        """Show what a search finds, in place of the lists that lie above the papers."""
        self._on_papers(lambda screen: screen.finding.show(search))

    def _on_papers(self, do: Callable[[TriageScreen], object]) -> None:
        from papertray.tui.screens.list_screen import ListScreen

        while isinstance(self.screen, ListScreen):
            self.pop_screen()
        screen = self.screen_stack[0]
        if isinstance(screen, TriageScreen):
            self.call_later(do, screen)

    def _save_all(self) -> None:
        self._remember()
        for screen in self.screen_stack:
            flush = getattr(screen, "flush", None)
            if flush is not None:
                flush()
        self.writer.flush()

    def _remember(self) -> None:
        """Write down where one is, for the next start; also after a kill that is not far off."""
        first = self.screen_stack[0] if self.screen_stack else None
        if isinstance(first, TriageScreen) and first.is_mounted:
            first.viewing.remember()
            if self.budget is not None:
                self.farewell = first.session.summary()
        self.memory.change(hints=self.hints.shown)
        self.memory.save()

    def _terminated(self) -> None:
        self.leave()

    def _hung_up(self) -> None:
        """The terminal is gone: save, and end without drawing, which could block for ever."""
        self._save_all()
        if self.is_tour:
            from shutil import rmtree

            rmtree(self.notebook.folder.parent, ignore_errors=True)
        os._exit(129)

    def _handle_exception(self, error: Exception) -> None:
        """Let go of a screen that was only being put together when the whole was left."""
        if not (self._is_leaving and isinstance(error, NoMatches)):
            super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Print no traceback over the terminal: `run_screen` raises it, and it goes to a log."""

    # --- the index

    def follow_index(self) -> None:
        """Have the index follow what was written, soon, in its thread."""
        self._index.wake()

    def _show_index(self, text: str) -> None:
        self.show_notice("index", text)

    def _look_elsewhere(self) -> None:
        screen = self.screen_stack[0]
        if isinstance(screen, TriageScreen):
            screen.elsewhere.look()

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
            screen.viewing.counting.show()

    def warn(self, text: str) -> None:
        """Show a sentence that must not be missed."""
        text = clean(text)
        self.warnings.append(f"{self.notebook.time_of_day}  {text}")
        timeout = min(SHORTEST_TOAST + len(text) / READ_A_SECOND, LONGEST_TOAST)
        self.notify(text, severity="warning", timeout=timeout, markup=False)

    def show_warnings(self) -> None:
        """Show the last warnings once more, newest first."""
        from papertray.tui.screens.output import OutputScreen

        lines = [Paragraph(text) for text in reversed(self.warnings)]
        lines = lines or [Paragraph("Nothing was told.")]
        self.push_screen(OutputScreen(self.key_map, "What was told", "", lines))

    @property
    def busy(self) -> str:
        """What to say where a second long job is asked for."""
        return f"one thing at a time: {self.key_map.key_of('rest.cancel')} stops what is under way"

    def cancel(self) -> str:
        """Stop what takes long, and return what to say."""
        first = self.screen_stack[0]
        is_typed = isinstance(first, TriageScreen) and first.commanding.cancel()
        if self.jobs.cancel() or is_typed:
            return "stopping …"
        quits = self.key_map.key_of("rest.quit")
        return f"nothing to stop; {quits} quits"

    def turn_theme(self) -> str:
        """Take the next theme, remember it, and return what to say."""
        if os.environ.get("NO_COLOR"):
            return "NO_COLOR is set: there are no colours to choose"
        self.theme = next_theme(self.theme, self.available_themes)
        self.memory.change(theme=self.theme)
        return f"colours: {self.theme}"

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the clipboard, by a program of the desktop or else by the terminal."""
        command = clipboard_program(os.environ)
        if not command:
            super().copy_to_clipboard(text)
            return
        self._clipboard = text  # what fields paste; Textual's only way to set it asks the terminal

        def hand_over() -> None:
            if not give(command, text):
                self.deliver(partial(App.copy_to_clipboard, self, text))

        threading.Thread(target=hand_over, name="papertray-clipboard", daemon=True).start()

    def deliver(self, call: Callable[[], None]) -> None:
        """Have a function called in the screen's thread; any thread may ask for that."""
        self.call_later(call)


def spare_collector() -> None:
    """Have the garbage collector never look again at what is alive now: it stays alive.

    Of what comes later it looks at the young often: a closed screen is some ten thousand objects,
    and several of them at once took it 50 ms.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(5000, 5, 200)


def run_screen(
    places: Places,
    *,
    is_tour: bool = False,
    budget: float | None = None,
    commands: Commands | None = None,
    pile: Pile | None = None,
) -> int:
    """Open the tray at `places` on the terminal and return the exit code.

    `budget` is how many seconds the session is to take, if it is to end by itself. `commands` are
    what can be typed after a colon. `pile` is where it begins; None: where it was left.

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
            memory=Memory(None if is_tour else memory_file(places)),
            budget=budget,
            commands=commands,
        )
        if pile is not None:
            app.memory.change(view=pile.value, is_saved=False, search="", paper_id=0)
        with stray_output_to(places.state / "screen.log"):
            app.run()
        app.close()
        if app._exception is not None:
            raise app._exception
        for line in app.farewell:
            print(line, file=sys.stderr)
        return app.return_code or 0
