"""The groups of a list, as its entries come: where a heading is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from papertray.core.grouping import Group, Standing, group_of
from papertray.core.model import Entry


def with_groups(entries: Iterable[Entry], by: str) -> Iterator[tuple[Group | None, Entry]]:
    """Yield each entry, with the group that begins at it or None within a group.

    Arguments: `entries` in the order of their groups; `by` as `ExportOptions.group` has it: where
    that is empty, no group ever begins.
    """
    place = None
    for entry in entries:
        group = _group_of(entry, by) if by else None
        if group is None or group.place == place:
            yield None, entry
        else:
            place = group.place
            yield group, entry


def _group_of(entry: Entry, by: str) -> Group:
    work = entry.work
    venue = work.venue.name or work.venue.short
    return group_of(Standing(entry.pile, entry.done, entry.tags, work.year, venue), by)
