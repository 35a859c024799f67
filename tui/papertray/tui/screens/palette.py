"""The palette: actions, views, tags, feeds, commands and papers, found by name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.worker import Worker

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError
from papertray.tui.dispatch import Press
from papertray.tui.key_table import Action, Scope
from papertray.tui.keys import KeyMap, shown
from papertray.tui.naming import SURE, best
from papertray.tui.paper_finder import find_papers
from papertray.tui.typing_ahead import was_handed_on
from papertray.tui.widgets.answer_line import AnswerLine
from papertray.tui.widgets.lines import Lines, ListLine

if TYPE_CHECKING:
    from papertray.core.model import Entry
    from papertray.tui.screens.triage import TriageScreen

MOST_PAPERS = 20
"""Papers that are offered."""

MOST_NAMES = 30
"""Other things that are offered beside papers."""

SEARCH_AFTER = 0.06
"""Seconds after the last letter until papers are looked for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be chosen: its clean name, what it is, and what choosing it does.

    It is found by its `name` and by `also`.
    """

    name: str
    kind: str
    do: Callable[[], object]
    also: str = ""


Choice = Callable[[], object]


class PaletteScreen(ModalScreen[Choice | None]):
    """A line to type into, and what it may mean. Gives what is to be done."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    PaletteScreen {
        align: center top;
        background: $background 0%;
        & > Vertical { width: 90%; max-width: 110; height: 80%; background: $panel; }
        & Lines { background: $panel; }
        & AnswerLine, & AnswerLine:focus { background: $boost; }
    }
    """

    def __init__(self, screen: TriageScreen) -> None:
        super().__init__()
        self._papers_screen = screen
        self._offers = list(_actions(screen, screen.papertray.key_map))
        self._papers: list[Offer] = []
        self._shown: Sequence[Offer] = ()
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Lay out the line above the list."""
        with Vertical():
            yield AnswerLine(placeholder="What do you want to do?", arrows_are_history=False)
            yield Lines()

    def on_mount(self) -> None:
        """Show all actions; what else there is follows from a thread."""
        self._list = self.query_one(Lines)
        self._show()
        self.query_one(AnswerLine).focus()
        self.run_worker(self._load(), group="names")

    async def _load(self) -> None:
        try:
            self._offers += await asyncio.to_thread(lambda: list(_names(self._papers_screen)))
        except PapertrayError:
            return  # a tray that cannot be read is told of where it matters
        self._show()

    # --- what is offered

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if self._read(event.value):
            self._look_for_papers_soon()

    def _read(self, value: str) -> bool:
        """Offer what a line may mean; False where that is offered already.

        Enter may come before word of what was typed: then it is not to take an offer of before.
        """
        typed = value.strip()
        if typed == self._typed:
            return False
        self._typed = typed
        self._papers = []
        self._show()
        return True

    def _look_for_papers_soon(self) -> None:
        _: Worker[None] = self.run_worker(
            partial(self._look_for_papers, self._typed), group="papers", exclusive=True
        )

    async def _look_for_papers(self, typed: str) -> None:
        if not typed:
            return
        await asyncio.sleep(SEARCH_AFTER)
        notebook = self._papers_screen.notebook
        try:
            found = await asyncio.to_thread(find_papers, notebook, typed, MOST_PAPERS)
        except PapertrayError:
            return
        if typed == self._typed:
            self._papers = [_paper(self._papers_screen, entry) for entry in found]
            self._show()

    def _show(self) -> None:
        named = [(f"{offer.name} {offer.also}", offer) for offer in self._offers]
        if self._typed:
            self._shown = [*best(self._typed, named, MOST_NAMES, least=SURE), *self._papers]
            # Mistakes are looked past only where nothing else is meant.
            self._shown = self._shown or best(self._typed, named, MOST_NAMES)
        else:
            self._shown = [offer for _, offer in named]
        lines = [
            ListLine(offer.name, offer.kind, str(number))
            for number, offer in enumerate(self._shown)
        ]
        if not lines:
            lines = [ListLine("Nothing is called that.", is_quiet=True)]
        self._list.show(lines, chosen="0")

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """Move in the list, or give up; the line takes letters itself."""
        if was_handed_on(self, event):
            return
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "pagedown": 10, "pageup": -10}
        if event.key in ("escape", "ctrl+p", "ctrl+c"):
            self.dismiss(None)
        elif event.key in steps:
            self._list.move_by(steps[event.key])
        elif event.key == "enter":
            self._read(self.query_one(AnswerLine).value)
            self._choose()
        elif not self.query_one(AnswerLine).take(event) and event.key not in ("tab", "shift+tab"):
            return
        event.stop()
        event.prevent_default()

    @on(Lines.Chosen)
    def _choose(self) -> None:
        chosen = self._list.chosen
        if chosen:
            self.dismiss(self._shown[int(chosen)].do)
        else:
            self.query_one(AnswerLine).ask(())


def show_palette(screen: TriageScreen) -> None:
    """Open the palette, and do what is chosen there once it is gone."""

    def chosen(do: Choice | None) -> None:
        if do is not None:
            screen.call_later(do)

    screen.app.push_screen(PaletteScreen(screen), chosen)


def _actions(screen: TriageScreen, key_map: KeyMap) -> Iterator[Offer]:
    for action in key_map.actions:
        if action.is_in(Scope.PAPERS) and action.id != "rest.palette":
            yield Offer(_label(action), "key", partial(screen.run, Press(action.id)), action.id)


def _label(action: Action) -> str:
    keys = " ".join(map(shown, action.chords))
    return f"{action.text[:1].upper()}{action.text[1:]}  ({keys or action.id})"


def _names(screen: TriageScreen) -> Iterator[Offer]:
    """Yield what the tray and the command line know by name. For a thread."""
    notebook = screen.notebook
    find = screen.finding.show
    for search in notebook.searches.all():
        yield Offer(clean(search.name), "saved search", partial(find, search.query))
    for tag, count in notebook.papers.tags():
        yield Offer(clean(tag), f"tag, {count:,}", partial(find, _field("tag", tag)))
    for subscription, _, _ in notebook.subscriptions.all():
        name = subscription.name
        yield Offer(clean(name), "feed", partial(find, _field("feed", name)))
    for command in screen.commanding.names():
        yield Offer(f":{command}", "command", partial(screen.commanding.open, f"{command} "))


def _field(field: str, value: str) -> str:
    from papertray.core.query import Value, ValueField

    return str(Value(ValueField(field), value))


def _paper(screen: TriageScreen, entry: Entry) -> Offer:
    author = entry.work.authors[0].short if entry.work.authors else ""
    year = str(entry.work.year or "")
    kind = " ".join(filter(None, (clean(author), year, entry.pile.value)))
    return Offer(clean(entry.work.title), kind, partial(_go_to, screen, entry))


def _go_to(screen: TriageScreen, entry: Entry) -> None:
    """Put the cursor on a paper: in the view that is shown, else as the hit of a search."""
    index = None if screen.finding.text else screen.rows.position(entry.id)
    if index is not None:
        screen.paper_list.move_to(index)
        return
    screen.finding.show(f"id:{entry.id}")
