"""Saved searches: `save` and `searches`."""

from __future__ import annotations

import click

from papertray.cli import output
from papertray.cli.formats import json_text
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import QueryCommand, format_option, presentable


@click.command(cls=QueryCommand)
@click.argument("name")
@click.argument("query", nargs=-1, required=True)
@pass_invocation
def save(invocation: Invocation, name: str, query: tuple[str, ...]) -> None:
    """Save a QUERY under a NAME.

    In every QUERY, search:NAME then stands for it. A search that has the name already is replaced.
    """
    name = presentable(name)
    text = presentable(" ".join(query).strip())
    if not text:
        raise click.UsageError("There is no QUERY to save.")
    known = {one.name.casefold(): one.query for one in invocation.notebook.searches.all()}
    if invocation.notebook.searches.save(name, text).batch is None:
        output.say("Nothing was changed.")
    elif (before := known.get(name.casefold())) is not None:
        output.say(f"Saved search {name}, in place of: {before}")
    else:
        output.say(f"Saved search {name}.")


@click.group(invoke_without_command=True)
@format_option
@click.pass_context
def searches(ctx: click.Context, format_name: str) -> None:
    """List the saved searches."""
    if ctx.invoked_subcommand is not None:
        return
    found = ctx.find_object(Invocation)
    assert found is not None
    saved = found.notebook.searches.all()
    if format_name == "json":
        click.echo(json_text([{"name": one.name, "query": one.query} for one in saved]))
        return
    for one in saved:
        output.write_row((one.name, one.query))
    if not saved:
        output.say("No search is saved; `papertray save NAME QUERY` saves one.")


@searches.command("remove")
@click.argument("name")
@pass_invocation
def remove_search(invocation: Invocation, name: str) -> None:
    """Remove a saved search."""
    name = presentable(name)
    invocation.notebook.searches.remove(name)
    output.say(f"Removed search {name}.")
