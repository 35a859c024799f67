"""Which files exports wrote: only those may be replaced without being asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from papertray.core.grouping import Standing, group_of
from papertray.core.model import Pile


def digest_of(connection: sqlite3.Connection, path: str) -> str:
    """Return the digest of what was last written to `path`, empty if we never wrote it."""
    row = connection.execute("SELECT digest FROM exported_file WHERE path = ?", (path,)).fetchone()
    return "" if row is None else str(row[0])


def digests_of(connection: sqlite3.Connection, paths: Sequence[str]) -> dict[str, str]:
    """Return the digest of what was last written to each of `paths` that we ever wrote."""
    return dict(
        connection.execute(
            "SELECT path, digest FROM exported_file WHERE path IN (SELECT value FROM json_each(?))",
            (json.dumps(list(paths)),),
        )
    )


def written_into(connection: sqlite3.Connection, folder: str, format_: str) -> list[str]:
    """Return the paths of the files that an export of this format ever wrote into a folder."""
    beginning = folder.rstrip("/") + "/"
    rows = connection.execute(
        "SELECT path FROM exported_file WHERE path BETWEEN ?1 AND ?1 || char(1114111)"
        " AND format = ?2 AND instr(substr(path, length(?1) + 1), '/') = 0",
        (beginning, format_),
    )
    return [path for (path,) in rows]


def remember(connection: sqlite3.Connection, path: str, format_: str, digest: str, at: str) -> None:
    """Note that an export wrote `path` with this digest."""
    remember_all(connection, format_, {path: digest}, at)


def remember_all(
    connection: sqlite3.Connection, format_: str, digests: Mapping[str, str], at: str
) -> None:
    """Note that an export wrote files of one format, each path with its digest."""
    connection.executemany(
        "INSERT INTO exported_file(path, format, digest, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(path) DO UPDATE SET format = excluded.format, digest = excluded.digest,"
        " at = excluded.at",
        [(path, format_, digest, at) for path, digest in digests.items()],
    )


def in_export_order(
    connection: sqlite3.Connection, paper_ids: Sequence[int], group: str = ""
) -> list[int]:
    """Return papers ordered by casefolded citekey, or by group first where there is one.

    `group` is one of `papertray.core.grouping.GROUPS`, which also says how groups are ordered.
    """
    if group:
        return _by_group(connection, paper_ids, group)
    rows = connection.execute(
        "SELECT s.paper_id FROM json_each(?) w JOIN standing s ON s.paper_id = w.value"
        f" {_BY_CITEKEY}",
        (json.dumps(list(paper_ids)),),
    ).fetchall()
    return [paper_id for (paper_id,) in rows]


def _by_group(connection: sqlite3.Connection, paper_ids: Sequence[int], group: str) -> list[int]:
    groups: dict[tuple[int, str], list[int]] = {}
    for paper_id, pile, done, tags, year, venue in connection.execute(
        "SELECT s.paper_id, s.pile, s.done,"
        " (SELECT json_group_array(tag) FROM tag WHERE tag.paper_id = s.paper_id),"
        " p.year, ifnull(nullif(p.venue, ''), p.venue_short)"
        " FROM json_each(?) w JOIN standing s ON s.paper_id = w.value"
        f" JOIN paper p ON p.id = s.paper_id {_BY_CITEKEY}",
        (json.dumps(list(paper_ids)),),
    ):
        standing = Standing(Pile(pile), done or "", json.loads(tags), year, venue)
        groups.setdefault(group_of(standing, group).place, []).append(paper_id)
    return [paper_id for place in sorted(groups) for paper_id in groups[place]]


_BY_CITEKEY = (
    "LEFT JOIN citekey c ON c.paper_id = s.paper_id AND c.state <> 'old'"
    " ORDER BY c.folded, s.paper_id"
)


def fields_of(connection: sqlite3.Connection, path: str) -> dict[str, dict[str, str]]:
    """Return what updates wrote into `path`: by folded citekey and field a trace of the text."""
    found: dict[str, dict[str, str]] = {}
    for citekey, name, text in connection.execute(
        "SELECT citekey, field, text FROM exported_field WHERE path = ?", (path,)
    ):
        found.setdefault(citekey, {})[name] = text
    return found


def remember_fields(
    connection: sqlite3.Connection, path: str, fields: Mapping[str, Mapping[str, str]]
) -> None:
    """Note what an update wrote into `path`, in place of what was noted of the same citekeys."""
    connection.execute(
        "DELETE FROM exported_field WHERE path = ? AND citekey IN (SELECT value FROM json_each(?))",
        (path, json.dumps(list(fields))),
    )
    connection.executemany(
        "INSERT INTO exported_field(path, citekey, field, text) VALUES (?, ?, ?, ?)",
        (
            (path, citekey, name, text)
            for citekey, texts in fields.items()
            for name, text in texts.items()
        ),
    )
