"""Taking records in: which are new, which are papers we have, and what each adds.

Works in chunks. What the tray knows of a chunk is looked up at once (`known`), what a record
brings is decided in memory (`core.identity`, `gaps`), and each table is written at once. What a
feed brings is not an op: the batch of the add is named by its listings.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from papertray.core import identity
from papertray.core.identifiers import doi_name
from papertray.core.model import Json, Pile, Record, Sighting, Version
from papertray.core.pasted import is_placeholder, named_by_placeholder
from papertray.store import awaited, decisions
from papertray.store.arrival import Arrival, Prepared, Rows, write
from papertray.store.chains import is_undo
from papertray.store.gaps import EMPTY, OTHER_IDENTIFIERS, extra_gaps, gaps
from papertray.store.known import Held, Identities, know_titles, know_told, look_up
from papertray.store.rows import (
    WORK_COLUMNS,
    extra_from_text,
    extra_to_text,
    work_to_values,
)
from papertray.store.versions import bring_back_changed, renewal, versions_of


@dataclass(slots=True)
class Counts:
    """What became of the records: `added` new, `merged` filled a gap, `known` brought nothing.

    `renewed` are papers of which a new version came, `returned` those of them that were decided and
    differ so much that they are undecided again.
    """

    added: int = 0
    merged: int = 0
    known: int = 0
    returned: int = 0
    renewed: int = 0

    def add(self, more: Counts, before: Counts | None = None) -> None:
        """Count `more` too, without what it was `before`."""
        less = before or Counts()
        self.added += more.added - less.added
        self.merged += more.merged - less.merged
        self.known += more.known - less.known
        self.returned += more.returned - less.returned
        self.renewed += more.renewed - less.renewed


@dataclass(slots=True)
class Taken:
    """What a chunk did: counts, the paper of each record, which were new, which filled a gap.

    A record that is no news and belongs to no paper of the tray has none.

    `tells_new` is False when the tray knew all of it.
    """

    counts: Counts = field(default_factory=Counts)
    papers: list[int] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    tells_new: bool = False


def find_feed(connection: sqlite3.Connection, name: str, kind: str, new_uid: str) -> int:
    """Return the id of the feed called `name`, making it when there is none."""
    row = connection.execute("SELECT id FROM feed WHERE name = ?", (name,)).fetchone()
    if row is not None:
        return int(row[0])
    cursor = connection.execute(
        "INSERT INTO feed(uid, name, kind) VALUES (?, ?, ?)", (new_uid, name, kind)
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def prepare(record: Record) -> Prepared:
    """Work out what does not depend on the tray."""
    record = _with_arxiv_id(record)
    others: list[Json] = [*identity.other_identifiers(record)]
    extra = {**record.extra, OTHER_IDENTIFIERS: others} if others else record.extra
    return Prepared(
        record,
        identity.traits(record),
        work_to_values(record.work),
        extra_to_text(extra),
        versions_of(record),
        named_by_placeholder(record.work.title),
    )


def _with_arxiv_id(record: Record) -> Record:
    """Give a work that is known by a DOI of arXiv's own its arXiv id."""
    work = record.work
    if work.doi and not work.arxiv_id and doi_name(work.doi)[0] == "arxiv":
        return replace(record, work=replace(work, arxiv_id=doi_name(work.doi)[1]))
    return record


def take_chunk(
    connection: sqlite3.Connection,
    arrival: Arrival,
    records: Sequence[Prepared],
    new_uid: Callable[[], str],
) -> Taken:
    """Take up to some thousand records into the tray, in the caller's transaction."""
    known = look_up(connection, [one.traits for one in records])
    records = [one for one in records if one.is_news or known.find(one.traits) is not None]
    know_told(connection, arrival.batch.id, [one.traits for one in records], known)
    held = Held({arrival.feed, *arrival.named.values()})
    likely = (known.find(one.traits) for one in records)
    held.fetch(connection, [paper_id for paper_id in likely if paper_id is not None])
    taken, rows = Taken(), Rows()
    for one in records:
        paper_id = known.find(one.traits)
        is_first = paper_id is None
        if paper_id is None:
            paper_id = known.begin(one.traits)
        elif paper_id not in held.values:
            # Came within sight only through what this very chunk has changed.
            held.fetch(connection, [paper_id])
        if not is_first and (held.is_newer(paper_id, one.versions) or _is_nameless(held, paper_id)):
            know_titles(connection, [paper_id], known)
        taken.papers.append(paper_id)
        _take(one, paper_id, known, held, rows, taken, arrival, is_first=is_first)
    new_versions = write(connection, arrival, rows, new_uid)
    told = [one.only_named for one in records]
    awaited.follow(connection, taken.papers, told, taken.new, arrival.added)
    taken.tells_new = bool(rows.listings or rows.updates or rows.identifiers or new_versions)
    taken.counts.renewed = len(rows.renewed)
    _bring_back(connection, arrival, taken, held.removed)
    if arrival.pile is Pile.INBOX and rows.renewed:
        taken.counts.returned = bring_back_changed(
            connection, arrival.batch, rows.renewed, arrival.changed
        )
    return taken


