"""Lines that subscribe and make rules, read as the command line reads them; and how feeds look."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.clock import ago
from papertray.core.counting import counted
from papertray.core.errors import UsageError
from papertray.core.model import Pile
from papertray.core.subscriptions import days_of
from papertray.tui.text import Paragraph, fit
from papertray.tui.widgets.lines import ListLine

if TYPE_CHECKING:
    from papertray.core.subscriptions import FeedState, Subscription
    from papertray.notebook.rules import Action, Rule, Use
    from papertray.store.subscriptions import Brought, FeedCounts

FEED_OPTIONS = "--expire 30d moves what waits so long to skip; --tag T labels the feed"

RULE_OPTIONS = "a query as in the search, then --tag T, --pile read or --mute, which is --pile skip"

_RULE_OPTION = re.compile(
    r"(?<!\S)--(?:mute|(?P<name>tag|pile)[ =]+"
    r"""(?P<value>"[^"]+"|'[^']+'|[^\s"']+))(?!\S)"""
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription with all that is told of it. `brought` is None where it never brought any."""

    one: Subscription
    state: FeedState
    counts: FeedCounts
    brought: Brought | None


@dataclass(frozen=True, slots=True)
class WantedFeed:
    """What a line asks for. `expire` is in days, 0 for never; an empty name is to be made up."""

    name: str
    location: str
    expire: int
    tags: tuple[str, ...]


# --- feeds


def wanted_feed(line: str, folder: Path) -> WantedFeed:
    """Return what ``[NAME] LOCATION [--expire 30d] [--tag T]`` asks for.

    A name with blanks stands in quotation marks. `folder` is where relative paths begin. Raises
    `UsageError` for what is none of that.
    """
    from papertray.feeds.fetching.locations import split_name

    try:
        words = iter(shlex.split(line))
    except ValueError:  # an apostrophe among the words of a search
        words = iter(line.split())
    rest, tags, expire = [], [], 0
    for word in words:
        option, equals, value = word.partition("=")
        if option not in ("--expire", "--tag"):
            if word.startswith("--"):
                raise UsageError(f"There is no {word} here: {FEED_OPTIONS}.")
            rest.append(word)
            continue
        value = value if equals else next(words, "")
        if option == "--tag":
            tags.append(_tag(value))
        elif (days := days_of(value)) is None:
            raise UsageError(f"“{value}” is no time to expire; say 30d, 4w or never.")
        else:
            expire = days
    if not rest:
        raise UsageError("The location is missing: an address, a search or a folder.")
    return WantedFeed(*split_name(rest, folder), expire, tuple(dict.fromkeys(tags)))


def line_for(one: Subscription) -> str:
    """Return the line that asks for a subscription as it is."""
    name = one.name if "'" in one.name else shlex.quote(one.name)
    name = f'"{name}"' if "'" in one.name else name
    location = shlex.quote(one.location) if one.location.startswith("/") else one.location
    expire = f" --expire {one.expire}d" if one.expire else ""
    return f"{name} {location}{expire}" + "".join(f" --tag {shlex.quote(tag)}" for tag in one.tags)


def feed_line(feed: Feed, now: datetime) -> ListLine:
    """Return what the list shows of a feed: name, what waits, when it was fetched, what failed."""
    one, state = feed.one, feed.state
    waiting = f"{feed.counts.inbox:,} in inbox" if feed.counts.inbox else ""
    told = f"failed {ago(state.failed, now)}: {state.failure}" if state.failure else one.location
    brought = feed.brought
    new = f"{brought.papers:,} new" if brought is not None and _is_last(brought, state) else ""
    fetched = "watched" if one.kind == "folder" else ago(state.fetched, now)
    left = f"{fit(clean(one.name), 18)}  {waiting:>12} {new:>7}  {fetched:<10}  {clean(told)}"
    more = [f"expires {one.expire}d"] if one.expire else []
    return ListLine(left, clean("  ".join([*more, *one.tags])), str(one.id))


def feed_told(feed: Feed, now: datetime) -> Iterator[Paragraph]:
    """Yield all that there is to read of a feed, the whole of its error first."""
    one, state, brought = feed.one, feed.state, feed.brought
    if state.failure:
        times = counted(state.failures, "time") + " in a row" if state.failures > 1 else ""
        failed = " ".join(filter(None, ("failed", ago(state.failed, now), times)))
        yield Paragraph(clean(f"{failed}: {state.failure}"), is_strong=True)
    yield Paragraph(clean(f"{one.name}: {one.location}"))
    told = [f"{counted(feed.counts.papers, 'paper')}, {feed.counts.inbox:,} in the inbox"]
    if brought is not None:
        told.append(f"{brought.papers:,} new {ago(brought.at, now)}")
    if one.kind != "folder":
        told.append(f"fetched {ago(state.fetched, now)}" if state.fetched else "not fetched yet")
    if one.expire:
        told.append(f"what waits {counted(one.expire, 'day')} goes to skip")
    if one.tags:
        told.append(f"labels: {', '.join(one.tags)}")
    yield Paragraph(clean("; ".join(told)), is_quiet=True)


def _is_last(brought: Brought, state: FeedState) -> bool:
    """Return whether the last fetch brought something: one lasts less than an hour."""
    if not state.fetched:
        return True
    then, fetched = map(datetime.fromisoformat, (brought.at, state.fetched))
    return (fetched - then).total_seconds() < 3600


# --- rules


def wanted_rule(line: str) -> tuple[str, Action]:
    """Return the query and the action that ``QUERY --tag T``, ``--pile P`` or ``--mute`` ask for.

    Raises `UsageError` unless there is one of these, and for a query that is empty.
    """
    from papertray.notebook.rules import Action

    options = list(_RULE_OPTION.finditer(line))
    query = " ".join(_RULE_OPTION.sub(" ", line).split())
    if query[:1] == query[-1:] == "'" and len(query) > 1:
        query = query[1:-1]  # as a shell wants it
    if len(options) != 1 or re.search(r"(?<!\S)--", query):
        raise UsageError(f"Say what the rule does: {RULE_OPTIONS}.")
    if not query:
        raise UsageError("The query is empty; the rule would be for every paper.")
    value = (options[0]["value"] or "").strip("\"'")
    if options[0]["name"] == "tag":
        return query, Action(tag=_tag(value))
    if value not in ("", *(pile for pile in Pile if pile is not Pile.INBOX)):
        raise UsageError(f"There is no pile {value} to move to: read, starred or skip.")
    return query, Action(pile=Pile(value) if value else Pile.SKIP)


def rule_line(rule: Rule, use: Use | None) -> ListLine:
    """Return what the list shows of a rule: what it does, and what it did."""
    did = "not used yet"
    if use is not None:
        times = "once" if use.times == 1 else f"{use.times:,} times"
        did = f"{counted(use.papers, 'paper')}, {times}, last {use.last}"
    said = rule.action.done_to(f"what {rule.query} finds")
    return ListLine(clean(f"{rule.id}  {said}"), did, str(rule.id))


def _tag(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise UsageError("A tag is a text of one line that is not empty.")
    return text.strip()
