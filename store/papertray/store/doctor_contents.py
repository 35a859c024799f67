"""Of what a tray holds: where papers stand, notes, citation keys, identifiers, the clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from papertray.core.citekeys import fold_key
from papertray.core.clock import instant
from papertray.core.identifiers import doi_name
from papertray.store import citekeys
from papertray.store.decisions import write_op
from papertray.store.identifiers import SCHEMES, pair_of
from papertray.store.mending import Mending

# --- where papers stand

_NO_STANDING = (
    "SELECT p.id FROM paper p LEFT JOIN standing s ON s.paper_id = p.id"
    " WHERE s.paper_id IS NULL AND p.merged_into IS NULL"
)


def no_standing(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield papers that lie nowhere."""
    for (paper,) in connection.execute(_NO_STANDING):
        yield f"Paper {paper} lies in no pile, so nothing shows it."


def make_standings(connection: sqlite3.Connection, mending: Mending) -> None:
    """Put them where the last decisions say, else where they began: a library's are read."""
    library = (
        "FROM listing l JOIN feed f ON f.id = l.feed_id"
        " WHERE l.paper_id = p.id AND l.is_first = 1 AND f.kind = 'library'"
    )
    connection.execute(
        "INSERT INTO standing(paper_id, added, pile, decided, done, snoozed, removed)"
        " SELECT p.id,"
        "  ifnull((SELECT min(seen) FROM listing WHERE paper_id = p.id), ?),"
        f" coalesce({_last_op('pile')}, (SELECT 'read' {library}), 'inbox'),"
        # Other dates of decisions are found later.
        f" iif({_last_op('pile')} IS NULL, (SELECT l.seen {library}), NULL),"
        f" coalesce({_last_op('done')}, (SELECT substr(l.seen, 1, 10) {library})),"
        f" {_last_op('snoozed')}, {_last_op('removed')}"
        f" FROM paper p WHERE p.id IN ({_NO_STANDING})",
        (mending.at,),
    )


def _last_op(field: str) -> str:
    return (
        f"(SELECT value FROM op WHERE kind = 'paper' AND ref = p.id AND field = '{field}'"
        " ORDER BY seq DESC LIMIT 1)"
    )


_UNDOCUMENTED = (
    "SELECT s.paper_id, s.pile, ifnull(o.value, 'inbox') FROM standing s"
    " LEFT JOIN (SELECT ref, max(seq) AS seq FROM op WHERE kind = 'paper' AND field = 'pile'"
    "  GROUP BY ref) last ON last.ref = s.paper_id"
    " LEFT JOIN op o ON o.seq = last.seq"
    " WHERE (s.pile <> 'inbox' OR last.ref IS NOT NULL) AND s.pile <> ifnull(o.value, 'inbox')"
    # So a library's papers begin, without an op.
    " AND NOT (last.ref IS NULL AND s.pile = 'read' AND s.decided IS s.added)"
)


