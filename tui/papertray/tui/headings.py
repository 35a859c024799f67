"""Where headings stand between the rows of a list: from rows to lines and back. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Headings:
    """Positions of rows that have a heading line above them, 8 bytes each.

    Rows and lines are counted from 0. `groups` are the rows at which groups begin, the first of
    them 0; `stop` is the row above which one stopped the last time. Both have one line.
    """

    def __init__(self, groups: Iterable[int] = (), stop: int | None = None) -> None:
        self.groups = array("q", groups)
        self._stop = stop
        self._above = self.groups
        self._join()

    def __len__(self) -> int:
        """Return how many lines are headings."""
        return len(self._above)

    @property
    def stop(self) -> int | None:
        """The row above which one stopped the last time."""
        return self._stop

    @stop.setter
    def stop(self, row: int | None) -> None:
        self._stop = row
        self._join()

    def _join(self) -> None:
        self._above = self.groups
        if self._stop is not None and not self.is_group(self._stop):
            self._above = array("q", sorted((*self.groups, self._stop)))

    def line_of(self, row: int) -> int:
        """Return the line on which a row stands."""
        return row + bisect_right(self._above, row)

    def row_at(self, line: int) -> tuple[int, bool]:
        """Return the row on a line, and False; or the row below a heading, and True."""
        above = self._above
        passed = bisect_right(range(len(above)), line, key=lambda place: above[place] + place)
        if passed and above[passed - 1] + passed - 1 == line:
            return above[passed - 1], True
        return line - passed, False

    def has_heading(self, row: int) -> bool:
        """Return whether there is a heading right above a row."""
        place = bisect_left(self._above, row)
        return place < len(self._above) and self._above[place] == row

    def is_group(self, row: int) -> bool:
        """Return whether a group begins with a row."""
        place = bisect_left(self.groups, row)
        return place < len(self.groups) and self.groups[place] == row

    def size_of(self, row: int, rows: int) -> int:
        """Return how many of all `rows` the group holds that begins with a row."""
        place = bisect_right(self.groups, row)
        return (self.groups[place] if place < len(self.groups) else rows) - row

    def take_out(self, row: int, rows: int) -> None:
        """Follow a row that was taken out of what were `rows`; an empty group has no heading."""
        place = bisect_right(self.groups, row)
        if place and self.size_of(self.groups[place - 1], rows) == 1:
            place -= 1
            del self.groups[place]
        for later in range(place, len(self.groups)):
            self.groups[later] -= 1
        if self._stop is not None and self._stop > row:
            self._stop -= 1
        if self._stop is not None and self._stop >= rows - 1:
            self._stop = None
        self._join()

    def put_in(self, row: int, *, is_new: bool, begins: bool) -> None:
        """Follow a row that was put in: it begins the group there (`begins`), or a new one."""
        if self.groups:
            place = bisect_left(self.groups, row)
            if is_new:
                self.groups.insert(place, row)
            place += is_new or begins
            for later in range(place, len(self.groups)):
                self.groups[later] += 1
        if self._stop is not None and self._stop >= row:
            self._stop += 1
        self._join()
