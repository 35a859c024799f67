"""Taking papers in: `add`."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import click

from papertray.cli import output
from papertray.cli.formats import json_text
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import PILES, checked_tag
from papertray.core.model import Json, Pile

if TYPE_CHECKING:
    from papertray.notebook.feeds import AddReport, Failure


MOST_SAID = 100
"""Failures that are told one by one."""


class _Add(click.Command):
    """`add`, whose help ends with the formats there are: looking for them takes a moment."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names of all formats, those of plugins included."""
        from papertray.feeds.table import Readers
        from papertray.notebook.plugins import installed

        state = ctx.ensure_object(Invocation).places.state
        names = Readers(lambda: installed(state).readers).names()
        formatter.write_paragraph()
        formatter.write(
            textwrap.fill(f"Formats: {', '.join(names)}.", formatter.width, break_on_hyphens=False)
        )
        formatter.write_paragraph()


@click.command(cls=_Add)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option("--from", "format_name", default="", metavar="FORMAT", help="What the sources are.")
@click.option("--pile", type=click.Choice(PILES), help="Move all that comes to this pile.")
@click.option("--tag", "tags", multiple=True, metavar="T", help="Tag all that comes.")
@click.option("--decisions", is_flag=True, help="Take over piles, tags and notes of the sources.")
@click.option("--dry-run", is_flag=True, help="Count only; keep nothing.")
@click.option("--retry", is_flag=True, help="Read again what could not be read before.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_invocation
def add(
    invocation: Invocation,
    sources: tuple[str, ...],
    format_name: str,
    pile: str | None,
    tags: tuple[str, ...],
    decisions: bool,
    dry_run: bool,
    retry: bool,
    as_json: bool,
) -> int:
    """Add the papers of files and folders, or single ones by their names.

    A SOURCE - is standard input. The format is recognised by the content. Feeds land in the inbox;
    bibliographies and libraries in read, done. An arXiv id, a DOI or the address of a paper's page
    is looked up; without a network the paper is completed with the next. Prints how many papers
    were added (new), merged (filled a gap of a known one), known (told nothing new) and failed.
    """
    from papertray.notebook.feeds import AddOptions

    if bool(sources) == retry:
        raise click.UsageError(
            "--retry reads what failed before; it takes no SOURCE." if retry
            else "Name a SOURCE: a file, a folder, or - for standard input."
        )  # fmt: skip
    options = AddOptions(
        format_name=format_name,
        pile=Pile(pile) if pile else None,
        tags=tuple(map(checked_tag, tags)),
        decisions=decisions,
        dry_run=dry_run,
    )
    feeds = invocation.notebook.feeds
    with output.Progress("Adding:", "papers") as line:

        def progress(done: int, share: float | None) -> None:
            line(done, share=share)

        if retry:
            report = feeds.retry(progress, options)
        else:
            network = invocation.notebook.network
            report = feeds.add(sources, _stdin(), options, progress, network)
    _print(report, as_json=as_json, dry_run=dry_run)
    if report.interrupted:
        raise click.Abort
    return _exit_code(report)


def _stdin() -> BinaryIO:
    return sys.stdin.buffer


def _print(report: AddReport, *, as_json: bool, dry_run: bool) -> None:
    for failure in report.failures[:MOST_SAID]:
        output.say(_sentence(failure))
    if report.failed > MOST_SAID:
        output.say(f"… and {report.failed - MOST_SAID:,} more that could not be read.")
    for source, encoding in report.encodings.items():
        output.say(f"{source}: read as {encoding}")
    for source in report.empty:
        output.say(f"{source}: a feed without a paper in it")
    counts = report.counts
    if as_json:
        sys.stdout.write(json_text(_as_json(report)) + "\n")
        return
    output.write(
        f"{counts.added} added, {counts.merged} merged, {counts.known} known, "
        f"{report.failed} failed"
    )
    if counts.returned:
        were = output.counted(counts.returned, "decided paper")
        output.say(f"{were} came back to the inbox: the new version differs much.")
    for sentence in (*_moved_in(report), *_named(report)):
        output.say(sentence)
    for sentence in (report.rules.summary, *report.rules.problems):
        if sentence:
            output.say(sentence)
    if report.interrupted and not dry_run:
        output.say("Interrupted: that much is in the tray; the same command again goes on.")
    if dry_run:
        output.say("Nothing was kept: this was a dry run.")
    elif report.batch is not None:
        piles = " and ".join(
            "the inbox" if pile is Pile.INBOX else pile.value
            for pile, number in report.piles.items()
            if number
        )
        where = f"In {piles}. " if piles else ""
        output.say(f"{where}Undo: papertray undo --batch {report.batch}")


def _moved_in(report: AddReport) -> Iterator[str]:
    """Yield what there is to say of tags, notes and files: what came along, and what did not."""
    came = _listed({
        "note": report.notes, "tag": report.tags, "attachment": report.attachments,
        "feed": report.feeds, "saved search": report.searches, "rule": report.rules_made,
    })  # fmt: skip
    if came:
        yield f"With them came {came}."
    untaken = {_singular(nouns): number for nouns, number in report.untaken.items()}
    if left := _listed(untaken):
        were = "was" if report.untaken.total() == 1 else "were"
        yield f"{left} in what was read {were} not taken over: --decisions does that."
    for one in report.left_behind:
        yield f"left behind: {one.what}: {one.number:,} ({one.reason})"


def _named(report: AddReport) -> Iterator[str]:
    """Yield what there is to say of papers that were named: which are awaited, and why."""
    yield from report.troubles
    if report.awaited:
        are = "is" if report.awaited == 1 else "are"
        papers = f"{output.counted(report.awaited, 'paper')} {are} completed with the next"
        yield f"no network: {papers}" if report.offline else f"{papers} fetch or add."
    if report.completed is not None:
        # What it could not do, the papers named now could not either, and it was told.
        yield from (one for one in report.completed.sentences() if one not in report.troubles)


def _singular(nouns: str) -> str:
    return nouns.removesuffix("es" if nouns.endswith("ches") else "s")


def _listed(numbers: dict[str, int]) -> str:
    """Return ``12 tags, 3 notes and 1 pile``; what there is none of is left out."""
    parts = [output.counted(number, noun) for noun, number in numbers.items() if number]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _sentence(failure: Failure) -> str:
    if not failure.place:
        return failure.reason
    return f"{failure.source}, {failure.place}: {failure.reason}"


def _as_json(report: AddReport) -> Json:
    return {
        "added": report.counts.added,
        "merged": report.counts.merged,
        "known": report.counts.known,
        "returned": report.counts.returned,
        "failed": report.failed,
        "notes": report.notes,
        "tags": report.tags,
        "attachments": report.attachments,
        "feeds": report.feeds,
        "searches": report.searches,
        "rules_made": report.rules_made,
        "untaken": {noun: number for noun, number in report.untaken.items() if number},
        "left_behind": [
            {"what": one.what, "number": one.number, "reason": one.reason}
            for one in report.left_behind
        ],
        "encodings": dict(report.encodings),
        "empty": list(report.empty),
        "interrupted": report.interrupted,
        "awaited": report.awaited,
        "offline": report.offline,
        "completed": report.completed.completed if report.completed else 0,
        "rules": report.rules.as_json(),
        "batch": report.batch,
        "piles": {pile.value: number for pile, number in report.piles.items() if number},
        "failures": [
            {"source": failure.source, "place": failure.place, "reason": failure.reason}
            for failure in report.failures
        ],
    }


def _exit_code(report: AddReport) -> int:
    if not report.failed:
        return 0
    counts = report.counts
    return 1 if counts.added + counts.merged + counts.known else 2
