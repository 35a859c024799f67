"""The values of one record under the names that its format gives them, taken one by one.

What nobody took is left, and kept with the record: so nothing is lost, whatever a format invents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from papertray.core.model import Json


class NamedValues:
    """(name, value) pairs in the order of their record; a name may come more than once."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Values that are blank are left out."""
        self._pairs = [(name, value) for name, value in pairs if value and not value.isspace()]
        self._places: dict[str, list[int]] = {}
        for place, (name, _) in enumerate(self._pairs):
            self._places.setdefault(name, []).append(place)
        self._taken: set[int] = set()

    def find(self, *names: str) -> Iterator[tuple[int, str]]:
        """Yield (place, value) of all that is left under `names`: in their order, then as written.

        The place is what `take` wants.
        """
        for name in names:
            for place in self._places.get(name, ()):
                if place not in self._taken:
                    yield place, self._pairs[place][1].strip()

    def look(self, *names: str) -> str:
        """Return the first value under the first of `names` that has one, or an empty text."""
        return next((value for _, value in self.find(*names)), "")

    def take(self, place: int) -> None:
        """Take out the value at `place`."""
        self._taken.add(place)

    def take_first(self, *names: str) -> str:
        """Take what `look` returns, and the values under `names` that say just the same."""
        found = list(self.find(*names))
        if not found:
            return ""
        first = found[0][1]
        words = first.split()
        for place, value in found:
            if value == first or value.split() == words:
                self._taken.add(place)
        return first

    def take_all(self, *names: str) -> list[str]:
        """Take all values under `names`, in the order of the record whatever their names."""
        found = sorted(self.find(*names))
        self._taken.update(place for place, _ in found)
        return [value for _, value in found]

    def left(self, kept: Set[str] = frozenset()) -> dict[str, Json]:
        """Return what nobody took, and all under the names in `kept`: name → value or values."""
        left: dict[str, Json] = {}
        for place, (name, value) in enumerate(self._pairs):
            if place in self._taken and name not in kept:
                continue
            before = left.get(name)
            if isinstance(before, list):
                before.append(value.strip())
            else:
                left[name] = value.strip() if before is None else [before, value.strip()]
        return left
