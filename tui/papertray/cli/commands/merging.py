"""Papers that are one work: `duplicates` and `merge`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.commands.listing import SCREENFUL
from papertray.cli.formats import first_author, json_text, name_of, paper_json
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import (
    ALL_PILES,
    QueryCommand,
    find,
    find_paper,
    parse_query,
    query_argument,
)
from papertray.core.clean import clean
from papertray.core.model import Entry, Json

if TYPE_CHECKING:
    from papertray.core.likeness import Pair
    from papertray.notebook.notebook import Notebook


@click.command(cls=QueryCommand)
@query_argument
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N pairs.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["table", "json", "jsonl"]),
    default="table",
    help="How to print them.",
)
@pass_invocation
def duplicates(
    invocation: Invocation,
    query: tuple[str, ...],
    pile: str | None,
    tags: tuple[str, ...],
    limit: int | None,
    format_name: str,
) -> None:
    """List papers that look like one work.

    Pairs, the most alike first.

    Their titles are alike, their first authors and years agree, and no identifier says that they
    are two. With a QUERY only pairs that hold a paper that it finds. Each pair is a command that
    merges it. On a terminal the first 50, otherwise all.
    """
    notebook = invocation.notebook
    wanted = None
    if query or tags or pile not in (None, ALL_PILES):
        wanted = find(notebook, parse_query(query, pile, tags)).ids
    with output.Progress("Comparing:", "papers") as progress:
        pairs = notebook.duplicates.find(wanted, progress)
    most = SCREENFUL if limit is None and output.is_terminal() else limit
    shown = pairs if most is None else pairs[:most]
    for piece in _FORMATS[format_name](_with_entries(notebook, shown)):
        sys.stdout.write(piece)
    if not pairs:
        output.say("No two papers look like one work.")
    elif len(shown) < len(pairs):
        output.say(f"{len(shown):,} of {output.counted(len(pairs), 'pair')}; --limit N shows more.")


_Found = tuple["Pair", Entry, Entry]


def _with_entries(notebook: Notebook, pairs: Sequence[Pair]) -> Iterator[_Found]:
    ids = [paper_id for pair in pairs for paper_id in (pair.one, pair.other)]
    entries = notebook.papers.entries(ids)
    for pair in pairs:
        one, other = islice(entries, 2)
        yield pair, one, other


def _as_table(found: Iterable[_Found]) -> Iterator[str]:
    """Yield a command and two titles a pair; for a pipe a line with the keys and the likeness."""
    for pair, one, other in found:
        names = [clean(str(e.id) if output.is_terminal() else name_of(e)) for e in (one, other)]
        if not output.is_terminal():
            titles = [clean(entry.work.title) for entry in (one, other)]
            yield "\t".join([*names, str(pair.score), *titles]) + "\n"
            continue
        yield output.bold(f"papertray merge {' '.join(names)}") + f"  {pair.score} % alike\n"
        for entry in (one, other):
            yield output.fit(f"  {clean(_line(entry))}", output.width()).rstrip() + "\n"


def _line(entry: Entry) -> str:
    facts = (entry.pile.value, entry.work.year, first_author(entry), entry.work.title)
    return "  ".join(str(fact) for fact in facts if fact)


def _as_json(found: Iterable[_Found]) -> Iterator[str]:
    before = "["
    for one in found:
        yield before + "\n" + json_text(_json(one))
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _as_json_lines(found: Iterable[_Found]) -> Iterator[str]:
    for one in found:
        yield json_text(_json(one)) + "\n"


def _json(found: _Found) -> Json:
    pair, *entries = found
    return {
        "score": pair.score,
        "closeness": pair.closeness,
        "papers": [paper_json(entry) for entry in entries],
    }


_FORMATS = {"table": _as_table, "json": _as_json, "jsonl": _as_json_lines}


@click.command()
@click.argument("key")
@click.argument("other", metavar="KEY")
@click.option("--apart", is_flag=True, help="Keep the two apart: they are two works.")
@pass_invocation
def merge(invocation: Invocation, key: str, other: str, apart: bool) -> None:
    """Merge two papers that are one work.

    The one that was decided about stays, else the older one. It gets the notes, tags, files and
    listings of the other, what it lacks, and the better pile. All names of the other lead to it.
    Papers with different DOIs are two works and are not merged. What --apart keeps apart is not
    listed by `papertray duplicates` again.
    """
    notebook = invocation.notebook
    one, two = find_paper(notebook, key), find_paper(notebook, other)
    if apart:
        is_new = notebook.duplicates.keep_apart(one, two).batch is not None
        output.write(f"Papers {one} and {two} are {'kept apart' if is_new else 'apart already'}")
        output.say("Undo: papertray undo")
        return
    done = notebook.duplicates.merge(one, two)
    stays = notebook.papers.entry(done.survivor)
    output.write(f"Paper {done.loser} is now part of {name_of(stays)}, {stays.work.title}")
    output.say("Undo: papertray undo")
