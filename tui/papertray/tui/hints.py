"""What to show next to somebody who is new here: one quiet line at a time. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

INBOX_EMPTY = "inbox-empty"
"""What happens beside the actions of the key table: the last paper of the inbox was decided."""

TIMES = 2
"""Times that a hint is shown, in as many sessions."""

STAYS = 4
"""Actions for which a hint is seen: as many as are done before somebody has read it."""

_KEY = re.compile(r"\{([a-z.-]+)\}")


@dataclass(frozen=True, slots=True)
class Hint:
    """`text` teaches the actions whose ids stand in braces, once one of `after` was done `times`.

    Who did one of them already needs no hint.
    """

    id: str
    after: tuple[str, ...]
    times: int
    text: str

    @property
    def taught(self) -> Sequence[str]:
        """The ids of the actions that it teaches."""
        return _KEY.findall(self.text)


HINTS = (
    Hint(
        "repeat",
        ("decide.skip",),
        3,
        "{decide.repeat} repeats a decision, {decide.undo} takes it back",
    ),
    Hint("read", (INBOX_EMPTY,), 1, "{view.read} shows what waits to be read"),
    Hint("notes", ("work.note",), 1, "{view.notes} lists notes, {rest.search} finds their words"),
    Hint(
        "marks",
        ("mark.one", "mark.range"),
        1,
        "{decide.skip} skips all marked papers, {work.tags} tags them",
    ),
    Hint(
        "counts",
        ("move.down",),
        12,
        "20{move.down} goes 20 papers down, {view.next-hit} to the next undecided one",
    ),
    Hint(
        "saved",
        ("rest.search",),
        2,
        "{rest.save-search} keeps a search, {rest.narrow} narrows this view",
    ),
    Hint(
        "export",
        ("decide.star",),
        3,
        "{view.starred} shows the starred papers, {rest.export} exports them",
    ),
    Hint("history", ("decide.undo",), 3, "{view.history} shows all that was decided"),
)
"""In the order in which they are shown where several could be."""


class Hints:
    """Which hint there is to show now. `shown` are the ids of those shown before, once each time.

    `key_of` returns the key of an action as people write it, empty where it has none.
    """

    def __init__(
        self, key_of: Callable[[str], str], shown: Sequence[str], hints: Sequence[Hint] = HINTS
    ) -> None:
        self._key_of = key_of
        self._hints = hints
        self._shown = Counter(shown)
        self._done: Counter[str] = Counter()
        self._now: Hint | None = None
        self._stays = 0
        self._over: set[str] = set()

    def happened(self, what: str, times: int = 1) -> None:
        """Take in what the user did: the id of an action, or `INBOX_EMPTY`."""
        self._done[what] += times
        self._stays -= 1
        if self._now is not None and (self._stays <= 0 or what in self._now.taught):
            self._now = None

    def line(self) -> str:
        """Return the hint to show now, empty without one: whoever asks for it shows it."""
        if self._now is None:
            self._now = next(filter(self._is_due, self._hints), None)
            if self._now is None:
                return ""
            self._stays = STAYS
            self._over.add(self._now.id)
            self._shown[self._now.id] += 1
        return _KEY.sub(lambda found: self._key_of(found[1]), self._now.text)

    @property
    def shown(self) -> tuple[str, ...]:
        """The ids of the hints that were shown, once for each time."""
        return tuple(self._shown.elements())

    def _is_due(self, hint: Hint) -> bool:
        if hint.id in self._over or self._shown[hint.id] >= TIMES:
            return False
        is_known = any(self._done[action] for action in hint.taught if action not in hint.after)
        has_keys = all(self._key_of(action) for action in hint.taught)
        reached = sum(self._done[action] for action in hint.after) >= hint.times
        return reached and has_keys and not is_known
