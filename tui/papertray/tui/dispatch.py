"""From keys to actions: one key or several in turn."""

from __future__ import annotations

from collections.abc import Mapping


class Dispatcher:
    """Collects keys until they are a chord of the table or cannot become one."""

    def __init__(self, chords: Mapping[str, str]) -> None:
        """`chords` maps chords (keys separated by blanks) to action ids."""
        self._chords = chords
        self._beginnings = {
            " ".join(keys[:length])
            for keys in (chord.split() for chord in chords)
            for length in range(1, len(keys))
        }
        self.pending = ""

    def feed(self, *names: str) -> str | None:
        """Take a key, by any of its `names`, and return the action it completes, if any.

        A key that cannot go on what is pending ends it, and begins anew.
        """
        before, self.pending = self.pending, ""
        for prefix in dict.fromkeys((before, "")):
            for name in names:
                chord = f"{prefix} {name}".strip()
                if chord in self._chords:
                    return self._chords[chord]
                if chord in self._beginnings:
                    self.pending = chord
                    return None
        return None

    def cancel(self) -> bool:
        """Forget what is pending; False when nothing was."""
        was_pending, self.pending = bool(self.pending), ""
        return was_pending
