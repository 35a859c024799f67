"""Looking a tray over: what SQLite says of it, and what must be true of a tray besides.

Any tool may write the file, and some will break what papertray relies on: each check here finds one
such thing, says it in a sentence, and knows how to mend it without losing what the user made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from papertray.store import doctor_contents, doctor_feeds, doctor_references, doctor_structure
from papertray.store.mending import Mending

MOST = 20
"""Sentences of one kind; the damage is clear by then."""


class Mend(Protocol):
    """Mends all that one check finds, in the caller's transaction."""

    def __call__(self, connection: sqlite3.Connection, mending: Mending, /) -> None:
        """Mend it; decisions that change go into the batch of `mending`."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `sentence` is for the user.

    One that is no harm is only told: there is nothing to mend, and nothing goes wrong by it.
    """

    sentence: str
    is_harm: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be true. `about` says in a word or two what is looked at."""

    about: str
    find: Callable[[sqlite3.Connection, datetime], Iterator[str]]
    mend: Mend | None


CHECKS = (
    Check("indexes", doctor_structure.missing_objects, doctor_structure.make_objects),
    Check("triggers", doctor_structure.wrong_triggers, doctor_structure.make_triggers),
    Check("epoch", doctor_structure.no_epoch, doctor_structure.make_epoch),
    Check("references", doctor_references.broken, doctor_references.mend),
    Check("merged papers", doctor_references.lost_merges, doctor_references.lead_on),
    Check("standings", doctor_contents.no_standing, doctor_contents.make_standings),
    Check("decisions", doctor_contents.undocumented, doctor_contents.document),
    Check("dates", doctor_contents.wrong_dates, doctor_contents.date),
    Check("notes", doctor_contents.wrong_notes, doctor_contents.save_notes),
    Check("main notes", doctor_contents.rival_notes, doctor_contents.settle_notes),
    Check("citation keys", doctor_contents.wrong_keys, doctor_contents.mend_keys),
    Check("identifiers", doctor_contents.lost_identifiers, doctor_contents.add_identifiers),
    Check("feeds", doctor_feeds.wrong_settings, doctor_feeds.clear_settings),
    Check("rules", doctor_feeds.wrong_rules, doctor_feeds.remove_rules),
    Check("awaited papers", doctor_feeds.wrong_names, doctor_feeds.await_anew),
    Check("counts", doctor_structure.wrong_counts, doctor_structure.count_anew),
    Check("clock", doctor_contents.clock_jumps, None),
)
"""What must be true of a tray, in the order of mending: each may rely on those before."""


def findings(
    connection: sqlite3.Connection,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Finding]:
    """Yield what is not as it should be, of the file first. Nothing is changed.

    `progress` is called with how many of how many checks are done.
    """
    damage = list(islice(doctor_structure.broken_file(connection), MOST))
    damage += doctor_structure.missing_tables(connection)
    yield from map(Finding, damage)
    progress(1, len(CHECKS) + 1)
    try:
        yield from _wrong_contents(connection, now, progress)
    except sqlite3.DatabaseError:
        if not damage:
            raise
        yield Finding("What else is wrong can only be seen once that is mended.")


def _wrong_contents(
    connection: sqlite3.Connection, now: datetime, progress: Callable[[int, int], None]
) -> Iterator[Finding]:
    for number, check in enumerate(CHECKS, 2):
        for place, sentence in enumerate(check.find(connection, now)):
            if place == MOST:
                yield Finding(f"There is more like this ({check.about}).", check.mend is not None)
                break
            yield Finding(sentence, check.mend is not None)
        progress(number, len(CHECKS) + 1)
