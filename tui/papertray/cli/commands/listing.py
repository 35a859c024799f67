"""Finding papers: `list`, also called `search`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from papertray.cli import output
from papertray.cli.formats import FORMATS, as_table
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import ALL_PILES, QueryCommand, find, parse_query, query_argument

if TYPE_CHECKING:
    from papertray.core.model import Entry
    from papertray.core.query import Query
    from papertray.notebook.notebook import Notebook

SCREENFUL = 50
"""Rows on a terminal, unless the user says otherwise."""

COUNTED = 200_000
"""Papers in a tray up to which counting all hits of a search takes no time that one notices."""


@click.command("list", cls=QueryCommand)
@query_argument
@click.option(
    "--sort",
    metavar="S",
    help="added, listing, year, title, venue, decided, random:SEED or relevance.",
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N papers.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    default="table",
    help="How to print them; citekeys that are printed never change.",
)
@pass_invocation
def list_papers(
    invocation: Invocation,
    query: tuple[str, ...],
    pile: str | None,
    tags: tuple[str, ...],
    sort: str | None,
    limit: int | None,
    format_name: str,
) -> None:
    """List the papers that a QUERY finds.

    Without a QUERY all papers, newest first. All piles count; where it has words, the most
    relevant come first. On a terminal it shows the first 50, otherwise all. A table that is piped
    is separated by tabs, and names papers by citation key where they have one.
    """
    notebook = invocation.notebook
    shown = SCREENFUL if limit is None and output.is_terminal() else limit
    wanted: Query | None = None
    if query or tags or pile not in (None, ALL_PILES) or sort not in (None, "added"):
        wanted = notebook.search.resolved(parse_query(query, pile, tags))
        found = _search(notebook, wanted, shown, sort)
    else:
        found = _newest(notebook, shown)
    if format_name == "citekeys":
        notebook.papers.use_citekeys(found.ids)
    for piece in _printed(format_name, notebook.papers.entries(found.ids), wanted):
        sys.stdout.write(piece)
    _comment(found, has_query=bool(query))


def _printed(format_name: str, entries: Iterable[Entry], query: Query | None) -> Iterator[str]:
    """Yield the pieces of a format. On a terminal a table shows where words stand in a text."""
    if format_name != "table" or query is None or not output.is_terminal():
        return FORMATS[format_name](entries)
    from papertray.core.query import is_condition

    if is_condition(query):
        return as_table(entries)
    from papertray.cli.matches import beneath_paper

    return as_table(entries, lambda entry: beneath_paper(entry, query))


class _Found(NamedTuple):
    """What is listed. `total` counts what would be without a limit, None when nobody counted."""

    ids: Sequence[int]
    is_complete: bool
    total: int | None
    notes: int = 0


def _search(notebook: Notebook, query: Query, limit: int | None, sort: str | None) -> _Found:
    hits = find(notebook, query, limit=limit, sort=sort)
    totals = hits.total
    if totals is None and output.is_terminal() and notebook.papers.number() <= COUNTED:
        totals = notebook.search.totals(query)
    total = None if totals is None else sum(totals.values())
    return _Found(hits.ids, hits.is_complete, total, len(hits.notes))


def _newest(notebook: Notebook, limit: int | None) -> _Found:
    """List without searching: what a search counts takes long in a large tray."""
    ids, total = notebook.papers.newest(limit), notebook.papers.number()
    return _Found(ids, len(ids) == total, total)


def _comment(found: _Found, *, has_query: bool) -> None:
    """Say what the rows do not: that there are none, that there are more, that notes match."""
    if not found.ids and found.is_complete:
        output.say("Nothing found." if has_query else "There are no papers here.")
    if not output.is_terminal():
        return
    if not found.is_complete:
        total = "" if found.total is None else f" of {found.total:,}"
        output.say(f"{len(found.ids):,}{total}; --limit N shows more.")
    if found.notes and has_query:
        output.say(f"{output.counted(found.notes, 'note')} found too: `papertray notes` lists them")
