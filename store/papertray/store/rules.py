"""Rules: queries that say what becomes of new papers, and what each of them has done.

Making and removing one is an op of kind `rule`: `removed` with the instant before and no value when
it is made, with the instant when it is taken away. A rule never changes, so its number always means
the same. What rules do is done in batches of origin `rule`, whose labels begin with the rule's
number and whose reason is its query.

New papers are known by their numbers, which only grow: the fact `SEEN` in the table `meta` is the
last one that rules have looked at. It is written with what they did, so that a kill leaves them to
the next time, and nothing is done twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from papertray.core.errors import UsageError
from papertray.core.model import Pile
from papertray.store import decisions
from papertray.store.chains import live_among
from papertray.store.decisions import write_op
from papertray.store.journal import Batch, Origin

SEEN = "rules_seen"
"""The name in `meta` of the newest paper that rules have looked at."""

_DECIDED = (
    "SELECT 1 FROM op o WHERE o.kind = 'paper' AND o.ref = s.paper_id"
    f" AND o.field IN ({', '.join(repr(field) for field in decisions.STANDING)})"
)
"""Whether anybody has decided about a paper of ``standing s``, also if that was taken back."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a rule does with a paper: it moves it to `pile`, or it gives it `tag`."""

    pile: Pile | None = None
    tag: str = ""

    def as_text(self) -> str:
        """Return what `from_text` reads: JSON."""
        told = {"tag": self.tag} if self.pile is None else {"pile": self.pile.value}
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Action:
        """Return the action that `as_text` wrote. What says no such thing does nothing."""
        try:
            told = json.loads(text)
            return cls(Pile(told["pile"])) if "pile" in told else cls(tag=str(told["tag"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return cls()

    @property
    def name(self) -> str:
        """Return it as the options of the command name it: ``mute``, ``pile read``, ``tag x``."""
        if self.pile is None:
            return f"tag {self.tag}"
        return "mute" if self.pile is Pile.SKIP else f"pile {self.pile}"

    def done_to(self, papers: str) -> str:
        """Return what it does as people say it, with `papers` as what it does it to."""
        if self.pile is Pile.SKIP:
            return f"mute {papers}"
        if self.pile is not None:
            return f"move {papers} to {self.pile}"
        return f"tag {self.tag} on {papers}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `query` is as it was typed; `since` is the batch that made it: it is for what came
    later."""

    id: int
    query: str
    action: Action
    since: int

    def label(self, count: int) -> str:
        """Return the line in the history of one use of it."""
        papers = "1 paper" if count == 1 else f"{count:,} papers"
        return f"rule {self.id}: {self.action.done_to(papers)}"


@dataclass(frozen=True, slots=True)
class Use:
    """What a rule has done that was not taken back: how often, to how many papers, and when last,
    as a local date."""

    times: int
    papers: int
    last: str


# --- rules


def all_rules(connection: sqlite3.Connection) -> list[Rule]:
    """Return the rules in the order in which they are applied: the oldest first."""
    rows = connection.execute(
        "SELECT id, query, action, coalesce((SELECT max(batch) FROM op"
        "  WHERE kind = 'rule' AND ref = rule.id AND field = 'removed'), 0)"
        " FROM rule WHERE removed IS NULL ORDER BY id"
    )
    return [Rule(id_, query, Action.from_text(action), since) for id_, query, action, since in rows]


def get_rule(connection: sqlite3.Connection, number: int) -> Rule:
    """Return the rule of a number. Raises `UsageError` when there is none."""
    for rule in all_rules(connection):
        if rule.id == number:
            return rule
    raise UsageError(f"There is no rule {number}; `papertray feeds rule list` lists them.")


def make(
    connection: sqlite3.Connection,
    batch: Batch,
    query: str,
    action: Action,
    new_uid: Callable[[], str],
) -> int:
    """Make a rule for what comes from now on; return its number, 0 if there is the same already."""
    if any((rule.query, rule.action) == (query, action) for rule in all_rules(connection)):
        return 0
    cursor = connection.execute(
        "INSERT INTO rule(uid, query, action) VALUES (?, ?, ?)",
        (new_uid(), query, action.as_text()),
    )
    assert cursor.lastrowid is not None
    write_op(connection, batch, "rule", cursor.lastrowid, "removed", None, batch.at)
    # With the first rule. Later what rules have not looked at yet stays theirs.
    connection.execute(
        "INSERT OR IGNORE INTO meta(name, value) VALUES (?, ?)", (SEEN, str(newest(connection)))
    )
    return cursor.lastrowid


def remove(connection: sqlite3.Connection, batch: Batch, rule: Rule) -> None:
    """Take a rule away; what it did stays."""
    write_op(connection, batch, "rule", rule.id, "removed", batch.at, None)
    connection.execute("UPDATE rule SET removed = ? WHERE id = ?", (batch.at, rule.id))


def uses(connection: sqlite3.Connection) -> dict[int, Use]:
    """Return what each rule that was ever used has done, by its number."""
    rows = connection.execute(
        # As a number the rest of `Rule.label` is what it begins with.
        "SELECT b.id, CAST(substr(b.label, length('rule ') + 1) AS INTEGER), b.at, b.utc_offset,"
        " (SELECT count(DISTINCT ref) FROM op WHERE batch = b.id AND kind = 'paper')"
        " FROM batch b WHERE b.origin = ? AND b.undoes IS NULL ORDER BY b.id",
        (Origin.RULE,),
    ).fetchall()
    live = live_among(connection, (row[0] for row in rows))
    found: dict[int, Use] = {}
    for batch, rule, at, utc_offset, papers in rows:
        if batch in live:
            before = found.get(rule, Use(0, 0, ""))
            day = (datetime.fromisoformat(at) + timedelta(minutes=utc_offset)).date().isoformat()
            found[rule] = Use(before.times + 1, before.papers + papers, day)
    return found


# --- what arrives


@dataclass(frozen=True, slots=True)
class Arrivals:
    """New papers that nobody has decided about: the batch of the add that brought each, by id.

    Rules have looked at all papers up to `until` once these are done.
    """

    batches: dict[int, int]
    until: int


def seen(connection: sqlite3.Connection) -> int:
    """Return the newest paper that rules have looked at."""
    row = connection.execute(
        "SELECT CAST(value AS INTEGER) FROM meta WHERE name = ?", (SEEN,)
    ).fetchone()
    return 0 if row is None else int(row[0])


def remember_seen(connection: sqlite3.Connection, paper_id: int) -> None:
    """Remember the newest paper that rules have looked at."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (SEEN, str(paper_id)))


def lower_seen(connection: sqlite3.Connection) -> None:
    """Let no paper that is still to come count as seen.

    For a copy of a tray that lacks its newest papers, whose numbers are given again.
    """
    if seen(connection) > newest(connection):
        remember_seen(connection, newest(connection))


def newest(connection: sqlite3.Connection) -> int:
    """Return the newest paper of the tray, 0 when there is none."""
    (paper_id,) = connection.execute("SELECT ifnull(max(paper_id), 0) FROM standing").fetchone()
    return int(paper_id)


def arrivals(connection: sqlite3.Connection, after: int, most: int) -> Arrivals:
    """Return the first `most` new papers in the inbox after the one with the id `after`.

    What came into another pile, or was decided about in any way, is not among them.
    """
    end = newest(connection)
    rows = connection.execute(
        "SELECT s.paper_id, (SELECT min(l.batch) FROM listing l WHERE l.paper_id = s.paper_id)"
        " FROM standing s WHERE s.paper_id > ? AND s.paper_id <= ? AND s.pile = 'inbox'"
        f" AND s.removed IS NULL AND NOT EXISTS ({_DECIDED}) ORDER BY s.paper_id LIMIT ?",
        (after, end, most),
    ).fetchall()
    batches = {paper_id: batch or 0 for paper_id, batch in rows}
    return Arrivals(batches, end if len(rows) < most else rows[-1][0])


def still_undecided(connection: sqlite3.Connection, paper_ids: Iterable[int]) -> set[int]:
    """Return those of some arrivals that nobody has decided about meanwhile."""
    decisions.set_targets(connection, paper_ids)
    rows = connection.execute(
        "SELECT s.paper_id FROM temp.target CROSS JOIN standing s USING (paper_id)"
        f" WHERE s.pile = 'inbox' AND s.removed IS NULL AND NOT EXISTS ({_DECIDED})"
    )
    return {paper_id for (paper_id,) in rows}


# --- what a rule does


def aim(connection: sqlite3.Connection, action: Action, paper_ids: Sequence[int]) -> bool:
    """Aim at those of the papers on which a rule's action changes anything; return whether any.

    Only what lies in the inbox is moved.
    """
    decisions.set_targets(connection, paper_ids)
    decisions.lead_on(connection)
    if action.pile is not None:
        connection.execute(
            "DELETE FROM temp.target WHERE NOT EXISTS (SELECT 1 FROM standing s"
            " WHERE s.paper_id = target.paper_id AND s.pile = 'inbox' AND s.pile <> ?)",
            (action.pile,),
        )
    else:
        connection.execute(
            "DELETE FROM temp.target WHERE ? = '' OR EXISTS"
            " (SELECT 1 FROM tag WHERE tag.paper_id = target.paper_id AND tag = ?)",
            (action.tag, action.tag),
        )
    return connection.execute("SELECT 1 FROM temp.target LIMIT 1").fetchone() is not None


def act(connection: sqlite3.Connection, batch: Batch, action: Action) -> int:
    """Do what a rule does to the papers that `aim` left; return how many changed."""
    if action.pile is None:
        return decisions.add_tag(connection, batch, action.tag)
    moved = decisions.move(connection, batch, action.pile)
    if action.pile in (Pile.READ, Pile.STARRED):
        from papertray.store import citekeys  # most rules keep no paper

        citekeys.give(connection, decisions.targets(connection))
    return moved
