"""Keeping the tray safe: `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=_PATH)
@pass_invocation
def backup(invocation: Invocation, file: Path) -> None:
    """Write a copy of the whole tray to FILE, which must not be there yet.

    Others may write meanwhile. `papertray restore FILE` brings the copy back. The tray makes a
    backup of its own each day, in its folder backups.
    """
    _refuse_stream(file)
    with output.Progress("Copying:", "pages") as progress:
        stamp = invocation.notebook.keeping.copy_to(file, progress)
    held = stamp.contents
    output.say(
        f"{file}: {_megabytes(file)} with {output.counted(held.papers, 'paper')}, "
        f"{held.kept:,} of them decided, and {output.counted(held.revisions, 'text')} of notes."
    )


@click.command()
@click.argument("file", type=_PATH)
@pass_invocation
def restore(invocation: Invocation, file: Path) -> None:
    """Make the tray in FILE the present one.

    FILE is a backup or any papertray.db. The present tray is set aside beside it. Screens that are
    open show the restored one.
    """
    from papertray.notebook import keeping

    _refuse_stream(file)
    with output.Progress("Restoring:", "pages") as progress:
        restored = keeping.restore(invocation.places, file, progress)
    when = f" of {restored.at}" if restored.at else ""
    output.say(
        f"Restored {file}{when}: {output.counted(restored.contents.papers, 'paper')}, "
        f"{restored.contents.kept:,} of them decided."
    )
    if not restored.is_whole:
        output.say(
            "This daily backup holds what you made; papers that nobody decided about are not in "
            "it: add them again, or restore the weekly one."
        )
    if restored.aside is not None:
        output.say(
            "`undo` does not bring back the tray before it, but this does: papertray restore "
            f"{quote(str(restored.aside))}"
        )


def _refuse_stream(file: Path) -> None:
    if str(file) == "-":
        raise click.UsageError("A tray is a file, never a stream; name a FILE.")


def _megabytes(file: Path) -> str:
    return f"{file.stat().st_size / 1_000_000:,.1f} MB"