def _take(
    one: Prepared,
    paper_id: int,
    known: Identities,
    held: Held,
    rows: Rows,
    taken: Taken,
    arrival: Arrival,
    *,
    is_first: bool,
) -> None:
    """Decide what one record brings to its paper."""
    record, now = one.record, arrival.added
    for scheme, value in known.remember(paper_id, one.traits):
        rows.identifiers.append((scheme, value, paper_id))
    if is_first:
        if record.uid and known.by_identifier["uid", record.uid] != paper_id:
            rows.renamed.add(paper_id)
        taken.counts.added += 1
        taken.new.add(paper_id)
        rows.papers[paper_id] = one
        held.values[paper_id], held.extra[paper_id] = one.values, one.extra
        for version in one.versions:
            # A version of which another tray tells no instant was there from the first.
            seen = version.seen or ("" if record.uid else now)
            _note_version(rows, paper_id, version, min(seen, now))
    # All: a new version may come with what was lacking. One of a paper that had no text is no news.
    elif (
        (_is_nameless(held, paper_id) and _fill(one, paper_id, known, held, rows))
        | _renew(one, paper_id, known, held, rows, arrival)
        | _fill(one, paper_id, known, held, rows)
        | _fill_extra(one, paper_id, held, rows)
    ):
        taken.counts.merged += 1
        taken.changed.add(paper_id)
    else:
        taken.counts.known += 1
    if one.versions:
        newest = one.versions[-1].version
        held.newest[paper_id] = max(newest, held.newest.get(paper_id, 0))
    for sighting in record.sightings or _ONE_SIGHTING:
        feed = arrival.named.get(sighting.feed, arrival.feed)
        is_told = is_first and bool(sighting.feed and sighting.seen)
        if held.hear(feed, paper_id, one.traits.digest, sighting, now) or is_told:
            rows.listings.append(
                (
                    paper_id, feed, arrival.batch.id, sighting.seen or now,
                    sighting.rank, sighting.votes, one.traits.digest,
                    int(is_first and not sighting.is_again),
                )
            )  # fmt: skip


_ONE_SIGHTING = (Sighting(),)
_TITLE = WORK_COLUMNS.index("title")
_ABSTRACT = WORK_COLUMNS.index("abstract")


def _is_nameless(held: Held, paper_id: int) -> bool:
    """Tell whether a paper's title only stands for the one that it lacks."""
    return is_placeholder(str(held.values[paper_id][_TITLE]))


def _fill(one: Prepared, paper_id: int, known: Identities, held: Held, rows: Rows) -> bool:
    """Give the paper what it lacks and the record has. True if there was such.

    An identifier that another paper has is left to it.
    """
    present = held.values[paper_id]
    found = gaps(present, one.values, held.edited.get(paper_id, ()))
    told = one.versions[-1].version if one.versions else 0
    if present[_ABSTRACT] and told < held.newest.get(paper_id, 0):
        found.pop("abstract", None)  # of an older version, which is not what this one begins with
    for name in ("doi", "arxiv_id"):
        if name in found and not known.owns(paper_id, name, found[name]):
            del found[name]
    if not found:
        return False
    pairs = zip(WORK_COLUMNS, present, strict=True)
    held.values[paper_id] = tuple(found.get(name, old) for name, old in pairs)
    known.update(paper_id, found, one.traits)
    if "authors" in found:
        found["author_key"] = one.traits.author_key
    if "title" in found:
        found["title_key"] = one.traits.title_key
        known.retitle(paper_id, identity.title_key(str(present[_TITLE])), one.traits.title_key)
    original = one.record.original
    for name, old in zip(WORK_COLUMNS, present, strict=True):
        # What came for a text that this one replaces goes with it.
        if name in found and (name in original or old not in EMPTY):
            rows.originals[paper_id, name] = original.get(name)
    rows.updates.setdefault(paper_id, {}).update(found)
    return True


