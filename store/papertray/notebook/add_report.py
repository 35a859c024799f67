"""What may be chosen about an add, and what it did."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from papertray.core.model import Json, LeftBehind, Pile
from papertray.notebook.rules import Applied
from papertray.store.adoption import Adopted
from papertray.store.ingest import Counts

if TYPE_CHECKING:  # most adds complete nothing
    from papertray.notebook.completing import CompletedReport

MOST_FAILURES = 1000
"""Failures that a report keeps: a broken file may have a million, all of which are counted."""


@dataclass(frozen=True, slots=True)
class AddOptions:
    """What the user may choose about an add.

    `format_name` names the reader (empty: by content). `pile` and `tags` are decisions about all
    that comes. `decisions` takes over what the file says was decided. `dry_run` counts and keeps
    nothing. `feed` is the subscription whose page it is, 0 for none.
    """

    format_name: str = ""
    pile: Pile | None = None
    tags: tuple[str, ...] = ()
    decisions: bool = False
    dry_run: bool = False
    feed: int = 0

    def as_text(self) -> str:
        """Return what `from_text` reads: JSON, empty where nothing but a dry run was chosen."""
        chosen: dict[str, Json] = {
            "from": self.format_name, "pile": self.pile, "tags": list(self.tags),
            "decisions": self.decisions, "feed": self.feed,
        }  # fmt: skip
        filled = {name: value for name, value in chosen.items() if value}
        return json.dumps(filled) if filled else ""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the options that `as_text` wrote."""
        found = json.loads(text or "{}")
        pile = found.get("pile")
        return cls(
            format_name=found.get("from", ""),
            pile=Pile(pile) if pile else None,
            tags=tuple(found.get("tags", ())),
            decisions=found.get("decisions", False),
            feed=found.get("feed", 0),
        )

    def over(self, other: AddOptions) -> AddOptions:
        """Return these options, those not chosen taken from `other`."""
        return replace(
            self,
            format_name=self.format_name or other.format_name,
            pile=self.pile or other.pile,
            tags=self.tags or other.tags,
            decisions=self.decisions or other.decisions,
            feed=self.feed or other.feed,
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read: a whole source (`place` empty) or a piece of one."""

    source: str
    place: str
    reason: str


@dataclass(slots=True)
class AddReport:
    """What an add did. `batch` is None if it brought nothing; `piles` counts where papers went.

    `failed` counts all failures, of which `failures` holds the first. `notes`, `tags` and
    `attachments` count what of the sources' own was taken and new, and so do `feeds`, `searches`
    and `rules_made`, `untaken` what was told but not
    taken for want of `--decisions` (``{"tags": 12}``). `empty` names feeds that held no paper.
    `left_behind` is what a library holds and a tray does not take, one for each thing and reason.
    `encodings` names the sources that were not in UTF-8, with what they were read as. `interrupted`
    tells that Ctrl-C ended it early: what was counted is in, the rest is not. `rules` is what the
    user's rules did with what came.
    """

    counts: Counts = field(default_factory=Counts)
    failures: list[Failure] = field(default_factory=list)
    failed: int = 0
    batch: int | None = None
    piles: dict[Pile, int] = field(default_factory=dict)
    notes: int = 0
    tags: int = 0
    attachments: int = 0
    feeds: int = 0
    searches: int = 0
    rules_made: int = 0
    untaken: Counter[str] = field(default_factory=Counter)
    left_behind: list[LeftBehind] = field(default_factory=list)
    encodings: dict[str, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    sources_read: int = 0
    interrupted: bool = False
    awaited: int = 0
    offline: bool = False
    troubles: dict[str, None] = field(default_factory=dict)
    completed: CompletedReport | None = None
    rules: Applied = field(default_factory=Applied)

    @property
    def read_nothing(self) -> bool:
        """True when not one source could be read."""
        return self.sources_read == 0

    def fail(self, source: str, place: str, reason: str) -> None:
        """Count a failure, and keep it if it is one of the first."""
        self.failed += 1
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(Failure(source, place, reason))

    def take_over(self, adopted: Adopted) -> None:
        """Count what was taken of what the sources told."""
        self.notes += adopted.notes
        self.tags += adopted.tags
        self.attachments += adopted.attachments
        self.feeds += adopted.feeds
        self.searches += adopted.searches
        self.rules_made += adopted.rules
        if adopted.refused:
            reason = "others have their names or places here, or they cannot be understood"
            self.leave(LeftBehind("feeds, searches and rules", adopted.refused, reason))
        if adopted.refused_keys:
            reason = "other papers have them; `papertray show` names those that were made instead"
            self.leave(LeftBehind("citation keys", adopted.refused_keys, reason))

    def leave(self, left: LeftBehind) -> None:
        """Add what stays behind to what does for the same reason."""
        for place, other in enumerate(self.left_behind):
            if (other.what, other.reason) == (left.what, left.reason):
                self.left_behind[place] = replace(other, number=other.number + left.number)
                return
        self.left_behind.append(left)
