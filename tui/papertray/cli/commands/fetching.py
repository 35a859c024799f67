"""Asking the network for what is new: `feeds fetch`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.formats import json_text
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.core.clock import minute
from papertray.core.model import Json

if TYPE_CHECKING:
    from papertray.notebook.fetch_report import FeedReport, FetchReport
    from papertray.notebook.notebook import Notebook

MOST_SAID = 100
"""Failures that are told one by one."""

MOST_NAMED = 5
"""Feeds that are named where one sentence is about many."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--no-pdfs", is_flag=True, help="Leave PDFs for another time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_invocation
def fetch(invocation: Invocation, names: tuple[str, ...], no_pdfs: bool, as_json: bool) -> int:
    """Fetch what is new in the feeds of these NAMES, or in all.

    Prints a line for each feed that brought something. With it go papers that were added by name
    without a network, the PDFs of papers in read and starred, and feeds' papers that expire.
    """
    from papertray.notebook.fetch_report import FetchReport

    notebook = invocation.notebook
    if names or notebook.fetching.has_work():
        report = _fetch(notebook, names, with_pdfs=not no_pdfs)
    else:
        report = FetchReport()  # no network is opened for it
        output.say(_nothing_to_do(notebook))
    for name in names:
        if notebook.subscriptions.find(name).kind == "folder":
            output.say(f"{name} is a folder, which `papertray watch` and the open screen read.")
    _narrate(report)
    if as_json:
        sys.stdout.write(json_text(_as_json(report)) + "\n")
    else:
        for line in _lines(report):
            output.write(line)
    _say_what_to_do(report)
    if report.interrupted:
        raise click.Abort
    return _exit_code(report)


def _nothing_to_do(notebook: Notebook) -> str:
    if waiting := notebook.files.waiting():
        return f"There is nothing to fetch now: {_waiting(waiting, 'PDF')} for another day."
    if notebook.subscriptions.all():
        return "There is nothing to fetch now: the folders are read by `papertray watch`."
    return "There is nothing to fetch; `papertray feeds add NAME ADDRESS` adds a feed."


def _waiting(number: int, noun: str) -> str:
    return f"{output.counted(number, noun)} {'waits' if number == 1 else 'wait'}"


def _fetch(notebook: Notebook, names: Sequence[str], *, with_pdfs: bool) -> FetchReport:
    with (
        output.Progress("Fetching:", "feeds") as feeds,
        output.Progress("Fetching:", "PDFs") as pdfs,
        notebook.network.open(notebook.subscriptions.hosts()) as transport,
    ):

        def progress(done: int, total: int, papers: int) -> None:
            feeds(done, total)

        return notebook.fetching.fetch(names, transport, progress, pdfs if with_pdfs else None)


def _narrate(report: FetchReport) -> None:
    """Say what went wrong, or did not go at all."""
    if report.is_elsewhere:
        output.say("Another papertray is fetching for this tray; nothing was done here.")
    if report.offline:
        output.say(f"no network: {_waiting(report.unreachable, 'feed')} for it")
    for one in report.failed[:MOST_SAID]:
        output.say(f"{one.name}: {one.failure}")
    if len(report.failed) > MOST_SAID:
        output.say(f"… and {len(report.failed) - MOST_SAID:,} more feeds failed.")
    for one in report.feeds:
        if one.complaint and not one.failure:
            output.say(f"{one.name}: {one.complaint}")
    _say_who_waits(report.waiting)
    if report.completed is not None:
        if report.completed.offline and not report.offline:
            number = report.completed.waiting
            wait = "waits" if number == 1 else "wait"
            papers = output.counted(number, "paper")
            output.say(f"no network: {papers} added by name {wait} for it")
        for sentence in report.completed.sentences():
            output.say(sentence)
    if report.trouble:
        output.say(report.trouble)


