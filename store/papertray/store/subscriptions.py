"""Subscriptions: the rows of `feed` that the user asked for, and how far each was read.

Each change is an op of kind `feed`: `removed` with the instant before and no value when one is
made, the columns that change, `removed` with the instant when it is taken away. How far a feed was
read is no decision: it is written without an op. Rows of other kinds are files and pages that were
added once; ingest makes them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, fields, replace

from papertray.core.errors import UsageError
from papertray.core.subscriptions import MOST_DAYS, FeedState, Kind, Subscription
from papertray.store.decisions import write_op
from papertray.store.given_names import checked_name, nearest
from papertray.store.journal import Batch

LONGEST_NAME = 80
"""Characters."""

_IS_OURS = f"kind IN ({', '.join(repr(kind.value) for kind in Kind)})"
_COLUMNS = "id, name, kind, location, settings"
_STATE = tuple(field.name for field in fields(FeedState))
_OPTIONAL = frozenset({"fetched", "failed"})
"""Columns that hold no value where a `FeedState` holds an empty text."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscription is to be: `Subscription` without the id that it has not got yet."""

    name: str
    kind: Kind
    location: str
    expire: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedCounts:
    """How many papers of the tray a feed has listed, and how many of them wait in the inbox."""

    papers: int = 0
    inbox: int = 0


@dataclass(frozen=True, slots=True)
class Brought:
    """How many new papers a feed brought the last time that it brought any, and that instant."""

    papers: int
    at: str


def all_subscriptions(connection: sqlite3.Connection) -> list[Subscription]:
    """Return the subscriptions by name, whatever its case."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM feed WHERE {_IS_OURS} AND removed IS NULL")
    return sorted(map(_subscription, rows), key=lambda one: (one.name.casefold(), one.name))


def find_by_id(connection: sqlite3.Connection, id_: int) -> Subscription | None:
    """Return the subscription with an id as it is now, None where it was removed."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM feed WHERE id = ? AND {_IS_OURS} AND removed IS NULL", (id_,)
    ).fetchone()
    return None if row is None else _subscription(row)


def find_subscription(connection: sqlite3.Connection, name: str) -> Subscription | None:
    """Return the subscription of this name, else of this name in another case, or None."""
    found = all_subscriptions(connection)
    exact = next((one for one in found if one.name == name), None)
    folded = name.casefold()
    return exact or next((one for one in found if one.name.casefold() == folded), None)


def find_at(connection: sqlite3.Connection, kind: str, location: str) -> int | None:
    """Return the id of the subscription that lies at a place, or None."""
    row = connection.execute(
        f"SELECT id FROM feed WHERE kind = ? AND location = ? AND {_IS_OURS} AND removed IS NULL",
        (kind, location),
    ).fetchone()
    return None if row is None else int(row[0])


def get_subscription(connection: sqlite3.Connection, name: str) -> Subscription:
    """Return the subscription of this name. Raises `UsageError` that names the nearest."""
    found = find_subscription(connection, name)
    if found is not None:
        return found
    known = (one.name for one in all_subscriptions(connection))
    hint = nearest(name, known, "`papertray feeds list` lists them.")
    raise UsageError(f"There is no feed {name}; {hint}")


