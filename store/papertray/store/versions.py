"""New versions of papers that the tray has: whose text is shown, and who has to look again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from papertray.core.changed_sentences import new_version
from papertray.core.identity import title_key
from papertray.core.model import Pile, Record, Version
from papertray.store import decisions
from papertray.store.entries import entries
from papertray.store.journal import Batch


def versions_of(record: Record) -> tuple[Version, ...]:
    """Return the versions that a record tells of, the newest last and with the record's text.

    The record itself is the version that it says it is, else the newest that it tells of.
    """
    work = record.work
    own = record.arxiv_version
    if own is None:
        if not record.versions:
            return ()
        own = max(version.version for version in record.versions)
    told = {version.version: version for version in record.versions}
    present = told.get(own, Version(own))
    if not present.title or record.arxiv_version is not None:
        present = replace(present, title=work.title, abstract=work.abstract)
    told[own] = present
    return tuple(told[number] for number in sorted(told))


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a newer version does to a paper: the texts to show, and the rows of `versions`.

    `is_news` says that its owner may want to know: not where a text that came without a number
    turns out to be the version at hand.
    """

    texts: dict[str, str]
    before: Version | None
    newest: Version
    is_news: bool


def renewal(
    newest: Version,
    known: int,
    shown: Mapping[str, str],
    edited: Container[str],
    known_at: str,
    now: str,
) -> Renewal:
    """Return what the version `newest` does to a paper, whose newest one it is now.

    Arguments: `known` is the newest version that the tray knows, 0 for none; `shown` the title and
    the abstract that it shows; `edited` the fields that its owner wrote, which stay; `known_at` the
    instant of her decision, or else when the paper was added; `now` that at which the tray sees
    this version. What the source says of when it appeared is kept, but for news, which always came
    after what she knew.
    """
    offered = {"title": newest.title, "abstract": newest.abstract}
    differs = any(
        text and shown[name] and title_key(text) != title_key(shown[name])
        for name, text in offered.items()
        if name not in edited  # hers is of no version
    )
    is_news = known > 0 or (differs and newest.version > 1)
    texts = {
        name: text
        for name, text in offered.items()
        if text and text != shown[name] and name not in edited
    }
    # What came without a number was seen before this moment; when, other rows say.
    before = Version(known, shown["title"], shown["abstract"]) if known or differs else None
    seen = min(newest.seen, now)
    if is_news and seen <= known_at:
        seen = now
    return Renewal(texts, before, replace(newest, seen=seen), is_news)


def bring_back_changed(
    connection: sqlite3.Connection, batch: Batch, paper_ids: Iterable[int], percent: int
) -> int:
    """Move decided papers back to the inbox whose title or much of whose abstract changed.

    Compared with the version that was known when they were decided. More than `percent` of the
    abstract's words count as much. Returns how many came back.
    """
    decided = [
        paper_id
        for (paper_id,) in connection.execute(
            "SELECT paper_id FROM standing WHERE pile <> 'inbox' AND removed IS NULL"
            " AND paper_id IN (SELECT value FROM json_each(?)) ORDER BY paper_id",
            (json.dumps(list(paper_ids)),),
        )
    ]
    changed = []
    for entry in entries(connection, decided):
        news = new_version(entry)
        if news is not None and (news.title or 100 * news.abstract.share > percent):
            changed.append(entry.id)
    if not changed:
        return 0
    decisions.set_targets(connection, changed)
    return decisions.move(connection, batch, Pile.INBOX)
