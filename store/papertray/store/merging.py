"""Merging two papers that are one work: everything of the one goes to the other, op by op.

The merged paper keeps its row, which leads to the one that survives; so do its citation keys and
its uid, for ever.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from papertray.core.errors import UsageError
from papertray.core.identifiers import doi_name
from papertray.core.identity import different_dois
from papertray.core.model import Pile
from papertray.store import adoption, citekeys, decisions
from papertray.store.decisions import write_op
from papertray.store.edits import put_field
from papertray.store.gaps import extra_gaps, gaps
from papertray.store.journal import Batch
from papertray.store.known import Held
from papertray.store.repointing import REPOINTED, repoint
from papertray.store.rows import WORK_COLUMNS, extra_from_text, extra_to_text

_BEST_FIRST = (Pile.STARRED, Pile.READ, Pile.SKIP, Pile.INBOX)


@dataclass(frozen=True, slots=True)
class _Standing:
    paper_id: int
    pile: Pile
    done: str | None
    snoozed: str | None
    removed: str | None


def merge(connection: sqlite3.Connection, batch: Batch, one: int, other: int) -> tuple[int, int]:
    """Merge two papers; return the ids of the one that survives and of the one that leads to it.

    One that was merged already stands for the paper that it leads to.

    The survivor is the one that was decided about, else the older. It gets what the other knows
    and it lacks, its tags, notes, files and listings, and the better pile of the two. Raises
    `UsageError` when both are one paper already, and when their DOIs say that they are two works.
    """
    one, other = _led_to(connection, one), _led_to(connection, other)
    _check(connection, one, other)
    survivor, loser = _by_claim(connection, one, other)
    kept, gone = survivor.paper_id, loser.paper_id
    own, offered = _newest_version(connection, kept), _newest_version(connection, gone)
    _move_rows(connection, batch, kept, gone)
    _fill(connection, batch, kept, gone, with_text=0 < own < offered)
    _lead(connection, batch, kept, gone)
    _stand(connection, batch, survivor, loser)
    for (tag,) in connection.execute(
        "SELECT tag FROM tag WHERE paper_id = ? ORDER BY tag", (gone,)
    ).fetchall():
        decisions.set_targets(connection, [kept])
        decisions.add_tag(connection, batch, tag)
    citekeys.recompute(connection, [kept])
    citekeys.give(connection, adoption.kept(connection, [kept]))
    return kept, gone


def survivor_of(connection: sqlite3.Connection, one: int, other: int) -> int:
    """Return the id of the paper that would survive a merge of two."""
    return _by_claim(connection, one, other)[0].paper_id


def _by_claim(connection: sqlite3.Connection, one: int, other: int) -> list[_Standing]:
    return sorted((_standing(connection, paper_id) for paper_id in (one, other)), key=_claim)


def _led_to(connection: sqlite3.Connection, paper_id: int) -> int:
    row = connection.execute("SELECT merged_into FROM paper WHERE id = ?", (paper_id,)).fetchone()
    return paper_id if row is None or row[0] is None else _led_to(connection, row[0])


def _check(connection: sqlite3.Connection, one: int, other: int) -> None:
    if one == other:
        raise UsageError(f"Both are paper {one} already; there is nothing to merge.")
    ours, theirs = _dois(connection, one), _dois(connection, other)
    if different_dois(ours, theirs):
        raise UsageError(
            f"Papers {one} and {other} have different DOIs, {ours[0]} and {theirs[0]}, so they are "
            "two works; if one of them is wrong, mend it first with `papertray edit`."
        )


def _dois(connection: sqlite3.Connection, paper_id: int) -> list[str]:
    rows = connection.execute(
        "SELECT value FROM identifier WHERE scheme = 'doi' AND paper_id = ? ORDER BY value",
        (paper_id,),
    )
    found = [doi for (doi,) in rows]
    (text,) = connection.execute("SELECT doi FROM paper WHERE id = ?", (paper_id,)).fetchone()
    scheme, doi = doi_name(text)
    return [*found, doi] if text and scheme == "doi" and doi not in found else found


def _standing(connection: sqlite3.Connection, paper_id: int) -> _Standing:
    pile, *dates = connection.execute(
        "SELECT pile, done, snoozed, removed FROM standing WHERE paper_id = ?", (paper_id,)
    ).fetchone()
    return _Standing(paper_id, Pile(pile), *dates)


def _claim(standing: _Standing) -> tuple[bool, bool, int]:
    """Order papers by their claim to survive: shown, decided about, older."""
    return standing.removed is not None, standing.pile is Pile.INBOX, standing.paper_id


def _move_rows(connection: sqlite3.Connection, batch: Batch, kept: int, gone: int) -> None:
    """Give all rows of one paper to the other. Citation keys stay: they lead on."""
    _settle_main_notes(connection, batch, kept, gone)
    for kind in ("identifier", "listing", "note", "attachment", "version"):
        repoint(connection, batch, REPOINTED[kind], gone, kept)
    if not _has_key(connection, kept):
        # Texts may cite the other's: better than a new one. A provisional one would be recomputed,
        # and its own paper would not have it back.
        lasting = "t.state IN ('final', 'pinned')"
        repoint(connection, batch, REPOINTED["citekey"], gone, kept, lasting)


def _has_key(connection: sqlite3.Connection, paper_id: int) -> bool:
    row = connection.execute(
        "SELECT 1 FROM citekey WHERE paper_id = ? AND state <> 'old'", (paper_id,)
    ).fetchone()
    return row is not None


def _settle_main_notes(connection: sqlite3.Connection, batch: Batch, kept: int, gone: int) -> None:
    """Leave one main note where both papers have one: the survivor's, unless its text is gone."""
    notes = connection.execute(
        "SELECT id FROM note WHERE is_main = 1 AND paper_id IN (?, ?)"
        " ORDER BY revision IS NULL, paper_id <> ?",
        (kept, gone, kept),
    ).fetchall()
    for (note,) in notes[1:]:
        write_op(connection, batch, "note", note, "is_main", "0", "1")
        connection.execute("UPDATE note SET is_main = 0 WHERE id = ?", (note,))