def undocumented(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield papers that lie elsewhere than the journal says."""
    for paper, pile, said in connection.execute(_UNDOCUMENTED):
        yield f"Paper {paper} lies in {pile}, but the journal says {said}."


def document(connection: sqlite3.Connection, mending: Mending) -> None:
    """Leave them where they lie, and write down that somebody moved them."""
    for paper, pile, said in connection.execute(_UNDOCUMENTED).fetchall():
        write_op(connection, mending.batch(), "paper", paper, "pile", pile, said)


def wrong_dates(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield papers whose date of decision does not fit their pile."""
    for paper, pile in connection.execute(
        "SELECT paper_id, pile FROM standing WHERE (pile = 'inbox') = (decided IS NOT NULL)"
    ):
        what = "still has the date of a decision" if pile == "inbox" else "has no date of decision"
        yield f"Paper {paper} lies in {pile}, but {what}."


def date(connection: sqlite3.Connection, mending: Mending) -> None:
    """Take the date from the journal, else from when the paper was added."""
    connection.execute(
        "UPDATE standing SET decided = NULL WHERE pile = 'inbox' AND decided IS NOT NULL"
    )
    connection.execute(
        "UPDATE standing SET decided = ifnull((SELECT b.at FROM op o JOIN batch b ON b.id = o.batch"
        "  WHERE o.kind = 'paper' AND o.ref = paper_id AND o.field = 'pile'"
        "  ORDER BY o.seq DESC LIMIT 1), added)"
        " WHERE pile <> 'inbox' AND decided IS NULL"
    )


# --- notes

_WRONG_NOTES = (
    "SELECT n.id, n.revision, n.body FROM note n LEFT JOIN note_revision r ON r.uid = n.revision"
    " WHERE (n.revision IS NOT NULL AND n.body IS NOT r.body)"
    " OR (n.revision IS NULL AND n.body <> '')"
)


def wrong_notes(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield notes whose text was written without a revision."""
    for note, revision, _ in connection.execute(_WRONG_NOTES):
        if revision is None:
            yield f"Note {note} has a text but counts as gone."
        else:
            yield f"Note {note} does not hold the text of its last revision."


def save_notes(connection: sqlite3.Connection, mending: Mending) -> None:
    """Save what they hold as a revision; the one before stays in the history."""
    for note, revision, body in connection.execute(_WRONG_NOTES).fetchall():
        uid = mending.new_uid()
        connection.execute(
            "INSERT INTO note_revision(uid, note_id, parent_uid, body, batch)"
            " VALUES (?, ?, ?, ?, ?)",
            (uid, note, revision, body, mending.batch().id),
        )
        connection.execute("UPDATE note SET revision = ? WHERE id = ?", (uid, note))
        write_op(connection, mending.batch(), "note", note, "text", uid, revision)


def rival_notes(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield papers with more than one main note."""
    for (paper,) in connection.execute(
        "SELECT paper_id FROM note WHERE is_main = 1 AND paper_id IS NOT NULL"
        " GROUP BY paper_id HAVING count(*) > 1"
    ):
        yield f"Paper {paper} has more than one main note, of which only one is shown as such."


def settle_notes(connection: sqlite3.Connection, mending: Mending) -> None:
    """Leave the first that holds a text the main one; the others stay as further notes."""
    connection.execute(
        "UPDATE note SET is_main = 0 WHERE is_main = 1 AND paper_id IS NOT NULL AND id <>"
        " (SELECT id FROM note first WHERE first.paper_id = note.paper_id AND first.is_main = 1"
        "  ORDER BY first.revision IS NULL, first.id LIMIT 1)"
    )


# --- citation keys

_KEYLESS = (
    "SELECT s.paper_id FROM standing s WHERE s.removed IS NULL AND (s.pile IN ('read', 'starred')"
    " OR EXISTS (SELECT 1 FROM note n WHERE n.paper_id = s.paper_id AND n.revision IS NOT NULL))"
    " AND NOT EXISTS (SELECT 1 FROM citekey c WHERE c.paper_id = s.paper_id AND c.state <> 'old')"
)
_RIVALS = "SELECT paper_id FROM citekey WHERE state <> 'old' GROUP BY paper_id HAVING count(*) > 1"


def wrong_keys(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield citation keys that cannot be found, rival ones, and kept papers without one."""
    for key, _ in _misfolded(connection):
        yield f"The citation key {key} is filed wrongly, so it could be given twice."
    for (paper,) in connection.execute(_RIVALS):
        yield f"Paper {paper} has more than one citation key that counts."
    for (paper,) in connection.execute(_KEYLESS):
        yield f"Paper {paper} is kept, but has no citation key."


def mend_keys(connection: sqlite3.Connection, mending: Mending) -> None:
    """File keys rightly, let the most lasting one of a paper count, give the missing ones.

    A key that another paper has in another case stays where it can, with that paper.
    """
    for key, folded in _misfolded(connection):
        moved = connection.execute(
            "UPDATE OR IGNORE citekey SET folded = ? WHERE folded = ?", (fold_key(key), folded)
        ).rowcount
        if not moved:
            connection.execute("DELETE FROM citekey WHERE folded = ?", (folded,))
    connection.execute(
        f"UPDATE citekey SET state = 'old' WHERE paper_id IN ({_RIVALS}) AND state <> 'old'"
        " AND folded <> (SELECT best.folded FROM citekey best"
        "  WHERE best.paper_id = citekey.paper_id AND best.state <> 'old'"
        "  ORDER BY best.state = 'pinned' DESC, best.state = 'final' DESC, best.folded LIMIT 1)"
    )
    keyless = [paper for (paper,) in connection.execute(_KEYLESS)]
    citekeys.give(connection, keyless)


def _misfolded(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT key, folded FROM citekey")
    return [(key, folded) for key, folded in rows if fold_key(key) != folded]


# --- identifiers


def lost_identifiers(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield papers that their own DOI or arXiv id would not find, and DOIs filed as they were."""
    for doi, paper in _dois_of_arxiv(connection):
        yield f"Paper {paper} is filed under {doi}, which is now known as an arXiv id."
    for paper, scheme, value in _lost_identifiers(connection):
        name = "DOI" if scheme == "doi" else "arXiv id"
        yield f"Paper {paper} cannot be found by its {name} {value}: adding it again doubles it."


def add_identifiers(connection: sqlite3.Connection, mending: Mending) -> None:
    """File them, and arXiv's own DOIs only as the arXiv ids that they are."""
    of_arxiv = _dois_of_arxiv(connection)
    connection.executemany(
        "DELETE FROM identifier WHERE scheme = 'doi' AND value = ? AND paper_id = ?", of_arxiv
    )
    connection.executemany(
        "INSERT OR IGNORE INTO identifier(scheme, value, paper_id) VALUES (?, ?, ?)",
        ((*doi_name(doi), paper) for doi, paper in of_arxiv),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO identifier(paper_id, scheme, value) VALUES (?, ?, ?)",
        list(_lost_identifiers(connection)),
    )


def _dois_of_arxiv(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """Return (DOI, paper) where a DOI of arXiv's own is filed as if it were a journal's."""
    rows = connection.execute(
        "SELECT value, paper_id FROM identifier WHERE scheme = 'doi'"
        " AND value >= '10.48550/arxiv.' AND value < '10.48550/arxiv/' ORDER BY value"
    )
    return [(doi, paper) for doi, paper in rows if doi_name(doi)[0] == "arxiv"]


def _lost_identifiers(connection: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
    for column, scheme in SCHEMES.items():
        rows = connection.execute(
            f"SELECT p.id, p.{column} FROM paper p LEFT JOIN identifier i"
            f" ON i.scheme = ? AND i.value = lower(p.{column})"
            f" WHERE p.{column} <> '' AND i.value IS NULL",
            (scheme,),
        ).fetchall()
        for paper, text in rows:
            name = pair_of(column, text)
            found = connection.execute(
                "SELECT 1 FROM identifier WHERE scheme = ? AND value = ?", name
            ).fetchone()
            if found is None:
                yield paper, *name


# --- the journal's clock


def clock_jumps(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield where the machine's clock went back, and batches from the future. The journal keeps
    its order by itself, so nothing is wrong by it but the moments it shows."""
    for batch, at, before in connection.execute(
        "SELECT id, at, earlier FROM (SELECT id, at, lag(at) OVER (ORDER BY id) AS earlier"
        " FROM batch) WHERE at < earlier"
    ):
        yield (
            f"The clock went back before batch {batch} of the history: it says {at}, the one "
            f"before it {before}."
        )
    for batch, at in connection.execute(
        "SELECT id, at FROM batch WHERE at > ? ORDER BY id", (instant(now + timedelta(days=1)),)
    ):
        yield f"Batch {batch} of the history says {at}, which is still to come."
