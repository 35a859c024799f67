"""Taking over what a file says its owner decided: piles, dates, tags, notes, keys.

Only on request (`--decisions`, `--pile`, `--tag`), as ops of the add's batch, so that undoing the
add takes it back. A paper that was decided here never moves.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple, dataclass
from dataclasses import field as member
from itertools import pairwise
from operator import add

from papertray.core.citekeys import fold_key, is_citekey
from papertray.core.model import Decisions, NoteText, Pile, Record
from papertray.store import apart, attachments, decisions, notes
from papertray.store.journal import Batch
from papertray.store.rows import WORK_COLUMNS


@dataclass(frozen=True, slots=True)
class Adopted:
    """How much of what a source told was new here: notes, tags (each once a paper), files.

    And, of another tray: feeds, saved searches, rules. `refused_keys` counts citation keys that
    other papers have, `refused` what else has no place here; neither is anything new.
    """

    notes: int = 0
    tags: int = 0
    attachments: int = 0
    feeds: int = 0
    searches: int = 0
    rules: int = 0
    refused_keys: int = member(default=0, compare=False)
    refused: int = member(default=0, compare=False)

    def __add__(self, more: Adopted) -> Adopted:
        return Adopted(*map(add, astuple(self), astuple(more)))


def adopt(
    connection: sqlite3.Connection,
    batch: Batch,
    papers: Sequence[int],
    records: Sequence[Record],
    new: Collection[int],
    new_uid: Callable[[], str],
) -> Adopted:
    """Give papers what their records say their owner made of them; return how much was new.

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
    connection.executemany(
        "UPDATE standing SET decided = ? WHERE paper_id = ? AND decided IS NOT NULL",
        ((told_of.decided, p) for p, told_of in told if told_of.decided and p in undecided),
    )
    tagged: dict[str, list[int]] = {}
    for paper_id, told_of in told:
        for tag in told_of.tags:
            tagged.setdefault(tag, []).append(paper_id)
    tags = 0
    for tag in sorted(tagged):
        decisions.set_targets(connection, tagged[tag])
        tags += decisions.add_tag(connection, batch, tag)
    written = sum(
        _adopt_notes(connection, batch, paper_id, told_of.notes, new_uid)
        for paper_id, told_of in told
        if told_of.notes
    )
    _adopt_edits(connection, batch, told, new)
    _keep_apart(connection, batch, told)
    files = attachments.attach(
        connection,
        batch,
        (
            (paper_id, file)
            for paper_id, record in zip(papers, records, strict=True)
            for file in record.attachments
        ),
    )
    return Adopted(notes=written, tags=tags, attachments=files)


def adopt_free_notes(
    connection: sqlite3.Connection,
    batch: Batch,
    told: Sequence[NoteText],
    new_uid: Callable[[], str],
) -> int:
    """Take over notes that belong to no paper; return how many were new.

    One that a live note holds, or held before it was edited, is not taken again.
    """
    present = {
        (title, body)
        for title, body in connection.execute(
            "SELECT n.title, r.body FROM note n JOIN note_revision r ON r.note_id = n.id"
            " WHERE n.paper_id IS NULL AND n.revision IS NOT NULL"
        )
    }
    written = 0
    for note in told:
        body = _ended(note.body)
        if (note.title, body) not in present:
            notes.take_over(connection, batch, None, note, new_uid, is_main=False)
            if not note.uid:  # of another tray's notes each is one by itself
                present.add((note.title, body))
            written += 1
    return written


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
) -> int:
    """Keep the citation keys that records bring, as pinned, or as old beside one that is fixed.

    One that another tray made, and did not pin, is final.

    A key that is none, or that another paper has, is left out; returns how many others have.
    """
    brought = [
        (paper_id, key, "final" if record.has_made_key else "pinned")
        for paper_id, record in zip(papers, records, strict=True)
        for key in (record.citekey, *record.older_keys)
        if is_citekey(key)
    ]
    if not brought:
        return 0
    owners = dict(
        connection.execute(
            "SELECT folded, paper_id FROM citekey WHERE folded IN (SELECT value FROM json_each(?))",
            (json.dumps([fold_key(key) for _, key, _ in brought]),),
        )
    )
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
    refused = 0
    for paper_id, key, state in brought:
        owner = owners.get(fold_key(key))
        if owner is not None:
            refused += owner != paper_id
            continue
        owners[fold_key(key)] = paper_id
        rows.append((fold_key(key), key, paper_id, "old" if paper_id in fixed else state))
        if paper_id not in fixed:
            fixed.add(paper_id)
            pinned.append((paper_id,))
    connection.executemany(
        "DELETE FROM citekey WHERE paper_id = ? AND state = 'provisional'", pinned
    )
    connection.executemany(
        "INSERT INTO citekey(folded, key, paper_id, state) VALUES (?, ?, ?, ?)", rows
    )
    return refused


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
    told: Sequence[NoteText],
    new_uid: Callable[[], str],
) -> int:
    """Add to a paper the notes that none of its live ones holds, or held before it was edited."""
    present = {
        body
        for (body,) in connection.execute(
            "SELECT r.body FROM note n JOIN note_revision r ON r.note_id = n.id"
            " WHERE n.paper_id = ? AND n.revision IS NOT NULL",
            (paper_id,),
        )
    }
    known = set(present)
    written = 0
    for note in told:
        body = _ended(note.body)
        # Of another tray's notes each is one by itself, whatever the others say.
        if body in (known if note.uid else present) or not (body.strip() or note.title):
            continue
        is_main = not (note.title or present) if note.is_main is None else note.is_main
        notes.take_over(connection, batch, paper_id, note, new_uid, is_main=is_main)
        present.add(body)
        written += 1
    return written


def _adopt_edits(
    connection: sqlite3.Connection,
    batch: Batch,
    told: Sequence[tuple[int, Decisions]],
    new: Collection[int],
) -> None:
    """Let new papers keep what their owner wrote over: feeds will not write over it."""
    for paper_id, told_of in told:
        fields = [name for name in told_of.edited if name in WORK_COLUMNS and paper_id in new]
        for name in fields:
            (present,) = connection.execute(
                f"SELECT CAST({name} AS TEXT) FROM paper WHERE id = ?", (paper_id,)
            ).fetchone()
            for before, after in pairwise((*told_of.edited[name], present)):
                decisions.write_op(connection, batch, "paper", paper_id, name, after, before)


def _keep_apart(
    connection: sqlite3.Connection, batch: Batch, told: Sequence[tuple[int, Decisions]]
) -> None:
    """Keep papers apart that their owner said are two works, where the other one is here."""
    for paper_id, told_of in told:
        for uid in told_of.apart:
            row = connection.execute(
                "SELECT coalesce(merged_into, id) FROM paper WHERE uid = ?1 UNION ALL"
                " SELECT paper_id FROM identifier WHERE scheme = 'uid' AND value = ?1",
                (uid,),
            ).fetchone()
            if row is not None and row[0] != paper_id:
                apart.keep_apart(connection, batch, row[0], paper_id)


def _ended(body: str) -> str:
    return body if body.endswith("\n") else body + "\n"