def _fill(
    connection: sqlite3.Connection, batch: Batch, kept: int, gone: int, *, with_text: bool
) -> None:
    """Give the survivor what it lacks and the other has, as a record would.

    `with_text` gives it title and abstract too, unless its owner wrote them: a newer version's.
    """
    held = Held()
    held.fetch(connection, [kept, gone])
    edited = held.edited.get(kept, set())
    found = gaps(held.values[kept], held.values[gone], edited)
    if with_text:
        offered = dict(zip(WORK_COLUMNS, held.values[gone], strict=True))
        newer = {name: offered[name] for name in ("title", "abstract") if offered[name]}
        found |= {name: text for name, text in newer.items() if name not in edited}
    present = dict(zip(WORK_COLUMNS, held.values[kept], strict=True))
    found = {name: value for name, value in found.items() if value != present[name]}
    for name, value in found.items():
        old, new = (None if text is None else str(text) for text in (present[name], value))
        write_op(connection, batch, "paper", kept, name, new, old)
        put_field(connection, kept, name, new, old)
    _swap_originals(connection, batch, kept, gone, found)
    _fill_extra(connection, batch, kept, gone)


def _swap_originals(
    connection: sqlite3.Connection, batch: Batch, kept: int, gone: int, filled: Iterable[str]
) -> None:
    """Let what came for the texts that the survivor gets come along, and its own go.

    Where both have such it stays as it is: no row can make way for the other.
    """
    rows = REPOINTED["original"]
    own = {
        field
        for (field,) in connection.execute("SELECT field FROM original WHERE paper_id = ?", (kept,))
    }
    coming, going = sorted(set(filled) - own), sorted(own.intersection(filled))
    repoint(connection, batch, rows, gone, kept, f"t.field IN ({_quoted(coming)})")
    repoint(connection, batch, rows, kept, gone, f"t.field IN ({_quoted(going)})")


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in columns)


def _newest_version(connection: sqlite3.Connection, paper_id: int) -> int:
    """Return the number of the newest version of a paper, 0 where none is known."""
    (version,) = connection.execute(
        "SELECT coalesce(max(version), 0) FROM versions WHERE paper_id = ?", (paper_id,)
    ).fetchone()
    return int(version)


def _fill_extra(connection: sqlite3.Connection, batch: Batch, kept: int, gone: int) -> None:
    texts = dict(connection.execute("SELECT id, extra FROM paper WHERE id IN (?, ?)", (kept, gone)))
    own, offered = extra_from_text(texts[kept]), extra_from_text(texts[gone])
    found = extra_gaps(own, offered)
    if found != own:
        both = extra_to_text(found)
        write_op(connection, batch, "paper", kept, "extra", both, texts[kept])
        connection.execute("UPDATE paper SET extra = ? WHERE id = ?", (both, kept))


def _lead(connection: sqlite3.Connection, batch: Batch, kept: int, gone: int) -> None:
    """Let the one paper lead to the other, and so what led to it: never a chain of two."""
    before = connection.execute(
        "SELECT id, merged_into FROM paper WHERE id = ? OR merged_into = ? ORDER BY id",
        (gone, gone),
    ).fetchall()
    for paper_id, into in before:
        old = None if into is None else str(into)
        write_op(connection, batch, "paper", paper_id, "merged_into", str(kept), old)
        connection.execute("UPDATE paper SET merged_into = ? WHERE id = ?", (kept, paper_id))


def _stand(
    connection: sqlite3.Connection, batch: Batch, survivor: _Standing, loser: _Standing
) -> None:
    pile = min(survivor.pile, loser.pile, key=_BEST_FIRST.index)
    decisions.set_targets(connection, [survivor.paper_id])
    decisions.move(connection, batch, pile)
    if pile is not Pile.INBOX and survivor.done is None and loser.done is not None:
        decisions.set_date(connection, batch, "done", loser.done)
    if pile is Pile.INBOX and loser.snoozed is None:
        # One of them was to be seen, so the work is.
        decisions.set_date(connection, batch, "snoozed", None)
    decisions.set_targets(connection, [loser.paper_id])
    decisions.set_date(connection, batch, "removed", batch.at, only_empty=True)
