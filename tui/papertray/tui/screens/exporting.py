"""What `E` does: write the marked papers, a view or what a search finds to a file."""

from __future__ import annotations

import asyncio
import os
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.worker import Worker

from papertray.core.clean import clean, clean_text
from papertray.core.counting import counted
from papertray.core.errors import ExportRefused, ForeignFile, PapertrayError
from papertray.exporters.exporter import GROUPS, ExportOptions
from papertray.tui.screens.adding import complete_path
from papertray.tui.text import Paragraph, wrap
from papertray.tui.typing_ahead import was_handed_on
from papertray.tui.widgets.answer_line import AnswerLine
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from papertray.exporters.table import Format
    from papertray.notebook.exports import Exports
    from papertray.notebook.notebook import Notebook
    from papertray.notebook.own_folders import LeftAlone
    from papertray.tui.jobs import Steps
    from papertray.tui.screens.triage import TriageScreen

SAMPLE = 3
"""Papers whose export is shown before anything is written."""

MOST_LINES = 60
"""Lines of that."""

NOTES = ("without notes", "with notes, private parts left out", "with notes, private parts too")
"""The states that one key goes through."""

USUAL_NAME = "papers"

_GROUPS = (*GROUPS, "")


def _ending(format_: Format) -> str:
    """Return what the names of a format's files end in; those of folders end in nothing."""
    return "" if format_.is_folder else format_.suffix


