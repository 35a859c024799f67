"""Exports that have a name in the settings: writing them, and writing them again after changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.errors import PapertrayError, UsageError
from papertray.core.model import Pile
from papertray.core.named_exports import ALL_PILES, NamedExport
from papertray.core.query import Query, Value, ValueField, all_of, within
from papertray.core.query_parser import parse
from papertray.core.settings import Settings
from papertray.store.journal import state_of
from papertray.store.tray import Tray

if TYPE_CHECKING:
    from papertray.exporters.exporter import ExportOptions
    from papertray.exporters.table import Format
    from papertray.notebook.exports import Exports, Progress

KEPT = (Pile.READ, Pile.STARRED)
"""The piles that are exported where a query names none."""

LOOK_EVERY = 1.0
"""Seconds between two looks at whether the tray changed."""

QUIET = 2
"""Looks in a row without a change before the files are written: not once for each keypress."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one export. `problem` is a sentence, empty where the file is as it should be.

    `changed` tells whether the file, or one of the folder, holds something else now; `kept` counts
    hand edits that stay in a file that is brought up to date.
    """

    name: str
    path: Path
    papers: int = 0
    notes: int = 0
    changed: bool = False
    problem: str = ""
    kept: int = 0


Find = Callable[[Query], Sequence[int]]
"""Returns the ids of the papers that a query means."""


class NamedExports:
    """The exports that the settings name. They are read from there each time."""

    def __init__(
        self, tray: Tray, exports: Exports, settings: Callable[[], Settings], find: Find
    ) -> None:
        self._tray = tray
        self._exports = exports
        self._settings = settings
        self._find = find

    def all(self) -> tuple[NamedExport, ...]:
        """Return those that can be written."""
        return self._settings().exports

    def chosen(self, names: Iterable[str]) -> tuple[NamedExport, ...]:
        """Return those with these names, all where there is none. Raises `UsageError`."""
        known = {one.name: one for one in self.all()}
        wanted = tuple(names)
        for name in wanted:
            if name not in known:
                from difflib import get_close_matches

                near = get_close_matches(name, known, 1)
                there_are = f"there are {', '.join(known)}" if known else "there is none"
                hint = f"did you mean {near[0]}?" if near else f"{there_are} in the settings."
                raise UsageError(f"There is no export called {name}; {hint}")
        return tuple(known[name] for name in wanted) if wanted else tuple(known.values())

    def write(
        self,
        one: NamedExport,
        *,
        find: Find | None = None,
        progress: Progress | None = None,
        force: bool = False,
    ) -> Written:
        """Write one export. What the user can mend becomes the problem of what is returned.

        `find` takes the place of the one given first. A query that finds nothing writes nothing.
        With `force` a file is replaced that papertray did not write, or somebody changed.
        """
        path = Path(os.path.expanduser(one.file))
        try:
            format_ = self._format(one, path)
            whole = format_.holds_trays and one.pile == ALL_PILES and not one.query
            ids = self._exports.whole_tray() if whole else (find or self._find)(_meant(one))
            if not ids:
                return Written(one.name, path, problem="finds no paper, so it was left alone.")
            options = format_.options(
                notes=one.notes, private=one.private, abstracts=one.abstracts, group=one.group,
                title=one.title, bibliography=one.bibliography,
            )  # fmt: skip
            if whole:
                notes, _ = self._exports.notes_in_tray(options)
                changed = self._exports.to_file(
                    ids, format_, options, path, progress=progress, force=force, whole=True
                )
                return Written(one.name, path, len(ids), notes, changed)
            notes = self._exports.notes_in(ids, options)
            return self._written(one, ids, format_, options, path, notes, progress, force)
        except PapertrayError as error:
            return Written(one.name, path, problem=str(error))

    def state(self) -> tuple[int, int]:
        """Return a mark of what the tray holds: as long as it is the same, so are the files."""
        return state_of(self._tray.reader())

    def follow(
        self,
        wait: Callable[[float], bool],
        tell: Callable[[Written], None],
        chosen: Callable[[], Iterable[NamedExport]],
        progress: Progress | None = None,
    ) -> None:
        """Write what is `chosen`, and again whenever the tray has changed and is quiet again.

        `wait` gets seconds, and returns True when this is to end; `tell` is called after each file.
        """
        written: tuple[int, int] | None = None
        while True:
            state = self.state()
            if state != written:
                for one in chosen():
                    tell(self.write(one, progress=progress))
                    if wait(0.0):
                        return
                written = state
            quiet = 0
            while quiet < QUIET or state == written:
                if wait(LOOK_EVERY):
                    return
                now = self.state()
                quiet = quiet + 1 if now == state else 0
                state = now

    def _format(self, one: NamedExport, path: Path) -> Format:
        if one.to:
            return self._exports.find(one.to)
        format_ = self._exports.of_file(path)
        if format_ is None:
            raise UsageError('must say its format, such as to = "bibtex".')
        return format_

    def _written(
        self,
        one: NamedExport,
        ids: Sequence[int],
        format_: Format,
        options: ExportOptions,
        path: Path,
        notes: int,
        progress: Progress | None,
        force: bool,
    ) -> Written:
        if one.update:
            updated = self._exports.update_file(ids, format_, options, path, force=force)
            problem = ""
            for key in (*updated.taken, *updated.unwritable):
                problem = f"{path} cannot take {key}: `papertray export --update` says why."
            return Written(
                one.name, path, len(ids), notes, updated.changed, problem, kept=len(updated.kept)
            )
        if format_.is_folder:
            folder = self._exports.to_folder(
                ids, format_, options, path, progress=progress, force=force
            )
            left = folder.left
            others = f" (and {len(left) - 1:,} more)" if len(left) > 1 else ""
            problem = f"{left[0].name} {left[0].how}{others}." if left else ""
            return Written(one.name, path, len(ids), notes, folder.written > 0, problem)
        changed = self._exports.to_file(ids, format_, options, path, progress=progress, force=force)
        return Written(one.name, path, len(ids), notes, changed)


def _meant(one: NamedExport) -> Query:
    """Return what the query and the pile of an export mean together. Raises `QueryError`."""
    query = parse(one.query, typing=False)
    if one.pile == ALL_PILES:
        return query
    if one.pile:
        return all_of([query, Value(ValueField.PILE, one.pile)])
    return within(query, KEPT)
