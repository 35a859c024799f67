"""From keys to actions: a count, and one key or several in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

LARGEST_COUNT = 999_999


@dataclass(frozen=True, slots=True)
class Press:
    """An action that was asked for, the count typed before it, and the chord that did it.

    `chord` is empty where no key did: from the palette, or by ``:``.
    """

    action: str
    count: int | None = None
    chord: str = ""

    @property
    def times(self) -> int:
        """How often to do it: the count, once without one."""
        return 1 if self.count is None else self.count


Doing: TypeAlias = Callable[[Press], object]
"""What does an action."""


class Dispatcher:
    """Collects keys until they are a chord of the table or cannot become one."""

    def __init__(self, chords: Mapping[str, str], *, with_counts: bool = False) -> None:
        """`chords` maps chords (keys separated by blanks) to action ids.

        `with_counts`: digits before a chord are its count, where they are no chord themselves.
        """
        self._chords = chords
        self._beginnings = {
            " ".join(keys[:length])
            for keys in (chord.split() for chord in chords)
            for length in range(1, len(keys))
        }
        self._with_counts = with_counts
        self._count = ""
        self._chord = ""

    @property
    def pending(self) -> str:
        """The count and the keys of a chord that is not complete yet, as they were pressed."""
        return f"{self._count} {self._chord}".strip()

    def feed(self, *names: str) -> Press | None:
        """Take a key, by any of its `names`, and return the action it completes, if any.

        A key that cannot go on what is pending ends it, and begins anew.
        """
        before, self._chord = self._chord, ""
        for prefix in dict.fromkeys((before, "")):
            for name in names:
                chord = f"{prefix} {name}".strip()
                if chord in self._chords:
                    count, self._count = self._count, ""
                    return Press(self._chords[chord], int(count) if count else None, chord)
                if chord in self._beginnings:
                    self._chord = chord
                    return None
        self._count = self._counted(names[0]) if not before else ""
        return None

    def _counted(self, name: str) -> str:
        """Return the count with one more digit; empty where the key is none."""
        is_digit = self._with_counts and len(name) == 1 and name in "0123456789"
        if not is_digit or (name == "0" and not self._count):
            return ""
        return str(min(int(self._count + name), LARGEST_COUNT))

    def cancel(self) -> bool:
        """Forget what is pending; False when nothing was."""
        was_pending = bool(self.pending)
        self._count = self._chord = ""
        return was_pending