@dataclass(frozen=True, slots=True)
class What:
    """The papers of an export. `ids` gives all of them, read when they are wanted.

    `words` says what they are, `first` are some of their ids, to be looked at before.
    """

    words: str
    first: Sequence[int]
    ids: Callable[[], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for. `is_forced`: also over a file that papertray did not write."""

    path: Path
    format: Format
    options: ExportOptions
    is_forced: bool


class ExportScreen(ModalScreen[Order | None]):
    """Asks for format, notes and place, and shows the beginning of what will be written."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    ExportScreen {
        align: center bottom;
        background: $background 0%;
        & > Vertical { height: auto; background: $panel; }
        & Line, & Pane, & AnswerLine, & AnswerLine:focus { background: $panel; }
        & #heading { text-style: bold; }
        & #sample { height: 10; }
        & #problem { height: 0; }
        & #keys { color: $text-muted; }
    }
    """

    def __init__(self, notebook: Notebook, what: What, format_name: str, place: str) -> None:
        """`format_name` and `place` are what was chosen last time; empty: nothing was."""
        super().__init__()
        self._exports: Exports = notebook.exports
        self._what = what
        self._formats = list(self._exports.formats())
        names = [one.name for one in self._formats]
        self._at = names.index(format_name) if format_name in names else 0
        self._place = place or USUAL_NAME + _ending(self.format)
        self._notes = 0
        self._group = 0
        self._refused = ""

    @property
    def format(self) -> Format:
        """The format that is chosen."""
        return self._formats[self._at]

    @property
    def options(self) -> ExportOptions:
        """What is chosen besides. A format that is for reading carries notes by itself."""
        return ExportOptions(
            notes=self._notes > 0, private=self._notes == 2, group=_GROUPS[self._group]
        )

    def compose(self) -> ComposeResult:
        """Lay out what, format, beginning and place."""
        with Vertical():
            yield Line(id="heading")
            yield Line(id="formats")
            yield Line(id="description")
            yield Line(id="notes")
            yield Pane(id="sample")
            yield Pane(id="problem")
            yield AnswerLine(self._place, complete=complete_path, arrows_are_history=False)
            yield Line(id="keys")

    def on_mount(self) -> None:
        """Show what is chosen and take the keys."""
        self.query_one("#heading", Line).show(f" Export {clean(self._what.words)}", "to ")
        self.query_one("#keys", Line).show(
            " ↑↓ format  ^T notes  ^G groups  Tab completes", "Enter writes  Esc no "
        )
        self.query_one("#sample", Pane).styles.height = max(3, min(12, self.size.height - 13))
        if self.format.notes:
            self._notes = 1
        self._show()
        line = self.query_one(AnswerLine)
        line.focus()
        line.cursor_position = len(line.value)

    def _show(self) -> None:
        names = [one.name for one in self._formats]
        first = 0
        while first < self._at and len(" ".join(names[first : self._at + 1])) > self.size.width - 2:
            first += 1
        chosen = f" {self.format.name} "
        self.query_one("#formats", Line).show(f" {' '.join(names[first:])} ", "", chosen)
        self.query_one("#description", Line).show(f" {clean(self.format.description)}")
        self._tell_notes(NOTES[self._notes])
        self._say("")
        _: Worker[None] = self.run_worker(self._sample, group="sample", exclusive=True)

    def _tell_notes(self, notes: str) -> None:
        by = _GROUPS[self._group] or "nothing"
        groups = f"grouped by {by} " if self.format.is_grouped else ""
        self.query_one("#notes", Line).show(f" {notes}", groups)

    def _say(self, problem: str) -> None:
        self.query_one(AnswerLine).ask(())
        pane = self.query_one("#problem", Pane)
        pane.show([Paragraph(clean(problem), is_strong=True)] if problem else [])
        # The pane itself knows its width only once it has been drawn.
        pane.styles.height = len(wrap(clean(problem), self.size.width - 2)) if problem else 0

    async def _sample(self) -> None:
        exports, what, format_, options = self._exports, self._what, self.format, self.options

        def read() -> str:
            return "".join(exports.sample(what.first, format_, options))

        def count() -> int:
            return exports.notes_in(what.ids(), options) if options.notes else 0

        try:
            text = await asyncio.to_thread(read)
        except PapertrayError as error:  # of a template, or a plugin
            text = str(error)
        if not self.is_current:
            return  # it was left meanwhile
        lines = text.splitlines()[:MOST_LINES]
        pane = self.query_one("#sample", Pane)
        pane.show([Paragraph(clean_text(line), is_quiet=True) for line in lines])
        notes = await asyncio.to_thread(count)
        if self.is_current and options.notes:
            leaving = counted(notes, "note")
            self._tell_notes(NOTES[self._notes].replace("with notes", f"with {leaving}"))

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """Choose a format, turn notes on and off, write all the same, or give up."""
        if was_handed_on(self, event):
            return
        line = self.query_one(AnswerLine)
        if event.key == "escape":
            self.dismiss(None)
        elif event.key in ("down", "up"):
            self._turn_format(1 if event.key == "down" else -1)
        elif event.key == "ctrl+t":
            self._notes = (self._notes + 1) % len(NOTES)
            self._show()
        elif event.key == "ctrl+g":
            self._group = (self._group + 1) % len(_GROUPS)
            self._show()
        elif event.key == "ctrl+r" and self._refused == line.value:
            self._write(line.value, is_forced=True)
        elif event.key == "enter":
            self._write(line.value, is_forced=False)
        elif not line.take(event):
            return
        event.stop()
        event.prevent_default()

    def _turn_format(self, step: int) -> None:
        line = self.query_one(AnswerLine)
        before = _ending(self.format)
        self._choose((self._at + step) % len(self._formats))
        if line.value.endswith(before):
            line.value = line.value.removesuffix(before) + _ending(self.format)
            line.cursor_position = len(line.value)

    def _choose(self, at: int) -> None:
        self._at = at
        self._notes = max(self._notes, 1) if self.format.notes else 0
        self._show()

    @on(Input.Changed)
    def _placed(self, event: Input.Changed) -> None:
        """A place whose suffix stands for another format chooses that one."""
        named = self._exports.of_file(Path(event.value.strip()))
        names = [one.name for one in self._formats]
        if named is not None and named.suffix != _ending(self.format) and named.name in names:
            self._choose(names.index(named.name))

    def _write(self, value: str, *, is_forced: bool) -> None:
        if not value.strip():
            self._say("Where to?")
            return

        async def check() -> None:
            path = Path(os.path.expanduser(value.strip()))
            problem = "" if is_forced else await asyncio.to_thread(self._problem_of, path)
            if not self.is_current:
                return  # it was left meanwhile
            if problem:
                self._refused = value
                self._say(problem)
            else:
                self.dismiss(Order(path, self.format, self.options, is_forced))

        _: Worker[None] = self.run_worker(check, group="check", exclusive=True)

    def _problem_of(self, path: Path) -> str:
        if self.format.is_folder:
            return ""  # what is not ours there is left alone, and told of
        try:
            self._exports.check_file(path)
        except ForeignFile as error:
            return f"{path} {error.how}. ^R replaces it all the same."
        except ExportRefused as error:
            return str(error)
        return ""


def export(screen: TriageScreen) -> None:
    """Ask how and where to, and write the marked papers, else those of the list.

    Of a search that is all that it finds, also where the list shows only the first hits.
    """
    what = _what(screen)
    if what is None:
        screen.say("nothing here to export")
        return
    memory = screen.papertray.memory

    def answered(order: Order | None) -> None:
        if order is not None:
            memory.change(export_format=order.format.name, export_path=str(order.path))
            _start(screen, what, order)

    dialogue = ExportScreen(screen.notebook, what, memory.now.export_format, memory.now.export_path)
    screen.app.push_screen(dialogue, answered)


def _what(screen: TriageScreen) -> What | None:
    # At once, also in a long list: what is typed behind the key is meant for the dialogue.
    marked = screen.marks.among(screen.ids) if screen.marks.summary else array("q")
    if len(marked):
        return What(f"{counted(len(marked), 'marked paper')}", marked[:SAMPLE], lambda: marked)
    ids, title = screen.ids[:], screen.viewing.title
    if not len(ids):
        return None
    hits = screen.finding.hits
    if hits is not None and not hits.is_complete:
        search, query = screen.notebook.search, hits.query
        return What(f"all papers of {title}", ids[:SAMPLE], lambda: search.find(query).ids)
    return What(f"{counted(len(ids), 'paper')} of {title}", ids[:SAMPLE], lambda: ids)


def _start(screen: TriageScreen, what: What, order: Order) -> None:
    exports = screen.notebook.exports

    def work(steps: Steps) -> tuple[int, int, Sequence[LeftAlone]]:
        ids = what.ids()
        to, options, path = order.format, order.options, order.path
        left: Sequence[LeftAlone] = ()
        if to.is_folder:
            left = exports.to_folder(ids, to, options, path, progress=steps).left
        else:
            exports.to_file(ids, to, options, path, force=order.is_forced, progress=steps)
        return len(ids), exports.notes_in(ids, options), left

    def done(result: tuple[int, int, Sequence[LeftAlone]]) -> None:
        papers, notes, left = result
        leaving = counted(papers, "paper") + (f", {counted(notes, 'note')}" if notes else "")
        # Whatever was written has a citation key from now on.
        screen.rows.forget_all()
        screen.changed([], f"{leaving} to {order.path}")
        if left:
            others = f" (and {len(left) - 1:,} more)" if len(left) > 1 else ""
            screen.papertray.warn(f"{left[0].name} {left[0].how}{others}.")

    name = order.path.name
    screen.say(f"writing {name} …")
    if not screen.papertray.jobs.start(
        f"writing {name}", work, done, screen.refused, lambda: screen.say(f"{name} is as it was")
    ):
        screen.say(screen.papertray.busy)
