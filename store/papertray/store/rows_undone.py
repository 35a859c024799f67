"""Taking back what was done to saved searches, feeds and rules: things with a row of their own."""

from __future__ import annotations

import sqlite3

from papertray.store import decisions
from papertray.store.journal import Batch
from papertray.store.reverting import keep_where, write_ops
from papertray.store.subscriptions import find_at, forget_states

TABLES = {
    "search": ("saved_search", frozenset({"name", "query", "position", "removed"})),
    "feed": ("feed", frozenset({"name", "kind", "location", "settings", "removed"})),
    "rule": ("rule", frozenset({"query", "action", "removed"})),
}
"""The table of each kind of thing that has a row of its own, and the columns that ops name.

One that is made was `removed` until then.
"""

_PLACE = ("kind", "location", "removed")
"""What says where a feed lies, and whether it does."""


def keep_places_apart(connection: sqlite3.Connection) -> None:
    """Leave feeds where they are that would come to lie where another one lies by now.

    Kind and location belong together: where one of them was changed since, both stay.
    """
    marks = ", ".join("?" * len(_PLACE))
    asked: dict[int, dict[str, tuple[str | None, str | None]]] = {}
    for ref, field, value, before in connection.execute(
        "SELECT ref, field, value, before FROM temp.reverting"
        f" WHERE kind = 'feed' AND field IN ({marks})",
        _PLACE,
    ):
        asked.setdefault(ref, {})[field] = (value, before)
    for ref, fields in asked.items():
        row = connection.execute(
            f"SELECT {', '.join(_PLACE)} FROM feed WHERE id = ?", (ref,)
        ).fetchone()
        if row is None:  # lost, which is for the doctor
            continue
        present = dict(zip(_PLACE, row, strict=True))
        held = {name for name, (value, _) in fields.items() if present[name] == value}
        dropped = {name for name in fields if name != "removed"} if fields.keys() - held else set()
        after = {
            name: fields[name][1] if name in held - dropped else present[name] for name in _PLACE
        }
        if after["removed"] is None and (
            find_at(connection, str(after["kind"]), str(after["location"])) not in (None, ref)
        ):
            dropped = set(fields)
        connection.executemany(
            "DELETE FROM temp.reverting WHERE kind = 'feed' AND ref = ? AND field = ?",
            ((ref, name) for name in sorted(dropped)),
        )


def put_back(connection: sqlite3.Connection, batch: Batch, kind: str, field: str) -> int:
    """Put back a column of a saved search, a feed or a rule; return of how many."""
    table = TABLES[kind][0]
    if field == "name":
        return _revert_names(connection, batch, kind, table)
    keep_where(
        connection, kind, field,
        f"EXISTS (SELECT 1 FROM {table} WHERE id = ref"
        f" AND CAST({field} AS TEXT) IS reverting.value)",
    )  # fmt: skip
    count = write_ops(connection, batch, kind, field)
    connection.execute(
        f"UPDATE {table} SET {field} = r.before FROM temp.reverting r"
        f" WHERE r.kind = ? AND r.field = ? AND {table}.id = r.ref",
        (kind, field),
    )
    if (kind, field) == ("feed", "location"):
        forget_states(connection, _left(connection, kind, field))
    return count


def _revert_names(connection: sqlite3.Connection, batch: Batch, kind: str, table: str) -> int:
    """Put names back, the last that was given first: each may have been free only then.

    One that another has taken since stays there, unless that one is removed: it steps aside.
    """
    count = 0
    for ref, value, before in connection.execute(
        "SELECT ref, value, before FROM temp.reverting WHERE kind = ? AND field = 'name'"
        " ORDER BY seq DESC",
        (kind,),
    ).fetchall():
        present = f"SELECT 1 FROM {table} WHERE id = ? AND name = ?"
        holder = connection.execute(
            f"SELECT id, removed FROM {table} WHERE name = ? AND id <> ?", (before, ref)
        ).fetchone()
        if connection.execute(present, (ref, value)).fetchone() is None or (
            holder is not None and holder[1] is None
        ):
            continue
        if holder is not None:
            aside = _free_name(connection, table, f"{before} (removed)")
            _rename(connection, batch, kind, table, holder[0], aside, before)
        _rename(connection, batch, kind, table, ref, before, value)
        count += 1
    return count


def _free_name(connection: sqlite3.Connection, table: str, name: str) -> str:
    found, number = name, 2
    while connection.execute(f"SELECT 1 FROM {table} WHERE name = ?", (found,)).fetchone():
        found, number = f"{name} {number}", number + 1
    return found


def _rename(
    connection: sqlite3.Connection,
    batch: Batch,
    kind: str,
    table: str,
    ref: int,
    name: str,
    before: str,
) -> None:
    decisions.write_op(connection, batch, kind, ref, "name", name, before)
    connection.execute(f"UPDATE {table} SET name = ? WHERE id = ?", (name, ref))


def _left(connection: sqlite3.Connection, kind: str, field: str) -> list[int]:
    """Return the ids whose ops of this name are left in `reverting`."""
    rows = connection.execute(
        "SELECT ref FROM temp.reverting WHERE kind = ? AND field = ?", (kind, field)
    )
    return [ref for (ref,) in rows]
