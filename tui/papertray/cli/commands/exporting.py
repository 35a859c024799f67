"""Writing papers for other programs: `export`."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict, Unpack

import click
from click.core import ParameterSource

from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import QueryCommand, query_argument
from papertray.core.grouping import GROUPS, NO_GROUP


class Choices(TypedDict):
    """The options of `export`, as click hands them on."""

    pile: str | None
    tags: tuple[str, ...]
    format_name: str | None
    path: Path | None
    notes: bool | None
    private: bool
    abstracts: bool
    group: str
    title: str
    bibliography: str
    force: bool
    update: Path | None
    cited: tuple[Path, ...]
    lists_formats: bool
    writes_all: bool
    watches: bool


_FILE = click.Path(path_type=Path)
_STDOUT = Path("-")


@click.command(cls=QueryCommand)
@query_argument
@click.option("--to", "format_name", metavar="FORMAT", help="A format of --list, or a template.")
@click.option("-o", "--output", "path", type=_FILE, metavar="FILE", help="Write here.")
@click.option("--notes/--no-notes", default=None, help="With notes; reading lists have them.")
@click.option("--private", is_flag=True, help="Also what the notes mark as private.")
@click.option("--abstracts/--no-abstracts", default=True, help="With abstracts, as usual.")
@click.option(
    "--group", type=click.Choice([*GROUPS, NO_GROUP]), default="pile", help="Headings of a list."
)
@click.option("--title", default="", metavar="TEXT", help="The heading of a list.")
@click.option("--bibliography", default="", metavar="FILE", help="What a list's citations mean.")
@click.option("--force", is_flag=True, help="Replace a FILE that papertray did not write.")
@click.option("--update", type=_FILE, metavar="FILE", help="Bring your own .bib file up to date.")
@click.option(
    "--cited", type=_FILE, multiple=True, metavar="FILE", help="What this .tex or .md file cites."
)
@click.option("--list", "lists_formats", is_flag=True, help="List the formats and templates.")
@click.option("--all", "writes_all", is_flag=True, help="Write the exports of the settings.")
@click.option("--watch", "watches", is_flag=True, help="The same, after each change, until ^C.")
@pass_invocation
def export(
    invocation: Invocation, query: tuple[str, ...], **choices: Unpack[Choices]
) -> int | None:
    """Write papers for other programs.

    What a QUERY finds, by default of the piles read and starred. The format may be left out where
    FILE ends as its files do. Citation keys that were exported never change.
    """
    if choices["path"] == _STDOUT:
        choices["path"] = None
    # Each way to export is a module of its own: a command loads what it uses.
    if choices["lists_formats"]:
        _refuse_others("--list", "lists_formats")
        from papertray.cli.export_named import list_formats

        return list_formats(invocation.notebook)
    if choices["writes_all"] or choices["watches"]:
        if choices["watches"]:
            _refuse_others("--watch", "writes_all", "watches")
        else:
            _refuse_others("--all", "writes_all", "force")
        from papertray.cli.export_named import write_named

        return write_named(
            invocation.notebook, query, watches=choices["watches"], force=choices["force"]
        )
    if choices["update"] is not None:
        from papertray.cli.export_updating import update

        return update(invocation.notebook, query, choices["update"], choices)
    from papertray.cli.export_once import export_once

    return export_once(invocation.notebook, query, choices)


def _refuse_others(asked: str, *used: str) -> None:
    """Raise a usage error for an option that what is `asked` for does not look at."""
    context = click.get_current_context()
    for option in context.command.params:
        name = option.name or ""
        is_given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if is_given and name not in ("query", *used):
            raise click.UsageError(f"{asked} has no use for {option.opts[-1]}; leave it out.")
