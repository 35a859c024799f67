"""What a fetch did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papertray.notebook.rules import Applied
from papertray.store.ingest import Counts

if TYPE_CHECKING:
    from papertray.notebook.completing import CompletedReport
    from papertray.notebook.pdf_fetching import FilesReport


@dataclass(slots=True)
class FeedReport:
    """What became of one feed: what it brought, and why it failed, empty if it did not.

    `unread` of its pieces could not be read and are in quarantine, which is no failure of the feed;
    `first_unread` is where the first one is, and why. `is_unreachable` tells a failure for which
    its host could not be found from others.
    """

    name: str
    counts: Counts = field(default_factory=Counts)
    failure: str = ""
    unread: int = 0
    first_unread: str = ""
    is_unreachable: bool = False

    @property
    def complaint(self) -> str:
        """A sentence about the pieces that could not be read, empty if all could."""
        others = "1 more piece" if self.unread == 2 else f"{self.unread - 1:,} more pieces"
        more = f" (and {others})" if self.unread > 1 else ""
        return f"{self.first_unread}{more}"

    @property
    def has_news(self) -> bool:
        """Whether it told anything that the tray did not know."""
        return bool(self.counts.added or self.counts.merged)


@dataclass(frozen=True, slots=True)
class Expired:
    """Papers of a feed that went to `skip` because nobody decided: how many, in which batch."""

    feed: str
    papers: int
    days: int
    batch: int


@dataclass(slots=True)
class FetchReport:
    """What a fetch did.

    `asked` is the number of feeds that were to be asked, `feeds` holds those that are done, in that
    order. `waiting` are those whose server wants to be asked later: the instant by the name.
    `batch` is None if nothing new came. `trouble` is a sentence about what kept the tray from
    taking more in. `unreachable` feeds wait for a network, which is no failure of theirs.
    `is_elsewhere`: another process is fetching, so that nothing was done here.
    `interrupted`: the user ended it; what was counted is in. `completed`, `rules` and `files` tell
    of what else was done, as far as it came to that.
    """

    asked: int = 0
    feeds: list[FeedReport] = field(default_factory=list)
    waiting: Mapping[str, str] = field(default_factory=dict)
    batch: int | None = None
    expired: list[Expired] = field(default_factory=list)
    trouble: str = ""
    unreachable: int = 0
    is_elsewhere: bool = False
    interrupted: bool = False
    completed: CompletedReport | None = None
    rules: Applied = field(default_factory=Applied)
    files: FilesReport | None = None

    @property
    def offline(self) -> bool:
        """Whether there is no network: nothing of the internet answered, and some did not."""
        return self.unreachable > 0

    @property
    def counts(self) -> Counts:
        """What all feeds together brought."""
        total = Counts()
        for one in self.feeds:
            total.add(one.counts)
        return total

    @property
    def failed(self) -> list[FeedReport]:
        """The feeds that failed."""
        return [one for one in self.feeds if one.failure]

    @property
    def unchanged(self) -> int:
        """How many feeds told nothing new."""
        return sum(not (one.failure or one.has_news) for one in self.feeds)