def _fill_extra(one: Prepared, paper_id: int, held: Held, rows: Rows) -> bool:
    """Keep what the record tells that no field of ours holds, and the paper lacks."""
    present = held.extra[paper_id]
    if one.extra in (present, "{}"):
        return False
    both = one.extra
    if present != "{}":
        both = extra_to_text(extra_gaps(extra_from_text(present), extra_from_text(one.extra)))
    if both == present:
        return False
    held.extra[paper_id] = both
    rows.updates.setdefault(paper_id, {})["extra"] = both
    return True


def _renew(
    one: Prepared, paper_id: int, known: Identities, held: Held, rows: Rows, arrival: Arrival
) -> bool:
    """Show the text of a newer version, and keep the one before. True if another is shown."""
    if not one.versions:
        return False
    present = dict(zip(WORK_COLUMNS, held.values[paper_id], strict=True))
    title, now = str(present["title"]), arrival.added
    found = None
    if held.is_newer(paper_id, one.versions):
        edited, last = held.edited.get(paper_id, ()), held.newest.get(paper_id, 0)
        shown = {"title": title, "abstract": str(present["abstract"])}
        known_at = held.known_at.get(paper_id, now)
        found = renewal(one.versions[-1], last, shown, edited, known_at, now)
    for version in one.versions[:-1] if found else one.versions:
        _note_version(rows, paper_id, version, min(version.seen, now))
    if found is None:
        return False
    if found.before is not None:
        _note_version(rows, paper_id, found.before, "")
    _note_version(rows, paper_id, found.newest, found.newest.seen)
    if found.is_news:
        rows.renewed.add(paper_id)
    if not found.texts:
        return False
    held.values[paper_id] = tuple({**present, **found.texts}.values())
    update = rows.updates.setdefault(paper_id, {})
    update.update(found.texts)
    if "title" in found.texts:
        update["title_key"] = identity.title_key(found.texts["title"])
        known.retitle(paper_id, identity.title_key(title), str(update["title_key"]))
    for name in found.texts:
        rows.originals[paper_id, name] = one.record.original.get(name)
    return True


def _note_version(rows: Rows, paper_id: int, version: Version, seen: str) -> None:
    rows.versions.append((paper_id, version.version, version.title, version.abstract, seen))


def _bring_back(
    connection: sqlite3.Connection, arrival: Arrival, taken: Taken, removed: Iterable[int]
) -> None:
    """Show papers again that an undone add had brought: who adds them anew wants them.

    A paper that its owner removed herself stays removed, and so does one that a feed lists again by
    itself.
    """
    hidden = connection.execute(
        "SELECT w.value, (SELECT o.batch FROM op o WHERE o.kind = 'paper' AND o.ref = w.value"
        "  AND o.field = 'removed' ORDER BY o.seq DESC LIMIT 1) FROM json_each(?) w",
        (json.dumps(sorted(removed)),),
    ).fetchall()
    by_undo = {
        batch
        for batch in {b for _, b in hidden}
        if batch is not None and is_undo(connection, batch)
    }
    wanted = {paper_id for paper_id, batch in hidden if batch in by_undo}.intersection(taken.papers)
    if arrival.is_unasked:
        wanted -= _listed_before(connection, arrival, wanted)
    if not wanted:
        return
    decisions.set_targets(connection, wanted)
    taken.counts.added += decisions.bring_back(connection, arrival.batch)
    taken.tells_new = True
    # Counted as added now, so not as merged or known a second time.
    merged = len(wanted & taken.changed)
    taken.counts.merged -= merged
    taken.counts.known -= len(wanted) - merged


def _listed_before(
    connection: sqlite3.Connection, arrival: Arrival, paper_ids: Iterable[int]
) -> set[int]:
    rows = connection.execute(
        "SELECT w.value FROM json_each(?) w WHERE EXISTS (SELECT 1 FROM listing l"
        " WHERE l.paper_id = w.value AND l.feed_id = ? AND l.batch <> ?)",
        (json.dumps(list(paper_ids)), arrival.feed, arrival.batch.id),
    )
    return {paper_id for (paper_id,) in rows}
