"""What `export` does for formats that write a folder with a file a paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from papertray.cli import output

if TYPE_CHECKING:
    from papertray.cli.commands.exporting import Choices
    from papertray.exporters.exporter import ExportOptions
    from papertray.exporters.table import Format
    from papertray.notebook.notebook import Notebook

MOST_NAMED = 20
"""Files that were left alone and are named one by one."""


def export_folder(
    notebook: Notebook,
    ids: Sequence[int],
    format_: Format,
    options: ExportOptions,
    choices: Choices,
    leaving: str,
) -> int:
    """Write a file for each paper, and say what became of them; return the exit code.

    `leaving` says what leaves: ``12 papers, 5 notes as obsidian``. The code is 1 where a file was
    left alone, because papertray did not write it or somebody changed it.
    """
    folder = choices["path"]
    if folder is None:
        raise click.UsageError(
            f"{format_.name} writes a file for each paper: say into which folder with -o FOLDER."
        )
    output.say(leaving)
    with output.Progress("Writing:", "papers") as progress:
        report = notebook.exports.to_folder(
            ids, format_, options, folder, force=choices["force"], progress=progress
        )
    for left in report.left[:MOST_NAMED]:
        output.say(f"{left.name} {left.how}.")
    if len(report.left) > MOST_NAMED:
        output.say(f"… and {len(report.left) - MOST_NAMED:,} more.")
    if report.left and not choices["force"]:
        output.say("--force replaces files like these, but for what is in their kept regions.")
    if report.older:
        output.say(
            f"{output.counted(report.older, 'file')} of papers that are not in this export "
            "stayed as they were."
        )
    output.say(
        f"{folder}: {report.written:,} written, {report.unchanged:,} unchanged"
        + (f", {len(report.left):,} left alone" if report.left else "")
    )
    return 1 if report.left else 0
