"""Papers that may be one work: pairs in a list, the chosen pair side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.tui.comparing import compared
from papertray.tui.jobs import QUIET, Steps
from papertray.tui.screens.list_screen import ListScreen, Verbs
from papertray.tui.screens.opened import is_open
from papertray.tui.widgets.line import Line
from papertray.tui.widgets.lines import Lines, ListLine
from papertray.tui.widgets.masking import Masking
from papertray.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from papertray.core.errors import PapertrayError
    from papertray.core.likeness import Pair
    from papertray.notebook.duplicates import Merged
    from papertray.notebook.journal import TakenBack
    from papertray.store.papers import Row
    from papertray.store.writing import Outcome
    from papertray.tui.app import PapertrayApp
    from papertray.tui.screens.triage import TriageScreen

MOST = 1000
"""Pairs listed, the most alike: nobody looks through more at one time."""


def show_duplicates(screen: TriageScreen) -> None:
    """Open the screen, which begins to look, unless something else takes long already."""
    if screen.papertray.jobs.is_running:
        screen.say(screen.papertray.busy)
        return
    screen.app.push_screen(DuplicatesScreen(screen.papertray, screen))


class DuplicatesScreen(ListScreen):
    """One line a pair, the most alike first; below, what differs between the two."""

    DEFAULT_CSS = """
    DuplicatesScreen {
        & #lines { height: 1fr; }
        & #both { height: 2fr; }
    }
    """

    def __init__(self, app_: PapertrayApp, papers: TriageScreen) -> None:
        """`papers` is the screen whose list is read anew after something changed."""
        super().__init__(app_)
        self._papers = papers
        self._found: Sequence[Pair] = ()
        self._pairs: dict[str, Pair] = {}
        self._rows: dict[int, Row] = {}
        self._more = 0
        self._compared = (0, 0)
        self._is_looking = False
        self._is_left = False

    def compose(self) -> ComposeResult:
        """Lay out heading, list, both papers, find box and hints."""
        yield Line(id="heading")
        yield Lines()
        yield Line(id="rule", fill="─")
        yield Pane(id="both")
        yield Input(id="find", placeholder="words of a title", highlighter=Masking())
        yield Line(id="foot")

    def heading(self) -> str:
        """Say how many there are, or how far the search for them is."""
        if self._is_looking:
            done, total = self._compared
            far = f"{100 * done // total} %, {self._stop_key} stops" if total else ""
            return f"Looking for papers that may be one work … {far}"
        more = f"; {self._more:,} less alike come after these" if self._more else ""
        return f"{counted(len(self._pairs), 'pair')} of papers that may be one work{more}"

    def lines(self) -> Sequence[ListLine]:
        """The pairs by the titles of the older ones."""
        if not self._pairs and not self._is_looking:
            return [ListLine("No two papers look like one work.")]
        return [
            ListLine(self._titles(pair), f"{pair.score} % alike", id=id_)
            for id_, pair in self._pairs.items()
        ]

    def _titles(self, pair: Pair) -> str:
        rows = [self._rows.get(paper) for paper in (pair.one, pair.other)]
        one, other = (clean(row.title) if row is not None else "" for row in rows)
        return one if one.casefold() == other.casefold() else f"{one}  ≠  {other}"

    def verbs(self) -> Verbs:
        """Return what can be done with a pair."""
        return {
            "list.merge": ("merge", self._merge),
            "list.apart": ("keep apart", self._keep_apart),
            "list.undo": ("undo", lambda chosen: self._undo()),
            "list.toggle": ("page", lambda chosen: self.query_one(Pane).page()),
        }

    # --- life

    def on_mount(self) -> None:
        """Begin to look."""
        super().on_mount()
        self._is_looking = self.papertray.jobs.start(
            "comparing papers", self._look, self._looked, self._failed, self._stopped
        )
        self._timer = self.set_interval(QUIET, self._show_words)
        self.show_lines()

    def on_unmount(self) -> None:
        """Stop looking."""
        self._is_left = True
        if self._is_looking:
            self.papertray.jobs.cancel()

    def on_resize(self) -> None:
        """Lay both papers out for the new width, once the pane has it."""
        self.call_after_refresh(self._show_both)

    # --- looking

    def _look(self, steps: Steps) -> tuple[Sequence[Pair], dict[int, Row]]:
        """Find the pairs, in the thread of the job. Raises `KeyboardInterrupt` when cancelled."""

        def is_stopped() -> bool:
            try:
                steps(*self._compared)
            except KeyboardInterrupt:
                return True
            return False

        def progress(done: int, total: int) -> None:
            self._compared = done, total

        found = self.notebook.duplicates.find(progress=progress, is_stopped=is_stopped)
        steps(*self._compared)
        ids = {paper for pair in found[:MOST] for paper in (pair.one, pair.other)}
        return found, self.notebook.papers.rows(sorted(ids))

    def _looked(self, result: tuple[Sequence[Pair], dict[int, Row]]) -> None:
        self._over()
        if not self._is_left:
            found, self._rows = result
            self._found, self._more = found[:MOST], len(found[MOST:])
            self._show_pairs(self._found)

    def _over(self) -> None:
        self._is_looking = False
        self._timer.stop()

    def _stopped(self) -> None:
        self._over()
        if not self._is_left:
            self.dismiss()
            self._papers.say("stopped comparing papers")

    def _failed(self, error: PapertrayError) -> None:
        self._stopped()
        self.papertray.warn(str(error))

    def _show_pairs(self, pairs: Sequence[Pair]) -> None:
        """List the pairs still to be decided about, the cursor on the first that came back."""
        before = self._pairs
        self._pairs = {f"{pair.one} {pair.other}": pair for pair in pairs}
        back = next((id_ for id_ in self._pairs if before and id_ not in before), "")
        self.show_lines(back)

    @on(Lines.Moved)
    def _show_both(self) -> None:
        if not is_open(self) or self._is_left:
            return
        pane, pair = self.query_one(Pane), self._pairs.get(self.list.chosen)
        if pair is None:
            pane.show(())
            return
        one, other = self.notebook.papers.entries([pair.one, pair.other])
        survivor = self.notebook.duplicates.survivor(pair.one, pair.other)
        pane.show(compared(one, other, survivor, pane.size.width - 2))

    # --- deciding

    def _pair(self, chosen: str) -> Pair | None:
        """Return the chosen pair; say why where there is none."""
        pair = self._pairs.get(chosen)
        if pair is None:
            self.say("still looking" if self._is_looking else "no pair here")
        return pair

    def _merge(self, chosen: str) -> None:
        pair = self._pair(chosen)
        if pair is None:
            return
        # Nothing more is decided about either before that is on disk.
        both = {pair.one, pair.other}
        self._show_pairs([p for p in self._pairs.values() if both.isdisjoint((p.one, p.other))])

        def done(merged: Merged) -> None:
            stays = self.notebook.papers.entry(merged.survivor)
            name = stays.citekey or f"paper {stays.id}"
            self._changed(f"merged: {name} stays; {self._undo_key} takes it back")

        duplicates = self.notebook.duplicates
        self.papertray.writer.write(
            lambda: duplicates.merge(pair.one, pair.other), done, self.refused
        )

    def _keep_apart(self, chosen: str) -> None:
        pair = self._pair(chosen)
        if pair is None:
            return
        self._show_pairs([other for other in self._pairs.values() if other != pair])

        def done(outcome: Outcome) -> None:
            self._changed(f"kept apart: not offered again; {self._undo_key} takes it back")

        duplicates = self.notebook.duplicates
        self.papertray.writer.write(
            lambda: duplicates.keep_apart(pair.one, pair.other), done, self.refused
        )

    def _undo(self) -> None:
        def done(taken: TakenBack | None) -> None:
            self._changed(f"taken back: {taken.label}" if taken else "nothing to undo")

        self.papertray.writer.write(self.notebook.journal.undo, done, self.refused)

    def refused(self, error: Exception) -> None:
        """Show the pairs as they are, and why nothing became of one."""
        self.papertray.warn(str(error))
        if not self._is_left:
            self._show_pairs(self.notebook.duplicates.still(self._found))

    @property
    def _stop_key(self) -> str:
        return self.papertray.key_map.key_of("list.cancel")

    @property
    def _undo_key(self) -> str:
        return self.papertray.key_map.key_of("list.undo")

    def _changed(self, message: str) -> None:
        """Show what is left of the pairs, and have the papers' screen read anew what it lists."""
        self.papertray.follow_index()
        self._papers.viewing.reload_all("")
        if self._is_left:
            self._papers.say(message)
            return
        self._show_pairs(self.notebook.duplicates.still(self._found))
        self.say(message)
