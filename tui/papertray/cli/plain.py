"""Triage as a line dialogue: the keys, the journal and the order of the screen, and no cursor.

For screen readers, braille displays, pipes and terminals that can only print: what is written is
never drawn over, and nothing is said by colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from papertray.cli import output
from papertray.cli.plain_paper import add_note, change_tags, open_link, print_key, tell_all
from papertray.cli.talk import Talk
from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.core.errors import PapertrayError
from papertray.core.model import Entry, Pile
from papertray.notebook.journal import TakenBack
from papertray.notebook.notebook import Notebook
from papertray.notebook.papers import VERBS
from papertray.store.papers import PaperCounts, View
from papertray.store.writing import Outcome
from papertray.tui.dispatch import Dispatcher, Doing, Press
from papertray.tui.key_table import Scope
from papertray.tui.keys import KeyMap, shown
from papertray.tui.session import Session

_DECIDED = (Pile.STARRED, Pile.READ, Pile.SKIP)

PAGE = 10
"""Papers that the keys for a page pass over."""

ASK_ABOVE = 20
"""Papers above which a decision about several asks first."""

HINTED = (
    "decide.read", "decide.star", "decide.skip", "decide.undo", "work.card", "rest.help",
    "rest.quit",
)  # fmt: skip
"""What the first line names."""


@dataclass(frozen=True, slots=True)
class _Verb:
    """A decision: what it is called, how it is made, and the views that papers leave by it."""

    words: str
    decide: Callable[[Sequence[int]], Outcome]
    leaves: frozenset[View]


class PlainTriage:
    """The papers of a view, one after the other, with one key for each decision."""

    def __init__(
        self, notebook: Notebook, key_map: KeyMap, talk: Talk, session: Session, view: View
    ) -> None:
        self._notebook = notebook
        self._key_map = key_map
        self._talk = talk
        self._session = session
        self._keys = Dispatcher(key_map.chords(Scope.PAPERS), with_counts=True)
        self._view = view
        self._ids = notebook.papers.ids(view)
        self._index = 0
        self._places: dict[View, int] = {}
        self._search = ""
        self._last: tuple[_Verb, int | None] | None = None
        self._is_told = False
        self._is_over = False
        self._counts = notebook.papers.counts()
        session.left = self._counts.inbox
        self._actions = self._doings()

    def run(self) -> None:
        """Talk until the user leaves, the time is up or nobody answers; then sum up."""
        hints = [
            f"{self._key_map.key_of(action.id)} {action.hint}"
            for action in self._key_map.actions
            if action.id in HINTED and action.chords
        ]
        output.write(", ".join(hints))
        self._show()
        for names in self._talk.pressed():
            press = self._keys.feed(*names)
            if press is not None:
                self._do(press)
            elif not self._keys.pending and names[0] != "escape":
                output.write(f"{shown(names[0])} does nothing here.")
            if self._session.is_over and not self._is_over:
                output.write(f"Time is over: {self._session.length}.")
                self._is_over = True
            if self._is_over:
                break
        for line in self._session.summary():
            output.write(line)

    def _do(self, press: Press) -> None:
        doing = self._actions.get(press.action)
        if doing is None:
            output.write(f"{shown(press.chord)} works on the screen only.")
            return
        try:
            doing(press)
        except PapertrayError as error:
            output.write(str(error))

    def _doings(self) -> dict[str, Doing]:
        counted_ones: dict[str, Doing] = {
            "move.down": lambda press: self._go(self._index + press.times),
            "move.up": lambda press: self._go(self._index - press.times),
            "move.top": lambda press: self._go(press.times - 1),
            "move.bottom": lambda press: self._go((press.count or len(self._ids)) - 1),
            "move.half-down": lambda press: self._go(self._index + press.times * PAGE // 2),
            "move.half-up": lambda press: self._go(self._index - press.times * PAGE // 2),
            "move.page-down": lambda press: self._go(self._index + press.times * PAGE),
            "move.page-up": lambda press: self._go(self._index - press.times * PAGE),
            "view.next-hit": lambda press: self._go_to_hit(press.times),
            "view.previous-hit": lambda press: self._go_to_hit(-press.times),
            "decide.read": lambda press: self._move(press, Pile.READ),
            "decide.star": lambda press: self._move(press, Pile.STARRED),
            "decide.skip": lambda press: self._move(press, Pile.SKIP),
            "decide.inbox": lambda press: self._move(press, Pile.INBOX),
            "decide.skip-because": self._skip_because,
            "decide.snooze": self._snooze,
            "decide.done": self._mark_done,
            "decide.repeat": self._repeat,
            "decide.undo": lambda press: self._take_back(press, redo=False),
            "decide.redo": lambda press: self._take_back(press, redo=True),
        }
        plain: dict[str, Callable[[], object]] = {
            "view.next": lambda: self._turn_view(1),
            "view.previous": lambda: self._turn_view(-1),
            "work.card": self._tell_all,
            "work.page": self._page,
            "work.note": lambda: self._about(partial(add_note, self._notebook, self._talk)),
            "work.tags": lambda: self._about(partial(change_tags, self._notebook, self._talk)),
            "work.copy-key": lambda: self._about(partial(print_key, self._notebook)),
            "work.open": lambda: self._about(open_link),
            "rest.search": self._look_for,
            "rest.clear": self._clear,
            "rest.help": self._help,
            "rest.quit": self._quit,
        }
        for view in View:
            plain[f"view.{view}"] = partial(self._show_view, view)
        return {**counted_ones, **{name: _pressed(do) for name, do in plain.items()}}

    # --- where one is

    @property
    def _paper_id(self) -> int | None:
        return self._ids[self._index] if self._index < len(self._ids) else None

    def _go(self, index: int) -> None:
        self._index = max(0, min(index, len(self._ids) - 1))
        self._show()

    def _go_to_hit(self, steps: int) -> None:
        """Go to the next hit of a search, or undecided paper; after the last comes the first."""
        if self._ids and (self._search or self._view is View.INBOX):
            self._go((self._index + steps) % len(self._ids))
        else:
            output.write("All of these are decided.")

    def _show(self) -> None:
        """Tell which paper it is: its place, title, authors and year."""
        self._is_told = False
        if self._paper_id is None:
            output.write("Nothing is left here." if not self._search else "Nothing found.")
            return
        entry = self._notebook.papers.entry(self._paper_id)
        output.write(f"{self._index + 1} of {len(self._ids)}: {entry.work.title}")
        names = [author.display for author in entry.work.authors]
        about = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        pile = entry.pile.value if self._search else ""
        if line := ". ".join(filter(None, (about, str(entry.work.year or ""), pile))):
            output.write(line)

    def _tell_all(self) -> None:
        self._is_told = True
        self._about(tell_all)

    def _about(self, do: Callable[[Entry], object]) -> None:
        """Do something with the paper, if there is one."""
        if self._paper_id is None:
            output.write("There is no paper here.")
        else:
            do(self._notebook.papers.entry(self._paper_id))

    def _page(self) -> None:
        if self._is_told:
            self._go(self._index + 1)
        else:
            self._tell_all()

    def _show_view(self, view: View) -> None:
        self._remember_place()
        self._view, self._search = view, ""
        self._ids = self._notebook.papers.ids(view)
        output.write(f"{view.value}: {counted(len(self._ids), 'paper')}")
        place = self._places.get(view, 0)
        self._go(self._ids.index(place) if place in self._ids else 0)

    def _remember_place(self) -> None:
        if self._paper_id is not None and not self._search:
            self._places[self._view] = self._paper_id

    def _turn_view(self, step: int) -> None:
        views = list(View)
        self._show_view(views[(views.index(self._view) + step) % len(views)])

    def _look_for(self) -> None:
        text = self._talk.ask("Search: ")
        if not text or not text.strip():
            return
        hits = self._notebook.search.search(text, typing=True)
        self._remember_place()
        self._search, self._ids = text, hits.ids
        output.write(counted(len(hits.ids), "hit"))
        self._go(0)

    def _clear(self) -> None:
        if self._search:
            self._show_view(self._view)

    # --- decisions

    def _move(self, press: Press, pile: Pile, reason: str = "") -> None:
        papers = self._notebook.papers
        leaves = frozenset(view for view in View if _pile_of(view) is not pile)
        decide = partial(papers.move, pile=pile, reason=reason)
        self._decide(press, _Verb(VERBS[pile], decide, leaves))

    def _skip_because(self, press: Press) -> None:
        reasons = self._notebook.settings.texts("triage.reasons")[:9]
        offer = ", ".join(f"{number} {reason}" for number, reason in enumerate(reasons, 1))
        answer = self._talk.ask(clean(f"Why? {offer}, or any other reason: "))
        if answer is not None:
            numbered = {str(number): reason for number, reason in enumerate(reasons, 1)}
            said = " ".join(answer.split())
            self._move(press, Pile.SKIP, numbered.get(said, said))

    def _snooze(self, press: Press) -> None:
        from papertray.core.snooze_dates import EXAMPLES, snooze_date

        papers = self._notebook.papers
        answer = self._talk.ask(f"Until when? {', '.join(EXAMPLES)} or a date: ")
        if not answer or not answer.strip():
            return
        try:
            until = snooze_date(answer, papers.now.date()).isoformat()
        except ValueError as error:
            output.write(str(error))
            return
        decide = partial(papers.snooze, until=until)
        self._decide(press, _Verb("snooze", decide, frozenset([View.INBOX])))

    def _mark_done(self, press: Press) -> None:
        leaves = frozenset([View.INBOX, View.READ])
        self._decide(press, _Verb("done", self._notebook.papers.set_done, leaves))

    def _repeat(self, press: Press) -> None:
        if self._last is None:
            output.write("There is nothing to repeat yet.")
            return
        verb, count = self._last
        count = count if press.count is None else press.count
        self._decide(Press(press.action, count, press.chord), verb)

    def _decide(self, press: Press, verb: _Verb) -> None:
        """Decide about as many papers as the count says, and go on to the next."""
        targets = self._ids[self._index : self._index + press.times]
        if not targets:
            output.write("There is no paper here.")
            return
        if len(targets) > ASK_ABOVE:
            key = shown(press.chord)
            answer = self._talk.ask(f"{verb.words} {len(targets):,} papers? {key} again: yes. ")
            if answer is None or answer.strip() != key:
                return
        outcome = verb.decide(targets)
        self._last = verb, press.count
        output.write(outcome.label or f"{verb.words}: it is there already")
        if self._view in verb.leaves and not self._search:
            del self._ids[self._index : self._index + len(targets)]
        else:
            self._index += len(targets)
        self._count()
        self._go(self._index)

    def _take_back(self, press: Press, *, redo: bool) -> None:
        journal = self._notebook.journal
        taken: TakenBack | None = None
        for _ in range(press.times):
            found = journal.redo() if redo else journal.undo()
            if found is None:
                output.write("There is nothing to redo." if redo else "There is nothing to undo.")
                break
            taken = found
            output.write(f"{'redone' if redo else 'undone'}: {taken.label}")
        if taken is not None:
            self._show_again(taken)

    def _show_again(self, taken: TakenBack) -> None:
        """Go to the paper that came back."""
        if not self._search:
            self._ids = self._notebook.papers.ids(self._view)
        back = next((one for one in taken.papers if one in self._ids), None)
        self._count()
        self._go(self._index if back is None else self._ids.index(back))

    def _count(self) -> None:
        """Tell the session what was decided here, and what is left."""
        counts = self._notebook.papers.counts()
        before, self._counts = self._counts, counts
        moved = {pile: _in(counts, pile) - _in(before, pile) for pile in _DECIDED}
        self._session.decided(moved)
        self._session.left = counts.inbox

    def _help(self) -> None:
        for action in self._key_map.actions:
            if action.id in self._actions and action.chords:
                keys = " or ".join(map(shown, action.chords))
                output.write(f"{keys}: {action.text}")

    def _quit(self) -> None:
        if self._search:
            self._clear()
        else:
            self._is_over = True


def _pressed(do: Callable[[], object]) -> Doing:
    """Return an action for which neither count nor key matters."""

    def doing(press: Press) -> object:
        return do()

    return doing


def _pile_of(view: View) -> Pile:
    """Return the pile that the papers of a view lie in."""
    return Pile.READ if view is View.DONE else Pile(view.value)


def _in(counts: PaperCounts, pile: Pile) -> int:
    return counts.of(View(pile.value)) + (counts.done if pile is Pile.READ else 0)
