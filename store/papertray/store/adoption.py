"""Taking over what a file says its owner decided: piles, dates, tags, notes, keys.

Only on request (`--decisions`, `--pile`, `--tag`), as ops of the add's batch, so that undoing the
add takes it back. A paper that was decided here never moves.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence

from papertray.core.citekeys import fold_key, is_citekey
from papertray.core.model import Decisions, Pile, Record
from papertray.store import decisions, notes
from papertray.store.journal import Batch


def adopt(
    connection: sqlite3.Connection,
    batch: Batch,
    papers: Sequence[int],
    records: Sequence[Record],
    new: Collection[int],
    new_uid: Callable[[], str],
) -> None:
    """Give papers what their records say their owner made of them.

    `papers` are the papers of `records`, one by one; `new` are those that this add brought.
    """
    told = [
        (paper_id, record.decisions)
        for paper_id, record in zip(papers, records, strict=True)
        if record.decisions
    ]
    undecided = _undecided(connection, [paper_id for paper_id, _ in told], new)
    for pile in Pile:
        chosen = [p for p, told_of in told if _pile_of(told_of) is pile and p in undecided]
        decisions.set_targets(connection, chosen)
        decisions.move(connection, batch, pile)
    for field in ("done", "snoozed", "removed"):
        for date in sorted({getattr(told_of, field) for _, told_of in told} - {""}):
            chosen = [p for p, t in told if getattr(t, field) == date and p in undecided]
            decisions.set_targets(connection, chosen)
            decisions.set_date(connection, batch, field, date)
    for tag in sorted({tag for _, told_of in told for tag in told_of.tags}):
        decisions.set_targets(connection, (p for p, t in told if tag in t.tags))
        decisions.add_tag(connection, batch, tag)
    for paper_id, told_of in told:
        _adopt_notes(connection, batch, paper_id, told_of, new_uid)


def decide_all(
    connection: sqlite3.Connection,
    batch: Batch,
    papers: Sequence[int],
    new: Collection[int],
    pile: Pile | None,
    tags: Sequence[str],
) -> None:
    """Move the undecided ones of some papers to a pile and give all of them tags."""
    if pile is not None:
        decisions.set_targets(connection, _undecided(connection, papers, new))
        decisions.move(connection, batch, pile)
    if tags:
        decisions.set_targets(connection, papers)
        for tag in tags:
            decisions.add_tag(connection, batch, tag)


def bring_citekeys(
    connection: sqlite3.Connection, papers: Sequence[int], records: Sequence[Record]
) -> None:
    """Keep the citation keys that records bring, as pinned, or as old beside one that is fixed.

    A key that is none, or that another paper has, is left out.
    """
    brought = [
        (paper_id, key)
        for paper_id, record in zip(papers, records, strict=True)
        for key in (record.citekey, *record.older_keys)
        if is_citekey(key)
    ]
    if not brought:
        return
    taken = {
        folded
        for (folded,) in connection.execute(
            "SELECT folded FROM citekey WHERE folded IN (SELECT value FROM json_each(?))",
            (json.dumps([fold_key(key) for _, key in brought]),),
        )
    }
    fixed = {
        paper_id
        for (paper_id,) in connection.execute(
            "SELECT paper_id FROM citekey WHERE state IN ('final', 'pinned')"
            " AND paper_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(papers)),),
        )
    }
    pinned: list[tuple[int]] = []
    rows = []
    for paper_id, key in brought:
        if fold_key(key) in taken:
            continue
        taken.add(fold_key(key))
        rows.append((fold_key(key), key, paper_id, "old" if paper_id in fixed else "pinned"))
        if paper_id not in fixed:
            fixed.add(paper_id)
            pinned.append((paper_id,))
    connection.executemany(
        "DELETE FROM citekey WHERE paper_id = ? AND state = 'provisional'", pinned
    )
    connection.executemany(
        "INSERT INTO citekey(folded, key, paper_id, state) VALUES (?, ?, ?, ?)", rows
    )


def kept(connection: sqlite3.Connection, papers: Sequence[int]) -> list[int]:
    """Return those of the papers that are worth a citation key: read, starred or noted."""
    decisions.set_targets(connection, papers)
    rows = connection.execute(
        "SELECT paper_id FROM temp.target t JOIN standing s USING (paper_id)"
        " WHERE s.pile IN ('read', 'starred')"
        " OR EXISTS (SELECT 1 FROM note n WHERE n.paper_id = t.paper_id)"
    ).fetchall()
    return [paper_id for (paper_id,) in rows]


def _pile_of(told_of: Decisions) -> Pile | None:
    """Return the pile that is told, or that follows: what is done was worth reading."""
    return Pile.READ if told_of.pile is None and told_of.done else told_of.pile


def _undecided(
    connection: sqlite3.Connection, papers: Sequence[int], new: Collection[int]
) -> set[int]:
    """Return those of the papers that lie in the inbox, or that the present add brought."""
    decisions.set_targets(connection, papers)
    rows = connection.execute(
        "SELECT paper_id FROM temp.target JOIN standing s USING (paper_id) WHERE s.pile = 'inbox'"
    ).fetchall()
    return {paper_id for (paper_id,) in rows} | (set(papers) & set(new))


def _adopt_notes(
    connection: sqlite3.Connection,
    batch: Batch,
    paper_id: int,
    told_of: Decisions,
    new_uid: Callable[[], str],
) -> None:
    present = {
        body
        for (body,) in connection.execute(
            "SELECT body FROM note WHERE paper_id = ? AND revision IS NOT NULL", (paper_id,)
        )
    }
    for note in told_of.notes:
        body = note.body if note.body.endswith("\n") else note.body + "\n"
        if body in present:
            continue
        if not note.title and not present:
            notes.save_main(connection, batch, paper_id, body, new_uid)
        else:
            notes.new_note(connection, batch, paper_id, note.title, body, new_uid)
        present.add(body)