class Register:
    """The names and locations that feeds have: looked up once for however many are added."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._rows: dict[str, dict[str, int]] = {}
        for id_, name in connection.execute("SELECT id, name FROM feed ORDER BY id"):
            self._rows.setdefault(name.casefold(), {})[name] = id_
        self._live: dict[str, str] = {}
        self._places: dict[tuple[Kind, str], str] = {}
        for one in all_subscriptions(connection):
            self.enter(one.id, one)

    def enter(self, id_: int, one: Subscription | Wanted) -> None:
        """Remember a subscription that was made."""
        self.enter_row(id_, one.name)
        self._live[one.name.casefold()] = one.location
        self._places[one.kind, one.location] = one.name

    def enter_row(self, id_: int, name: str) -> None:
        """Remember the name of a row, of whatever kind."""
        self._rows.setdefault(name.casefold(), {})[name] = id_

    def row_of(self, name: str) -> int | None:
        """Return the row of any kind that has a name, else one that has it in another case."""
        same = self._rows.get(name.casefold(), {})
        return same.get(name, next(iter(same.values()), None))

    def location_of(self, name: str) -> str:
        """Return where the subscription of a name lies, empty when there is none."""
        return self._live.get(name.casefold(), "")

    def name_at(self, kind: Kind, location: str) -> str:
        """Return the name of the subscription that lies there, empty when there is none."""
        return self._places.get((kind, location), "")

    def free_name(self, name: str) -> str:
        """Return the name, with a number if a subscription has it."""
        found, number = name, 2
        while self.location_of(found):
            found = f"{name[: LONGEST_NAME - 6]} {number}"
            number += 1
        return found


def add(
    connection: sqlite3.Connection,
    batch: Batch,
    wanted: Wanted,
    register: Register,
    new_uid: Callable[[], str],
) -> int:
    """Make a subscription and return its id.

    A removed one of that name comes back; a file's or page's name becomes the subscription's, with
    the papers that came under it. Raises `UsageError` for a bad name, and where a subscription has
    the name or the location already.
    """
    wanted = replace(wanted, name=checked_name(wanted.name, "a feed", LONGEST_NAME))
    _refuse_place(register.name_at(wanted.kind, wanted.location), wanted.location)
    if location := register.location_of(wanted.name):
        raise UsageError(
            f"There is a feed {wanted.name} already ({location}); choose another name, or change "
            "that one with `papertray feeds change`."
        )
    settings = _settings_text(wanted.expire, wanted.tags)
    ref = register.row_of(wanted.name)
    if ref is None:
        row = (new_uid(), wanted.name, wanted.kind, wanted.location, settings)
        ref = _make(connection, batch, row)
    else:
        columns = {"kind": wanted.kind.value, "location": wanted.location, "settings": settings}
        named = {"name": wanted.name, **columns, "removed": None}
        set_columns(connection, batch, ref, named)
    register.enter(ref, wanted)
    return ref


def _refuse_place(name: str, location: str) -> None:
    if name:
        raise UsageError(f"{location} is a feed already, called {name}.")


def _make(connection: sqlite3.Connection, batch: Batch, row: tuple[str, ...]) -> int:
    cursor = connection.execute(
        "INSERT INTO feed(uid, name, kind, location, settings) VALUES (?, ?, ?, ?, ?)", row
    )
    assert cursor.lastrowid is not None
    write_op(connection, batch, "feed", cursor.lastrowid, "removed", None, batch.at)
    return cursor.lastrowid


def change(
    connection: sqlite3.Connection, batch: Batch, before: Subscription, wanted: Wanted
) -> int:
    """Make a subscription what is `wanted`; return 0 if it is that already.

    What was known of how far it was read is forgotten with another location. Raises `UsageError`
    for a bad name, and where another feed has the name or the location.
    """
    register, name = Register(connection), checked_name(wanted.name, "a feed", LONGEST_NAME)
    if (wanted.kind, wanted.location) != (before.kind, before.location):
        _refuse_place(register.name_at(wanted.kind, wanted.location), wanted.location)
    holder = None if name == before.name else register.row_of(name)
    if holder not in (None, before.id):
        raise UsageError(
            f"The name {name} belongs to another feed, or to one that was removed, or to a file "
            "that was added; choose another name."
        )
    columns = {"name": name, "kind": wanted.kind.value, "location": wanted.location}
    if (wanted.expire, wanted.tags) != (before.expire, before.tags):
        (text,) = connection.execute(
            "SELECT settings FROM feed WHERE id = ?", (before.id,)
        ).fetchone()
        columns["settings"] = _settings_text(wanted.expire, wanted.tags, text)
    return set_columns(connection, batch, before.id, columns)


def remove(connection: sqlite3.Connection, batch: Batch, one: Subscription) -> None:
    """Take a subscription away; its papers and listings stay."""
    set_columns(connection, batch, one.id, {"removed": batch.at})


def set_columns(
    connection: sqlite3.Connection, batch: Batch, ref: int, columns: Mapping[str, str | None]
) -> int:
    """Set columns of a feed's row, with an op for each that changes; return whether any did."""
    present = connection.execute(
        f"SELECT {', '.join(columns)} FROM feed WHERE id = ?", (ref,)
    ).fetchone()
    changed = 0
    for (column, value), before in zip(columns.items(), present, strict=True):
        if value == before:
            continue
        write_op(connection, batch, "feed", ref, column, value, before)
        connection.execute(f"UPDATE feed SET {column} = ? WHERE id = ?", (value, ref))
        changed = 1
        if column == "location":
            forget_states(connection, [ref])
    return changed


# --- settings


