"""One add on its way: sources into chunks, chunks into the tray, all of it one batch."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace

from papertray.core.clock import instant, local_date
from papertray.core.errors import TrayLocked, UnreadableSource
from papertray.core.model import (
    Item,
    LeftBehind,
    NoteText,
    Pile,
    Record,
    Sighting,
    Told,
    ToldFeed,
    ToldRule,
    ToldSearch,
    Unread,
)
from papertray.feeds.source import Source, called
from papertray.notebook.add_report import AddOptions, AddReport
from papertray.notebook.interrupts import uninterrupted
from papertray.store import adoption, citekeys, ingest, quarantine, writing
from papertray.store.adoption import Adopted
from papertray.store.arrival import Arrival, Prepared
from papertray.store.ingest import prepare
from papertray.store.journal import Batch, Origin, has_ops
from papertray.store.pacing import Pace
from papertray.store.tray import Connection, Tray

MOST_BYTES = 1 << 23
"""Bytes of a source that are in memory as one chunk: no million of long abstracts fills it."""

MOST_HELD = 10_000
"""Pieces of one source that go into quarantine: who has a million has another kind of file."""

TRIES = 12
"""How often an add on its way waits for the tray as long as other commands wait once."""

Progress = Callable[[int, float | None], None]
"""Called with the number of records taken so far, and with how much of the present source is read,
from 0 to 1, or None where its size is not known."""

See = Callable[[Record], None]
"""Called with each record that was taken."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Whose pages the sources are that a fetch took: all they list came under that feed.

    What was fetched lands in the inbox, whatever its format, and tells of nobody's decisions.
    Records that are no news only join papers that are here.
    """

    feed: int
    is_news: Callable[[Record], bool]


class _Kept(Exception):
    """Rolls back a chunk that told nothing new: it leaves the tray as it was."""


@dataclass(slots=True)
class _Chunk:
    """Some of what a source holds, by what becomes of it."""

    records: list[Record] = field(default_factory=list)
    notes: list[NoteText] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    left: list[LeftBehind] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def __len__(self) -> int:
        papers = len(self.records) + len(self.unread)
        return papers + len(self.notes) + len(self.left) + len(self.told)

    def add(self, item: Item) -> None:
        if isinstance(item, Record):
            self.records.append(item)
        elif isinstance(item, Unread):
            self.unread.append(item)
        elif isinstance(item, NoteText):
            self.notes.append(item)
        elif isinstance(item, LeftBehind):
            self.left.append(item)
        else:
            self.told.append(item)


class Job:
    """An add: its batch begins with the first chunk that tells something new.

    A dry run works on a `copy` of the tray. `held` are the pieces that went into quarantine.
    `options` and `fetched` may be changed between two sources; `source` is the present one, for
    messages.
    """

    def __init__(
        self,
        tray: Tray,
        label: str,
        options: AddOptions,
        report: AddReport,
        progress: Progress | None,
        changed: int,
        copy: Connection | None = None,
    ) -> None:
        self.options = options
        self.report = report
        self.batch: Batch | None = None
        self.held: set[int] = set()
        self.fetched: Fetched | None = None
        self.source = ""
        self._changed = changed
        self._tray = tray
        self._label = storable(label)
        self._progress = progress
        self._copy = copy
        self._pace = Pace()
        self._taken = 0
        self._added = instant(tray.now())
        self._held_of: tuple[str, int] = "", 0

    def take(self, source: Source, name: str, see: See | None = None) -> bool:
        """Take in all that one source holds; False when it holds nothing, readable or not.

        Raises UnreadableSource where it breaks off, once all that came before is in.
        """
        before = self._taken
        chunk = _Chunk()
        began = 0
        try:
            for item in source.items():
                chunk.add(item)
                if see is not None and isinstance(item, Record):
                    see(item)
                if len(chunk) >= self._pace.size or source.bytes_given() - began > MOST_BYTES:
                    self._take_chunk(source, name, chunk)
                    chunk = _Chunk()
                    began = source.bytes_given()
        except UnreadableSource:
            self._take_chunk(source, name, chunk)
            raise
        self._take_chunk(source, name, chunk)
        return self._taken > before

    def _take_chunk(self, source: Source, name: str, chunk: _Chunk) -> None:
        # All that can be done without the tray is done before it is locked.
        records = [self._prepared(record) for record in chunk.records]
        with uninterrupted():
            if chunk.unread:
                self._patiently(lambda: self._hold(name, chunk.unread))
            if records or chunk.notes or chunk.told:
                self._patiently(lambda: self._write(source, records, chunk))
            for left in chunk.left:
                self.report.leave(left)
            self._taken += len(chunk)
        if self._progress is not None:
            share = min(1.0, source.bytes_read() / source.size) if source.size else None
            self._progress(self._taken, share)

    def _prepared(self, record: Record) -> Prepared:
        if self.fetched is None:
            return prepare(record)
        return replace(prepare(record), is_news=self.fetched.is_news(record))

    def _writing(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._copy) if self._copy else self._tray.write(durable=False)

    def _patiently(self, write: Callable[[], None]) -> None:
        """Run `write` again while others keep the tray locked: half an add helps nobody.

        One that has not begun yet gives up like any other command.
        """
        for _ in range(TRIES - 1 if self.batch is not None else 0):
            with suppress(TrayLocked):
                return write()
        return write()

    def _hold(self, name: str, unread: Sequence[Unread]) -> None:
        """Put pieces into quarantine, the first of each source, and count all."""
        at = quarantine_name(name)
        already = self._held_of[1] if self._held_of[0] == at else 0
        kept = unread[: max(0, MOST_HELD - already)]
        if kept:
            self._pace.wait()
            with self._writing() as connection:
                self.held |= quarantine.hold(connection, at, kept, instant(self._tray.now()))
                quarantine.keep_options(connection, at, self.options.as_text())
        self._held_of = at, already + len(kept)
        for piece in unread:
            self.report.fail(name, piece.place, piece.reason)

    def _write(self, source: Source, records: Sequence[Prepared], chunk: _Chunk) -> None:
        self._pace.wait()
        taken, adopted = ingest.Taken(), Adopted()
        with suppress(_Kept):
            with self._writing() as connection:
                self._pace.locked()
                batch = self.batch or writing.start(
                    self._tray, connection, Origin.ADD, label=self._label
                )
                adopted = self._adopt_told(connection, batch, source, chunk.told)
                taken = self._ingest(connection, batch, source, records)
                adopted += self._decide(connection, batch, source, taken, records, chunk.notes)
                is_new = taken.tells_new or adopted != Adopted()
                if not is_new and not has_ops(connection, batch.id):
                    raise _Kept
            # Only now: a full disk shows itself when the transaction ends.
            self.batch = batch
        self._count(source, taken, adopted)
        if not self._takes_decisions(source):
            self._count_untaken(records, chunk)
        self._pace.freed(len(records))
        if self._copy is None and self.batch is not None:
            # Takes the disk's time; others may write meanwhile.
            self._tray.checkpoint()

    def _adopt_told(
        self, connection: Connection, batch: Batch, source: Source, told: Sequence[Told]
    ) -> Adopted:
        if not (told and self._takes_decisions(source)):
            return Adopted()
        from papertray.notebook.told import adopt_checked  # few sources are trays

        return adopt_checked(connection, batch, told, self._tray.new_uid)

    def _ingest(
        self, connection: Connection, batch: Batch, source: Source, records: Sequence[Prepared]
    ) -> ingest.Taken:
        tray = self._tray
        if self.fetched is not None:
            arrival = Arrival(
                self.fetched.feed, batch, self._added, changed=self._changed, is_unasked=True
            )
            return ingest.take_chunk(connection, arrival, records, tray.new_uid)
        is_library = source.reader.IS_LIBRARY
        kind = "library" if is_library else "file"

        def feed(name: str) -> int:
            return ingest.find_feed(connection, storable(name), kind, tray.new_uid())

        # In the order of the file, wherever a chunk of it ends. A tray names the feed of each
        # listing: its file is none.
        told = [one.feed for each in records for one in each.record.sightings or (Sighting(),)]
        named = {name: feed(name or source.feed) for name in dict.fromkeys(told)}
        arrival = Arrival(
            named.pop("", _NO_FEED), batch, self._added, changed=self._changed, named=named,
            is_told=self._takes_decisions(source),
        )  # fmt: skip
        if is_library:
            arrival = replace(arrival, pile=Pile.READ, done=local_date(tray.now()))
        return ingest.take_chunk(connection, arrival, records, tray.new_uid)

    def _decide(
        self,
        connection: Connection,
        batch: Batch,
        source: Source,
        taken: ingest.Taken,
        records: Sequence[Prepared],
        notes: Sequence[NoteText],
    ) -> Adopted:
        """Take over what the source tells of its owner's decisions, and make the user's own."""
        new_uid, options = self._tray.new_uid, self.options
        plain = [one.record for one in records]
        adopted = Adopted()
        if self._takes_decisions(source):
            adopted = adoption.adopt(connection, batch, taken.papers, plain, taken.new, new_uid)
            adopted += Adopted(notes=adoption.adopt_free_notes(connection, batch, notes, new_uid))
        if options.pile or options.tags:
            adoption.decide_all(
                connection, batch, taken.papers, taken.new, options.pile, options.tags
            )
        is_kept = self._is_library(source) or self._takes_decisions(source)
        if is_kept:
            refused = adoption.bring_citekeys(connection, taken.papers, plain)
            adopted += Adopted(refused_keys=refused)
        if taken.changed:
            citekeys.recompute(connection, sorted(taken.changed))
        if is_kept or options.pile:
            # Also papers that were here: they may have been decided about just now.
            citekeys.give(connection, adoption.kept(connection, taken.papers))
        return adopted

    def _takes_decisions(self, source: Source) -> bool:
        return self.options.decisions or source.is_own

    def _is_library(self, source: Source) -> bool:
        return source.reader.IS_LIBRARY and self.fetched is None

    def _count(self, source: Source, taken: ingest.Taken, adopted: Adopted) -> None:
        self.report.counts.add(taken.counts)
        pile = self.options.pile or (Pile.READ if self._is_library(source) else Pile.INBOX)
        self.report.piles[pile] = self.report.piles.get(pile, 0) + taken.counts.added
        self.report.take_over(adopted)

    def _count_untaken(self, records: Sequence[Prepared], chunk: _Chunk) -> None:
        untaken = Counter(notes=len(chunk.notes))
        made = [one for one in chunk.told if not isinstance(one, ToldFeed) or one.is_subscribed]
        untaken += Counter(_NOUNS[type(one)] for one in made)
        for one in records:
            untaken["attachments"] += len(one.record.attachments)
            told = one.record.decisions
            if told:
                untaken["tags"] += len(told.tags)
                untaken["notes"] += len(told.notes)
                untaken["piles"] += bool(told.pile or told.done or told.snoozed or told.removed)
        self.report.untaken += untaken


_NO_FEED = 0
"""The id of no feed."""

_NOUNS: Mapping[type[Told], str] = {
    ToldFeed: "feeds", ToldSearch: "saved searches", ToldRule: "rules"
}  # fmt: skip


def quarantine_name(name: str) -> str:
    """Return what a source is called in quarantine: its path from the root, ``-…``, its address."""
    is_whole = called(name) != name or name.startswith(("http://", "https://"))
    return storable(name if is_whole else os.path.abspath(name))


def storable(name: str) -> str:
    """Return a file's name as text: what of it is no UTF-8, no database can hold."""
    return name.encode("utf-8", "replace").decode("utf-8")
