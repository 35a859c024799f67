"""Expiry: papers of a feed that nobody decided about in so many days go to `skip`.

A paper expires only if its owner did nothing at all with it. One that was taken back from an expiry
has that in the journal, so it never expires again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta

from papertray.core.clock import instant
from papertray.core.model import Pile
from papertray.store import decisions
from papertray.store.journal import Batch, Origin
from papertray.store.tray import Tray
from papertray.store.writing import Outcome, decide

_EXPIRED = """
  FROM listing brought CROSS JOIN standing s USING (paper_id)
  WHERE brought.feed_id = :feed AND brought.is_first = 1
    AND s.pile = 'inbox' AND s.removed IS NULL AND s.snoozed IS NULL AND s.added < :before
    AND NOT EXISTS (SELECT 1 FROM listing l
      WHERE l.paper_id = s.paper_id AND l.feed_id NOT IN (SELECT value FROM json_each(:expiring)))
    AND NOT EXISTS (SELECT 1 FROM op o JOIN batch b ON b.id = o.batch
      WHERE o.kind = 'paper' AND o.ref = s.paper_id AND b.origin <> 'rule')
    AND NOT EXISTS (SELECT 1 FROM note n WHERE n.paper_id = s.paper_id)
    AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.paper_id = s.paper_id)
    AND NOT EXISTS (SELECT 1 FROM citekey c
      WHERE c.paper_id = s.paper_id AND c.state <> 'provisional')
    AND NOT EXISTS (SELECT 1 FROM paper p WHERE p.merged_into = s.paper_id)
"""
"""Papers that the feed brought before an instant and nobody touched. What a rule did counts as
little as what the feed did. A citation key that is no longer provisional was copied or exported:
then the paper is in use. From the feed's listings to their papers: SQLite would rather look at all
of the inbox."""


def expire(
    tray: Tray, feed: int, name: str, days: int, expiring: Collection[int], now: datetime
) -> Outcome:
    """Move to `skip` what a feed brought more than `days` ago, as one batch of origin `expire`.

    `expiring` are the ids of all feeds whose papers expire: what any other one lists stays. A batch
    for each feed, because that is what one may want to take back. Raises as `decide`.
    """
    values = {
        "feed": feed,
        "before": instant(now - timedelta(days=days)),
        "expiring": json.dumps(list(expiring)),
    }
    if tray.reader().execute(f"SELECT 1 {_EXPIRED} LIMIT 1", values).fetchone() is None:
        return Outcome(None, 0, "")  # as a rule: nothing is locked for it

    after = "1 day" if days == 1 else f"{days:,} days"

    def label(number: int) -> str:
        papers = "1 paper" if number == 1 else f"{number:,} papers"
        return f"expire {papers} of {name}"

    def move(connection: sqlite3.Connection, batch: Batch) -> int:
        found = connection.execute(f"SELECT s.paper_id {_EXPIRED}", values).fetchall()
        decisions.set_targets(connection, (paper_id for (paper_id,) in found))
        return decisions.move(connection, batch, Pile.SKIP)

    reason = f"nobody decided within {after}, the time that {name} gives"
    return decide(tray, Origin.EXPIRE, label, move, reason=reason)
