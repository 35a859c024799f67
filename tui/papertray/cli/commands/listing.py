"""Finding papers: `list`, also called `search`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from papertray.cli import output
from papertray.cli.formats import FORMATS
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import ALL_PILES, QueryCommand, find, parse_query, query_argument

if TYPE_CHECKING:
    from papertray.core.query import Query
    from papertray.notebook.notebook import Notebook

SCREENFUL = 50
"""Rows on a terminal, unless the user says otherwise."""


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
    if query or tags or pile not in (None, ALL_PILES) or sort not in (None, "added"):
        found = _search(notebook, parse_query(query, pile, tags), shown, sort)
    else:
        found = _newest(notebook, shown)
    if format_name == "citekeys":
        notebook.papers.use_citekeys(found.ids)
    for piece in FORMATS[format_name](notebook.papers.entries(found.ids)):
        sys.stdout.write(piece)
    _comment(found, has_query=bool(query))


class _Found(NamedTuple):
    """What is listed. `total` counts what would be without a limit, None when nobody counted."""

    ids: Sequence[int]
    is_complete: bool
    total: int | None
    notes: int = 0


def _search(notebook: Notebook, query: Query, limit: int | None, sort: str | None) -> _Found:
    hits = find(notebook, query, limit=limit, sort=sort)
    total = None if hits.total is None else sum(hits.total.values())
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