def _say_who_waits(waiting: Mapping[str, str]) -> None:
    """Say it once for all feeds that wait equally long: one server may hold many."""
    together: dict[str, list[str]] = {}
    for name, until in waiting.items():
        together.setdefault(minute(until), []).append(name)
    for until, names in together.items():
        more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
        theirs = "its server wants" if len(names) == 1 else "their server wants"
        named = ", ".join(names[:MOST_NAMED])
        output.say(f"{named}{more}: {theirs} to be left alone until {until}")


def _lines(report: FetchReport) -> Iterator[str]:
    """Yield what each feed brought, and the sum."""
    for one in report.feeds:
        if one.has_news:
            yield f"{one.name}: {_news(one)}"
    if not report.feeds:
        return
    counts = report.counts
    from_feeds = sum(one.counts.added > 0 for one in report.feeds)
    parts = [output.counted(counts.added, "new paper")]
    if from_feeds > 1:
        parts[0] += f" from {from_feeds:,} feeds"
    if counts.renewed:
        parts.append(output.counted(counts.renewed, "new version"))
    if report.unchanged:
        parts.append(f"{output.counted(report.unchanged, 'feed')} unchanged")
    if report.failed:
        parts.append(f"{len(report.failed):,} failed")
    yield ", ".join(parts)


def _news(one: FeedReport) -> str:
    counts = one.counts
    told = (counts.added, "new paper"), (counts.renewed, "new version")
    parts = [output.counted(number, noun) for number, noun in told if number]
    if more := counts.merged - counts.renewed:
        parts.append(f"{more:,} completed" if more > 0 else "")
    return ", ".join(filter(None, parts))


def _say_what_to_do(report: FetchReport) -> None:
    """Say what else was done, and how all of it is taken back."""
    for one in report.expired:
        were = output.counted(one.papers, "paper")
        days = output.counted(one.days, "day")
        output.say(
            f"{one.feed}: {were} expired after {days}. Undo: papertray undo --batch {one.batch}"
        )
    if report.counts.returned:
        were = output.counted(report.counts.returned, "decided paper")
        output.say(f"{were} came back to the inbox: the new version differs much.")
    for sentence in (report.rules.summary, *report.rules.problems):
        if sentence:
            output.say(sentence)
    if report.files is not None:
        for sentence in report.files.sentences():
            output.say(sentence)
    if report.interrupted:
        output.say("Interrupted: that much is in the tray; the next fetch goes on.")
    if report.batch is not None and any(one.has_news for one in report.feeds):
        output.say(f"Undo: papertray undo --batch {report.batch}")


def _as_json(report: FetchReport) -> Json:
    counts = report.counts
    return {
        "added": counts.added,
        "merged": counts.merged,
        "known": counts.known,
        "renewed": counts.renewed,
        "returned": counts.returned,
        "asked": report.asked,
        "unchanged": report.unchanged,
        "failed": len(report.failed),
        "offline": report.offline,
        "unreachable": report.unreachable,
        "interrupted": report.interrupted,
        "elsewhere": report.is_elsewhere,
        "batch": report.batch,
        "feeds": [
            {
                "name": one.name,
                "added": one.counts.added,
                "merged": one.counts.merged,
                "known": one.counts.known,
                "renewed": one.counts.renewed,
                "failure": one.failure,
                "unread": one.unread,
            }
            for one in report.feeds
        ],
        "waiting": dict(report.waiting),
        "expired": [
            {"feed": one.feed, "papers": one.papers, "days": one.days, "batch": one.batch}
            for one in report.expired
        ],
        "completed": report.completed.completed if report.completed else 0,
        "pdfs": report.files.fetched if report.files else 0,
    }


def _exit_code(report: FetchReport) -> int:
    """Return 1 where something could not be read; 2 where all failed, though there is a network."""
    if report.trouble:
        return 1
    if not report.failed:
        return int(any(one.unread for one in report.feeds))
    is_total = len(report.failed) == report.asked and not any(
        one.is_unreachable for one in report.failed
    )
    return 2 if is_total else 1
