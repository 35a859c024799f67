"""Taking over what another tray holds beside papers and notes: feeds, saved searches, rules.

As ops of the add's batch, so that undoing the add takes them back. What is here under the same name
stays as it is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

from papertray.core.errors import QueryError, UsageError
from papertray.core.model import Told, ToldFeed, ToldRule, ToldSearch
from papertray.core.subscriptions import MOST_DAYS, Kind
from papertray.store import rules, saved_searches, subscriptions
from papertray.store.adoption import Adopted
from papertray.store.journal import Batch
from papertray.store.rules import Action
from papertray.store.subscriptions import Register, Wanted

NewUid = Callable[[], str]
"""Makes uids."""

_FILES = ("file", "library", "page")
"""Kinds of feeds that are no subscriptions."""


def adopt_told(
    connection: sqlite3.Connection, batch: Batch, told: Sequence[Told], new_uid: NewUid
) -> Adopted:
    """Take over feeds, saved searches and rules, in their order; return how many were new.

    What another one has the name or the place of, and what cannot be understood, is counted as
    refused; what is here already just so is not counted.
    """
    adopted = Adopted()
    register = Register(connection) if any(isinstance(one, ToldFeed) for one in told) else None
    for one in told:
        try:
            match one:
                case ToldFeed():
                    assert register is not None
                    adopted += Adopted(feeds=_adopt_feed(connection, batch, one, register, new_uid))
                case ToldSearch():
                    adopted += Adopted(searches=_adopt_search(connection, batch, one, new_uid))
                case ToldRule():
                    adopted += Adopted(rules=_adopt_rule(connection, batch, one, new_uid))
        except (UsageError, QueryError):
            adopted += Adopted(refused=1)
    return adopted


def _adopt_feed(
    connection: sqlite3.Connection,
    batch: Batch,
    told: ToldFeed,
    register: Register,
    new_uid: NewUid,
) -> int:
    uid = _free_uid(connection, "feed", told.uid, new_uid)
    if not told.is_subscribed:
        _keep_row(connection, told, register, uid)
        return 0
    wanted = Wanted(told.name, Kind(told.kind), told.location, *_settings(told))
    if register.name_at(wanted.kind, wanted.location) == wanted.name:
        return 0
    subscriptions.add(connection, batch, wanted, register, uid)
    return 1


def _settings(told: ToldFeed) -> tuple[int, tuple[str, ...]]:
    expire, tags = told.settings.get("expire"), told.settings.get("tags")
    return (
        expire if isinstance(expire, int) and 0 < expire <= MOST_DAYS else 0,
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _keep_row(
    connection: sqlite3.Connection, told: ToldFeed, register: Register, uid: NewUid
) -> None:
    """Let listings find a file, or a subscription that was removed, as what it was: no decision."""
    is_known = told.kind in (*_FILES, *Kind)
    if is_known and register.row_of(told.name) is None:
        settings = json.dumps(dict(told.settings), ensure_ascii=False)
        cursor = connection.execute(
            "INSERT INTO feed(uid, name, kind, location, settings, removed)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (uid(), told.name, told.kind, told.location, settings, told.removed or None),
        )
        assert cursor.lastrowid is not None
        register.enter_row(cursor.lastrowid, told.name)


def _adopt_search(
    connection: sqlite3.Connection, batch: Batch, told: ToldSearch, new_uid: NewUid
) -> int:
    found = saved_searches.find_search(connection, told.name)
    if found is not None and found.query != told.query:
        raise UsageError(f"There is a saved search {told.name} already.")
    uid = _free_uid(connection, "saved_search", told.uid, new_uid)
    # Those that it names may come only after it.
    return saved_searches.save(connection, batch, told.name, told.query, uid, expands=False)


def _adopt_rule(
    connection: sqlite3.Connection, batch: Batch, told: ToldRule, new_uid: NewUid
) -> int:
    from papertray.core.query_parser import parse

    parse(told.query, typing=False)
    action = Action.from_text(json.dumps(dict(told.action)))
    if action == Action():
        raise UsageError("A rule that does nothing is none.")
    uid = _free_uid(connection, "rule", told.uid, new_uid)
    return bool(rules.make(connection, batch, told.query, action, uid))


def _free_uid(connection: sqlite3.Connection, table: str, uid: str, new_uid: NewUid) -> NewUid:
    """Return what gives a row the uid that it had elsewhere, where that is free, else a new one."""
    held = connection.execute(f"SELECT 1 FROM {table} WHERE uid = ?", (uid,)).fetchone()
    return new_uid if not uid or held is not None else lambda: uid
