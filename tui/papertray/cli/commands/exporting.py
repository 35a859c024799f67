"""Writing papers for other programs: `export`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import QueryCommand, find, parse_query, query_argument
from papertray.core.clean import clean_text
from papertray.core.model import Pile
from papertray.exporters.exporter import ExportOptions

if TYPE_CHECKING:
    from papertray.exporters.table import Format
    from papertray.notebook.exports import Exports

KEPT = (Pile.READ, Pile.STARRED)
"""The piles that are exported where the user names none."""


@click.command(cls=QueryCommand)
@query_argument
@click.option("--to", "format_name", metavar="FORMAT", help="bibtex, markdown or jsonl.")
@click.option(
    "-o", "--output", "path", type=click.Path(path_type=Path), metavar="FILE", help="Write here."
)
@click.option("--notes/--no-notes", default=None, help="With notes; Markdown has them by default.")
@click.option("--private", is_flag=True, help="Also what the notes mark as private.")
@click.option("--abstracts/--no-abstracts", default=True, help="With abstracts, as usual.")
@click.option("--force", is_flag=True, help="Replace a FILE that papertray did not write.")
@pass_invocation
def export(
    invocation: Invocation,
    query: tuple[str, ...],
    pile: str | None,
    tags: tuple[str, ...],
    format_name: str | None,
    path: Path | None,
    notes: bool | None,
    private: bool,
    abstracts: bool,
    force: bool,
) -> None:
    """Write papers for other programs.

    What a QUERY finds, by default of the piles read and starred. The format may be left out where
    FILE ends as its files do. Citation keys that were exported never change.
    """
    notebook = invocation.notebook
    format_ = _format(notebook.exports, format_name, path)
    options = ExportOptions(
        notes=format_.notes if notes is None else notes, private=private, abstracts=abstracts
    )
    ids = find(notebook, parse_query(query, pile, tags, default=KEPT)).ids
    if not ids:
        output.say(
            "No paper is found, so nothing was written; without --pile only what is read or "
            "starred is looked at, --pile all takes every paper."
        )
        return
    left = output.counted(len(ids), "paper")
    if options.notes:
        left += f" and {output.counted(notebook.exports.notes_in(ids, options), 'note')}"
    left += f" as {format_.name}"
    if path is None:
        _print(notebook.exports.text(ids, format_, options))
        output.say(left)
        return
    with output.Progress("Writing:", "papers") as progress:
        written = notebook.exports.to_file(
            ids, format_, options, path, force=force, progress=progress
        )
    output.say(f"{left} written to {path}" if written.changed
               else f"{path} already held exactly that: {left}.")  # fmt: skip


def _print(pieces: Iterable[str]) -> None:
    """Write to stdout; a terminal gets no control characters, also where a note holds some."""
    is_terminal = output.is_terminal()
    for piece in pieces:
        sys.stdout.write(clean_text(piece) if is_terminal else piece)


def _format(exports: Exports, name: str | None, path: Path | None) -> Format:
    if name is not None:
        return exports.find(name)
    if path is not None and (format_ := exports.of_file(path)) is not None:
        return format_
    names = ", ".join(format_.name for format_ in exports.formats())
    raise click.UsageError(f"Say which format to write --to: {names}.")
