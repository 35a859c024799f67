"""Of what a tray holds: feeds and rules that the user asked for, and papers that wait for more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from papertray.core.pasted import Named, named_by_placeholder
from papertray.store import awaited, rules
from papertray.store.mending import Mending
from papertray.store.rules import Action, Rule
from papertray.store.subscriptions import set_columns, settings_of

# --- feeds


def wrong_settings(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield feeds whose settings cannot be read."""
    for _, name in _unreadable(connection):
        yield f"The settings of the feed {name} cannot be read, so it expires never, without tags."


def clear_settings(connection: sqlite3.Connection, mending: Mending) -> None:
    """Leave them what they count as: none."""
    for feed, _ in _unreadable(connection):
        set_columns(connection, mending.batch(), feed, {"settings": "{}"})


def _unreadable(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    rows = connection.execute("SELECT id, name, settings FROM feed ORDER BY id")
    return [(id_, name) for id_, name, settings in rows if settings_of(settings) is None]


# --- rules


def wrong_rules(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield rules of which nobody knows what they are to do."""
    for rule in _idle(connection):
        yield f"Rule {rule.id} does nothing that can be read with what {rule.query} finds."


def remove_rules(connection: sqlite3.Connection, mending: Mending) -> None:
    """Take them away: they do nothing."""
    for rule in _idle(connection):
        rules.remove(connection, mending.batch(), rule)


def _idle(connection: sqlite3.Connection) -> list[Rule]:
    return [rule for rule in rules.all_rules(connection) if rule.action == Action()]


# --- papers that wait for more


def wrong_names(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield papers that wait for what nobody has, and those that are only a name and do not."""
    for paper, scheme, value in _unknown(connection):
        yield f"Paper {paper} waits for {scheme} {value}, which nobody can be asked for."
    for paper, named in _forgotten(connection):
        yield f"Paper {paper} is only a name, {named.title}, and nobody is asked for the rest."


def await_anew(connection: sqlite3.Connection, mending: Mending) -> None:
    """Await nothing of the first, and the rest of the others."""
    for paper, _, _ in _unknown(connection):
        awaited.settle(connection, paper)
    for paper, named in _forgotten(connection):
        awaited.begin(connection, paper, named, mending.at)


def _unknown(connection: sqlite3.Connection) -> list[tuple[int, str, str]]:
    known = awaited.names(connection)
    rows = connection.execute("SELECT paper_id, scheme, value FROM awaited ORDER BY paper_id")
    return [row for row in rows if row[0] not in known]


def _forgotten(connection: sqlite3.Connection) -> list[tuple[int, Named]]:
    rows = connection.execute(
        "SELECT id, title FROM paper WHERE instr(title, ':') AND NOT instr(title, ' ')"
        " AND merged_into IS NULL AND id NOT IN (SELECT paper_id FROM awaited) ORDER BY id"
    )
    named = ((paper, named_by_placeholder(title)) for paper, title in rows)
    return [(paper, name) for paper, name in named if name is not None]
