"""The words of papertray as data: works, records, papers, notes, piles.

All frozen, all without I/O. A `Work` is what the world knows about a text; a `Record` is how one
source tells it; an `Entry` is the paper in the tray with what its owner made of it.

Text is canonical throughout: Unicode in NFC with ``$math$`` and no other TeX.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from papertray.core.authors import Author as Author
from papertray.core.piles import PILE_ORDER as PILE_ORDER
from papertray.core.piles import Pile as Pile
from papertray.core.subscriptions import Kind

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


WORK_TYPES = (
    "preprint",
    "article",
    "inproceedings",
    "book",
    "chapter",
    "thesis",
    "report",
    "dataset",
    "software",
    "misc",
)
"""The values of `Work.type`; the empty string means: not known, to be guessed."""


@dataclass(frozen=True, slots=True)
class Venue:
    """Where a work appeared. `type` is journal, conference, workshop, book, or empty."""

    name: str = ""
    type: str = ""
    short: str = ""
    publisher: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.short or self.publisher or self.volume or self.pages)


@dataclass(frozen=True, slots=True)
class Work:
    """What the world knows about one text. `arxiv_id` carries no version, `doi` no resolver."""

    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    type: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    venue: Venue = Venue()
    doi: str = ""
    arxiv_id: str = ""
    url: str = ""
    pdf_url: str = ""
    code_urls: tuple[str, ...] = ()
    primary_class: str = ""
    categories: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """The text of one version of a work, as `versions` keeps it."""

    version: int
    title: str = ""
    abstract: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note as a record carries it: Markdown, with instants as text (empty: not known).

    Another tray tells its `uid` and whether it `is_main`; None: not told.
    """

    body: str
    title: str = ""
    created: str = ""
    updated: str = ""
    uid: str = ""
    is_main: bool | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One listing as a source tells it: feed, instant (may be empty), rank from 1, votes.

    `is_again` says that it listed a paper which was in the tray already.
    """

    feed: str = ""
    seen: str = ""
    rank: int | None = None
    votes: int | None = None
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the owner of another tray or library made of a paper. Used only with `--decisions`.

    `edited` maps the fields of the work that she changed to the texts they had before each change,
    oldest first, as ops hold them. `apart` are the uids of papers that she said are other works.
    """

    pile: Pile | None = None
    done: str = ""
    snoozed: str = ""
    removed: str = ""
    tags: tuple[str, ...] = ()
    notes: tuple[NoteText, ...] = ()
    added: str = ""
    decided: str = ""
    edited: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    apart: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Decisions()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a paper as a source names it: its path as text, its media type (may be empty).

    Another tray tells its hash (`digest`), the address that it came from (`source`) and the instant
    when it was `added` too.
    """

    path: str
    media_type: str = ""
    digest: str = ""
    source: str = ""
    added: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One work as one source tells it: what every reader yields.

    `identifiers` holds (scheme, value) pairs beside the DOI and arXiv id of the work. `original`
    maps a field of the work to its text before TeX or markup was decoded, where that differs.
    `extra` keeps fields that this version does not know, so that they can be written back.
    `has_made_key` says that another tray made the citation key: nobody chose it. `place` says where
    in the source the record stands (``line 12``), for messages.
    """

    work: Work
    arxiv_version: int | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    versions: tuple[Version, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    uid: str = ""
    citekey: str = ""
    older_keys: tuple[str, ...] = ()
    has_made_key: bool = False
    decisions: Decisions = Decisions()
    attachments: tuple[Attachment, ...] = ()
    source: str = ""
    original: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece of a source that could not be read: what a reader yields in place of a record.

    `breaks_off` says that the source is cut or broken there, so that more than this piece may be
    missing.
    """

    place: str
    reason: str
    data: bytes = b""
    breaks_off: bool = False


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What a library holds and a tray does not take: for the report at the end of an add.

    `what` names it in the plural (``web snapshots``), `number` says how many, `reason` why.
    """

    what: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ToldFeed:
    """A feed as another tray tells it: the columns of its row that are no state of fetching.

    `kind` is that of a subscription, or what a file was that papers came from (``file``).
    `removed` is an instant, empty for one that is there.
    """

    name: str
    kind: str = "file"
    location: str = ""
    settings: Mapping[str, Json] = field(default_factory=dict)
    removed: str = ""
    uid: str = ""

    @property
    def is_subscribed(self) -> bool:
        """Whether the user asked for it, and did not take it away."""
        return not self.removed and self.kind in set(Kind)


@dataclass(frozen=True, slots=True)
class ToldSearch:
    """A saved search as another tray tells it."""

    name: str
    query: str
    uid: str = ""


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule as another tray tells it; `action` is what the column holds: ``{"pile": "skip"}``."""

    query: str
    action: Mapping[str, Json]
    uid: str = ""


Told: TypeAlias = "ToldFeed | ToldSearch | ToldRule"
"""What a tray holds beside papers and notes."""

Item: TypeAlias = "Record | Unread | NoteText | LeftBehind | Told"
"""What readers yield. A `NoteText` by itself is a note that belongs to no paper."""


@dataclass(frozen=True, slots=True)
class Note:
    """A live note. `paper_id` is None for a free-standing one; `is_main` marks the paper's own."""

    id: int
    uid: str
    paper_id: int | None
    title: str
    body: str
    created: str
    updated: str
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper in the tray with all that its owner made of it: what exporters write.

    `done` and `snoozed` are local dates (``2026-11-23``) or empty; `added`, `decided` and
    `removed` are instants or empty. `citekey` is empty until the paper was first kept; it
    `is_pinned` where it was chosen by hand or brought by a bibliography.

    Only where a whole tray is read are there `uids`, by which the paper is known besides its own,
    `attachments`, and `edited` and `apart` as in `Decisions`.
    """

    id: int
    uid: str
    work: Work
    pile: Pile
    added: str
    citekey: str = ""
    older_keys: tuple[str, ...] = ()
    decided: str = ""
    done: str = ""
    snoozed: str = ""
    removed: str = ""
    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    versions: tuple[Version, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    original: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    is_pinned: bool = True
    uids: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    edited: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
