"""What the decision keys do on the screen: at once there, then in the tray."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from papertray.core.counting import counted
from papertray.core.piles import Pile
from papertray.notebook.papers import VERBS
from papertray.store.journal import Origin
from papertray.store.papers import View
from papertray.tui.arranging import TITLES
from papertray.tui.burst import Burst
from papertray.tui.keys import shown
from papertray.tui.marks import Left, Marks, take_out
from papertray.tui.screens.marking import AT_ONCE

if TYPE_CHECKING:
    from papertray.notebook.journal import TakenBack
    from papertray.store.writing import Outcome
    from papertray.tui.dispatch import Press
    from papertray.tui.screens.triage import TriageScreen

ASK_ABOVE = 20
"""Papers that a key decides about without a question."""

PUT_BACK_ONE_BY_ONE = 64
"""Up to as many papers go into the list, or out of it, without loading the view anew."""

TELL_ABOVE = 1000
"""Papers whose decision takes long enough to say that it is being written."""

_PILES = {view: Pile.READ if view is View.DONE else Pile(view.value) for view in View}


@dataclass(frozen=True, slots=True)
class Verb:
    """A decision, ready to be made about any papers.

    `words` name it in a question, `key` is the one that was pressed, as the user knows it. `leaves`
    are the views that the papers leave. `nothing` is said where nothing changed, `said` where
    something did.
    """

    words: str
    key: str
    decide: Callable[[Sequence[int]], Outcome]
    leaves: frozenset[View]
    nothing: str
    said: str = ""


class Deciding:
    """Decisions about the marked papers of a screen, or the one under the cursor.

    The list shows a decision at once; the writer's thread makes it true; a refused one is put back.
    """

    def __init__(self, screen: TriageScreen) -> None:
        self._screen = screen
        self._papers = screen.notebook.papers
        self._last: tuple[Verb, int | None] | None = None
        self._burst = Burst()
        self._warning = ""
        self._end = ""

    # --- the verbs

    def move(self, press: Press, pile: Pile) -> None:
        """Move papers to a pile."""
        self.do(press, self.moving(press, pile))

    def moving(self, press: Press, pile: Pile, reason: str = "") -> Verb:
        """Return the verb that moves papers to a pile, for a reason if there is one."""
        words = f"{VERBS[pile]}, {reason}," if reason else VERBS[pile]
        return self.verb(
            press,
            words,
            partial(self._papers.move, pile=pile, reason=reason),
            leaves=[view for view, of_view in _PILES.items() if of_view is not pile],
            nothing=f"{VERBS[pile]}: it is there already",
            said=f"because: {reason}" if reason else "",
        )

    def mark_done(self, press: Press) -> None:
        """Mark papers done."""
        leaves = (View.INBOX, View.READ)
        self.do(press, self.verb(press, "done", self._papers.set_done, leaves=leaves))

    def repeat(self, press: Press) -> None:
        """Do to these papers what was done to the last ones: to as many, without marks."""
        if self._last is None:
            self._screen.say("nothing to repeat yet")
            return
        verb, count = self._last
        key = self.verb(press, verb.words, verb.decide, leaves=()).key
        self.do(press, replace(verb, key=key), count if press.count is None else press.count)

    def verb(
        self,
        press: Press,
        words: str,
        decide: Callable[[Sequence[int]], Outcome],
        *,
        leaves: Collection[View],
        nothing: str = "",
        said: str = "",
    ) -> Verb:
        """Return the verb of a key; `press` is how it was asked for."""
        chord = press.chord.split()[-1:] or [""]
        key = shown(chord[0]) or self._screen.papertray.key_map.key_of(press.action)
        nothing = nothing or f"{words}: it is there already"
        return Verb(words, key, decide, frozenset(leaves), nothing, said)

    # --- deciding

    def do(self, press: Press, verb: Verb, count: int | None = None) -> None:
        """Decide about the marked papers, else about `count` of them from the cursor on.

        Above `ASK_ABOVE` papers a line asks; only the same key again decides, about just these.
        """
        count = press.count if count is None else count

        def weigh(papers: array[int]) -> None:
            if not papers:
                self._screen.say("no paper here")
            elif len(papers) <= ASK_ABOVE:
                self.decide(verb, papers, count)
            else:
                self._ask(verb, papers, count)

        self._screen.marks.gather(count, weigh)

    def _ask(self, verb: Verb, papers: array[int], count: int | None) -> None:
        screen = self._screen

        def answered(key: str) -> None:
            screen.say("")
            if shown(key) == verb.key[-len(shown(key)) :]:
                self.decide(verb, papers, count)

        place = screen.viewing.title
        place = place.lower() if place in TITLES.values() else place
        question = f"{verb.words} {len(papers):,} in {place}? {verb.key} again, Esc no"
        screen.choose(question, answered)

    def decide(self, verb: Verb, papers: array[int], count: int | None = None) -> None:
        """Take papers out of the view at once, then write the decision about them.

        Among hits, and in the pile they lie in already, papers stay and the cursor goes on.
        """
        screen = self._screen
        self._last = verb, count
        at = screen.papertray.seconds()
        view = screen.viewing.view
        leaves = view in verb.leaves and not screen.viewing.is_of_hits
        were_marked = screen.marks.is_marked(papers[0])
        screen.marks.decided(papers)
        if leaves:
            self._take_out(papers)
        else:
            self._go_past(papers, stays=were_marked)
        if len(papers) > TELL_ABOVE:
            screen.say(f"{verb.words} {len(papers):,} papers …")

        def done(outcome: Outcome) -> None:
            screen.after_write(list(papers))
            is_elsewhere = screen.viewing.view is not view
            is_partly = leaves and outcome.changed < len(papers)
            if is_elsewhere or is_partly or len(papers) > PUT_BACK_ONE_BY_ONE:
                # Somebody was faster, the user than the disk or another process than the user.
                screen.viewing.reload()
            if outcome.batch is not None:
                self._burst.add(at, outcome.batch)
            self._say_done(verb, outcome)

        screen.papertray.writer.write(lambda: verb.decide(papers), done, screen.refused)

    def _say_done(self, verb: Verb, outcome: Outcome) -> None:
        """Say what was done, where the status line does not: it says what undo would take back."""
        screen = self._screen
        if batches := self._burst.batches:
            key = screen.papertray.key_map.key_of("decide.undo")
            number = len(batches)
            said = f"{number:,} decisions in a moment: a slip? {key} takes back all {number:,}"
            screen.say(said, alone=True)
            self._warning = screen.papertray.message
        elif not outcome.changed:
            screen.say(verb.nothing)
        else:
            screen.say(verb.said or self._end)
        self._end = ""

    # --- the list

    def _go_past(self, papers: array[int], *, stays: bool) -> None:
        """Show papers as they are now, and go on behind those at the cursor unless it `stays`."""
        listed, rows = self._screen.paper_list, self._screen.rows
        rows.forget(papers)
        listed.refresh()
        index = listed.index
        if not stays and rows.ids[index : index + len(papers)] == papers:
            self._end_card(index + len(papers))
            listed.move_by(len(papers))

    def _take_out(self, papers: array[int]) -> None:
        """Take papers out of the list; the cursor stays on its line, on the next that is left."""
        screen = self._screen
        listed, rows = screen.paper_list, screen.rows
        index, line = listed.index, listed.cursor_line
        is_here = rows.ids[index : index + len(papers)] == papers
        if is_here and len(papers) <= PUT_BACK_ONE_BY_ONE:
            for paper_id in papers:
                assert rows.take_out(index) == paper_id
            self._end_card(index)
            listed.view_changed(keep_line=True, line=line)
        elif len(rows) <= AT_ONCE:
            self._leave(take_out(papers, *self._list()))
        else:
            # As a function: a coroutine whose worker is replaced at once would never be awaited.
            _: Worker[None] = screen.run_worker(partial(self._take_out_soon, papers))

    async def _take_out_soon(self, papers: array[int]) -> None:
        while True:
            before = self._list()
            length = len(before[0])
            left = await asyncio.to_thread(take_out, papers, *before)
            if self._list() == before and len(before[0]) == length:
                break
        self._leave(left)

    def _list(self) -> tuple[array[int], Sequence[int], int, int | None]:
        rows = self._screen.rows
        headings = rows.headings
        return rows.ids, headings.groups, self._screen.paper_list.index, headings.stop

    def _leave(self, left: Left) -> None:
        """Show what is left of the list."""
        listed, rows = self._screen.paper_list, self._screen.rows
        line = listed.cursor_line
        rows.replace(left.ids, left.starts)
        rows.headings.stop = left.stop if left.stop is not None and left.stop < len(rows) else None
        self._end_card(left.index)
        listed.view_changed(index=left.index, keep_line=True, line=line)

    def _end_card(self, index: int) -> None:
        """Close the card where there is no next paper to show on it."""
        reading = self._screen.reading
        if reading.is_card and index >= len(self._screen.rows):
            reading.set_card(False)
            self._end = "that was the last one here"

    # --- taking back

    def take_back(self, press: Press, *, redo: bool = False) -> None:
        """Undo or redo, as often as the count says; the cursor goes to what came back first."""
        screen, journal = self._screen, self._screen.notebook.journal
        jobs, line = screen.papertray.jobs, journal.next_undo()
        if jobs.present and not redo and line is not None and line.origin is Origin.ADD:
            # Half of an add would be taken back while the other half comes in.
            cancels = screen.papertray.key_map.key_of("rest.cancel")
            screen.say(f"still {jobs.present}: {cancels} stops it")
            return
        batches = () if redo else self._burst.batches
        if not batches or screen.papertray.message != self._warning:
            batches = ()
        self._burst.forget()

        def step() -> list[TakenBack]:
            if batches:
                return [journal.undo_batch(batch) for batch in reversed(batches)]
            one = journal.redo if redo else journal.undo
            return [taken for _ in range(press.times) if (taken := one()) is not None]

        def done(taken: list[TakenBack]) -> None:
            if not taken:
                screen.say("nothing to redo" if redo else "nothing to undo")
                return
            papers = list(dict.fromkeys(paper for one in taken for paper in one.papers))
            screen.after_write(papers)
            self._show_again(papers)
            screen.say(self._told(taken, papers, redo=redo))

        screen.papertray.writer.write(step, done, screen.refused)

    def _told(self, taken: Sequence[TakenBack], papers: Sequence[int], *, redo: bool) -> str:
        title = ""
        if len(papers) == 1 and (row := self._papers.rows(papers).get(papers[0])):
            title = row.title
        return taken_back(taken, len(papers), title, redo=redo)

    def _show_again(self, papers: Sequence[int]) -> None:
        """Bring the list in line with an undo: the cursor goes to the first that came back."""
        if not papers:
            return
        screen, viewing = self._screen, self._screen.viewing
        if screen.finding.text:
            here = Marks(papers).among(screen.rows.ids)[:1]
            index = screen.rows.position(here[0]) if here else None
            screen.paper_list.view_changed(index=index)
        elif len(papers) > PUT_BACK_ONE_BY_ONE or not viewing.can_put_back:
            viewing.reload(first_of=papers)
        else:
            screen.paper_list.view_changed(index=self._put_where_they_belong(papers))

    def _put_where_they_belong(self, papers: Sequence[int]) -> int | None:
        """Put papers into the list or take them out, as they lie now; return the first one's line.

        None where none of them lies in the view.
        """
        rows, view = self._screen.rows, self._screen.viewing.view
        assert view is not None  # hits cannot be put back
        inside = self._papers.in_view(view, papers)
        first: int | None = None
        for paper_id in papers:
            if paper_id in inside:
                index = rows.put_back(paper_id)
                if index is not None and (first is None or index <= first):
                    first = index
                continue
            near = self._screen.paper_list.index
            index = rows.position(paper_id, near=near)
            if index is not None:
                rows.take_out(index)
                first = first - 1 if first is not None and index < first else first
        return first


def taken_back(taken: Sequence[TakenBack], papers: int, title: str, *, redo: bool) -> str:
    """Return what an undo or redo did, in words: ``undone: 42 papers back to inbox``.

    `papers` is how many it touched; `title` that of the paper, where it is one.
    """
    piles: dict[str, int] = {}
    for one in taken:
        for pile, count in one.piles:
            piles[pile] = piles.get(pile, 0) + count
    done = "redone" if redo else "undone"
    if redo or sum(piles.values()) != papers or not papers:
        more = f" and {len(taken) - 1:,} more" if len(taken) > 1 else ""
        said = f"{done}: {taken[0].label}{more}"
    elif title:
        said = f"{done}, back to {next(iter(piles))}: “{title}”"
    else:
        first, *others = sorted(piles.items(), key=lambda each: -each[1])
        said = f"{done}: {counted(first[1], 'paper')} back to {first[0]}"
        said += "".join(f", {count:,} to {pile}" for pile, count in others)
    left = sum(one.left for one in taken)
    return f"{said}, {left:,} left alone: changed since" if left else said
