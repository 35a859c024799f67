"""The rows of a view: 8 bytes a paper, and the few rows that were looked at. No Textual here."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from papertray.store.papers import Row
from papertray.tui.headings import Headings

PAGE = 64
"""Rows fetched at once, by primary key."""

KEPT = 40 * PAGE


class RowWindow:
    """The ids of a view in order, with rows fetched by page as they are looked at.

    Rows are kept by paper, not by position, so taking one out of the view costs nothing. `headings`
    stand between them; `group_of` says to which group a row belongs. `moved` are the papers that
    were put in (True) or taken out since somebody emptied it: ids that are being read lack that.
    """

    def __init__(self, fetch: Callable[[Sequence[int]], dict[int, Row]]) -> None:
        """`fetch` returns the rows of up to `PAGE` papers by id, leaving out what is no paper."""
        self._fetch = fetch
        self._rows: OrderedDict[int, Row | None] = OrderedDict()
        self.ids: array[int] = array("q")
        self.headings = Headings()
        self.moved: dict[int, bool] = {}
        self.group_of: Callable[[Row], str] = lambda row: ""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def lines(self) -> int:
        """How many lines rows and headings take."""
        return len(self.ids) + len(self.headings)

    def row(self, index: int) -> Row | None:
        """Return the row at a position, None for a paper that is gone."""
        paper_id = self.ids[index]
        if paper_id not in self._rows:
            start = index - index % PAGE
            wanted = [id_ for id_ in self.ids[start : start + PAGE] if id_ not in self._rows]
            found = self._fetch(wanted)
            for id_ in wanted:
                self._rows[id_] = found.get(id_)
            while len(self._rows) > KEPT:
                self._rows.popitem(last=False)
        return self._rows.get(paper_id)

    def replace(self, ids: array[int], groups: Iterable[int] = ()) -> None:
        """Show other papers, with headings where `groups` begin; rows that were fetched stay."""
        self.ids = ids
        self.headings = Headings(groups)

    def forget(self, paper_ids: Sequence[int]) -> None:
        """Fetch these rows anew when they are next looked at."""
        for paper_id in paper_ids:
            self._rows.pop(paper_id, None)

    def forget_all(self) -> None:
        """Fetch every row anew."""
        self._rows.clear()

    def position(self, paper_id: int, *, near: int = 0) -> int | None:
        """Return where a paper stands, looking around `near` first, or None."""
        start = max(0, near - PAGE)
        around = self.ids[start : near + PAGE]
        if paper_id in around:
            return start + around.index(paper_id)
        try:
            return self.ids.index(paper_id)
        except ValueError:
            return None

    def take_out(self, index: int) -> int:
        """Take the paper at a position out of the view; return its id."""
        self.headings.take_out(index, len(self.ids))
        paper_id = self.ids.pop(index)
        self.moved[paper_id] = False
        return paper_id

    def put_back(self, paper_id: int) -> int | None:
        """Put a paper where it belongs in a view ordered newest first; return its position.

        None when there is no such paper. Looks at the rows of some positions, not at all.
        """
        found = self._fetch([paper_id]).get(paper_id)
        if found is None:
            return None
        self._rows[paper_id] = found

        def order(index: int) -> tuple[_Descending, int]:
            row = self.row(index)
            return (_Descending(row.added if row else ""), self.ids[index])

        index = bisect_left(range(len(self.ids)), (_Descending(found.added), paper_id), key=order)
        if index == len(self.ids) or self.ids[index] != paper_id:
            self.ids.insert(index, paper_id)
            self.moved[paper_id] = True
            group = self.group_of(found)
            begins = self.headings.is_group(index)  # it pushes the first of a group down
            follows = index + 1 < len(self.ids) and self._group_at(index + 1) == group
            is_new = not follows and not (index and self._group_at(index - 1) == group)
            self.headings.put_in(index, is_new=is_new, begins=begins and follows)
        return index

    def _group_at(self, index: int) -> str | None:
        row = self.row(index)
        return None if row is None else self.group_of(row)


class _Descending(str):
    """A text that sorts backwards."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)