def _subscription(row: tuple[int, str, str, str, str]) -> Subscription:
    id_, name, kind, location, text = row
    told = settings_of(text) or {}
    expire, tags = told.get("expire"), told.get("tags")
    return Subscription(
        id_,
        name,
        Kind(kind),
        location,
        expire if isinstance(expire, int) and 0 < expire <= MOST_DAYS else 0,
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def settings_of(text: str) -> dict[str, object] | None:
    """Return what the column `settings` says, or None where it holds no JSON object."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _settings_text(expire: int, tags: Iterable[str], before: str = "{}") -> str:
    """Return the column `settings`; what else it held `before` stays."""
    told = {**(settings_of(before) or {}), "expire": expire, "tags": list(tags)}
    kept = {name: value for name, value in told.items() if value not in (0, [])}
    return json.dumps(kept, ensure_ascii=False)


# --- how far each was read


def states(connection: sqlite3.Connection) -> dict[int, FeedState]:
    """Return how far each subscription was read, by its id."""
    rows = connection.execute(
        f"SELECT id, {', '.join(_STATE)} FROM feed WHERE {_IS_OURS} AND removed IS NULL"
    )
    return {id_: _state(row) for id_, *row in rows}


def state_of(connection: sqlite3.Connection, feed_id: int) -> FeedState:
    """Return how far a subscription was read."""
    row = connection.execute(
        f"SELECT {', '.join(_STATE)} FROM feed WHERE id = ?", (feed_id,)
    ).fetchone()
    return _state(row)


def _state(row: Iterable[str | int | None]) -> FeedState:
    values = ("" if value is None else value for value in row)
    return FeedState(*values)  # type: ignore[arg-type]  # the columns are in their order


def save_state(connection: sqlite3.Connection, feed_id: int, state: FeedState) -> None:
    """Remember how far a subscription was read: in the transaction of what came, or after it."""
    values = [
        None if name in _OPTIONAL and value == "" else value
        for name, value in zip(_STATE, astuple(state), strict=True)
    ]
    columns = ", ".join(f"{name} = ?" for name in _STATE)
    connection.execute(f"UPDATE feed SET {columns} WHERE id = ?", (*values, feed_id))


def forget_states(connection: sqlite3.Connection, feed_ids: Iterable[int]) -> None:
    """Forget how far feeds were read: their location is another one now."""
    for feed_id in feed_ids:
        save_state(connection, feed_id, FeedState())


def read_again(connection: sqlite3.Connection) -> None:
    """Let every feed be read again, from a week before it was read last.

    For a copy of a tray that lacks papers which feeds brought: nobody else would bring them again.
    """
    connection.execute(
        "UPDATE feed SET etag = '', last_modified = '', digest = '',"
        " read_until = coalesce(date(read_until, '-7 days'), '')"
    )
    connection.execute("DELETE FROM seen_file")


def counts(connection: sqlite3.Connection, today: str) -> dict[int, FeedCounts]:
    """Return how many papers each subscription has listed, by its id; none is left out as 0.

    What was removed or is snoozed until after `today`, a local date, does not count.
    """
    rows = connection.execute(
        "SELECT l.feed_id, count(*), count(*) FILTER (WHERE s.pile = 'inbox'"
        "  AND (s.snoozed IS NULL OR s.snoozed <= ?))"
        f" FROM (SELECT DISTINCT feed_id, paper_id FROM feed f JOIN listing ON feed_id = f.id"
        f"  WHERE f.{_IS_OURS} AND f.removed IS NULL) l"
        " JOIN standing s ON s.paper_id = l.paper_id WHERE s.removed IS NULL GROUP BY l.feed_id",
        (today,),
    )
    return {feed_id: FeedCounts(papers, inbox) for feed_id, papers, inbox in rows}


def brought_last(connection: sqlite3.Connection) -> dict[int, Brought]:
    """Return what each subscription brought the last time that it brought anything, by its id."""
    rows = connection.execute(
        "SELECT l.feed_id, count(*), b.at FROM ("
        f" SELECT feed_id, max(batch) AS batch FROM feed f JOIN listing ON feed_id = f.id"
        f"  WHERE f.{_IS_OURS} AND f.removed IS NULL AND is_first GROUP BY feed_id) last"
        " JOIN listing l ON l.batch = last.batch AND l.feed_id = last.feed_id AND l.is_first"
        " JOIN batch b ON b.id = l.batch GROUP BY l.feed_id, b.at"
    )
    return {feed_id: Brought(papers, at) for feed_id, papers, at in rows}
