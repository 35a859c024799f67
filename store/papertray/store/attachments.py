"""Files of papers: where they lie. The files themselves are never touched.

A file that is attached is an op of its paper, field ``file:<path>``; its value is the media type,
or 1 where that is not known.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from papertray.core.model import Attachment
from papertray.store.journal import Batch

FIELD = "file:"
"""What the fields of such ops begin with."""

_UNKNOWN = "1"


def attach(
    connection: sqlite3.Connection, batch: Batch, told: Iterable[tuple[int, Attachment]]
) -> int:
    """Attach files to papers, given as (paper, file); return how many were not attached before."""
    wanted = {(paper_id, file.path): file for paper_id, file in told if file.path}
    if not wanted:
        return 0
    present = set(
        connection.execute(
            "SELECT paper_id, path FROM attachment"
            " WHERE paper_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted({paper_id for paper_id, _ in wanted})),),
        )
    )
    new = [(paper_id, file) for (paper_id, path), file in wanted.items()
           if (paper_id, path) not in present]  # fmt: skip
    connection.executemany(
        "INSERT INTO op(batch, kind, ref, field, value, before) VALUES (?, 'paper', ?, ?, ?, NULL)",
        (
            (batch.id, paper_id, f"{FIELD}{file.path}", file.media_type or _UNKNOWN)
            for paper_id, file in new
        ),
    )
    connection.executemany(
        "INSERT INTO attachment(paper_id, path, media_type, digest, source, added)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (paper_id, f.path, f.media_type, f.digest, f.source, f.added or batch.at)
            for paper_id, f in new
        ),
    )
    return len(new)


def of_papers(
    connection: sqlite3.Connection, paper_ids: Sequence[int]
) -> dict[int, tuple[Attachment, ...]]:
    """Return the files of each of the papers that has any, in the order in which they came."""
    found: dict[int, dict[str, Attachment]] = {}
    for paper_id, path, media_type in connection.execute(
        "SELECT paper_id, path, media_type FROM attachment"
        " WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(paper_ids)),),
    ):
        found.setdefault(paper_id, {}).setdefault(path, Attachment(path, media_type))
    return {paper_id: tuple(files.values()) for paper_id, files in found.items()}


def put_back(connection: sqlite3.Connection, batch: Batch) -> int:
    """Take back what the ops on files in `temp.reverting` did; return for how many that was done.

    All at once: a library that moves in has a field for each file. A file that was attached or
    taken away since is left as it is.
    """
    is_ours = f"kind = 'paper' AND substr(field, 1, {len(FIELD)}) = '{FIELD}'"
    connection.execute(
        f"DELETE FROM temp.reverting WHERE {is_ours} AND (value IS NOT NULL) <> EXISTS"
        f" (SELECT 1 FROM attachment a WHERE a.paper_id = ref AND '{FIELD}' || a.path = field)"
    )
    count = connection.execute(
        "INSERT INTO op(batch, kind, ref, field, value, before)"
        f" SELECT ?, kind, ref, field, before, value FROM temp.reverting WHERE {is_ours}"
        " ORDER BY seq",
        (batch.id,),
    ).rowcount
    connection.execute(
        "DELETE FROM attachment WHERE EXISTS (SELECT 1 FROM temp.reverting r WHERE"
        f" r.kind = 'paper' AND r.field = '{FIELD}' || path AND r.ref = paper_id"
        " AND r.before IS NULL)"
    )
    connection.execute(
        "INSERT INTO attachment(paper_id, path, media_type, added)"
        f" SELECT ref, substr(field, {len(FIELD) + 1}), iif(before = '{_UNKNOWN}', '', before), ?"
        f" FROM temp.reverting WHERE {is_ours} AND before IS NOT NULL ORDER BY seq",
        (batch.at,),
    )
    return count
