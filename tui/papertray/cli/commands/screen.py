"""The screen: without a command, and `tour`."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path

import click

from papertray.cli import output
from papertray.cli.invocation import open_notebook
from papertray.core.errors import UsageError
from papertray.core.piles import Pile
from papertray.store.places import Places, throw_away_places


def open_screen(
    places: Places,
    commands: click.Group,
    *,
    is_tour: bool = False,
    budget: float | None = None,
    pile: Pile | None = None,
) -> int:
    """Open the screen on a tray and return its exit code once it is left.

    `budget` is how many seconds the session is to take, None for any time. `pile` is where it
    begins, None: where it was left. Raises `UsageError` where there is no terminal that can
    show it.
    """
    require_terminal()
    # Collecting garbage costs an eighth of the start-up; the screen begins once it is drawn.
    gc.disable()
    from papertray.cli.typed_commands import TypedCommands
    from papertray.tui.app import run_screen

    typed = TypedCommands(commands, places)
    return run_screen(places, is_tour=is_tour, budget=budget, commands=typed, pile=pile)


def require_terminal() -> None:
    """Raise `UsageError` where the screen could not be shown."""
    if os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The screen needs a terminal; `papertray list` prints papers anywhere, and "
            "`papertray --help` names the other commands."
        )


@click.command()
@click.pass_context
def tour(ctx: click.Context) -> int:
    """Try papertray on a throw-away tray.

    It holds 40 papers from arXiv, and is gone when you leave.
    """
    require_terminal()
    from importlib.resources import as_file

    from papertray.feeds.sample import sample_feed

    commands = ctx.find_root().command
    assert isinstance(commands, click.Group)
    with tempfile.TemporaryDirectory(prefix="papertray-tour-") as folder:
        places = throw_away_places(Path(folder))
        with as_file(sample_feed()) as path, open_notebook(places) as notebook:
            notebook.feeds.add([str(path)], sys.stdin.buffer)
        code = open_screen(places, commands, is_tour=True)
    output.say(
        "That tray is gone. Start your own: `papertray add FILE`, with a saved page of papers or "
        "JSON Lines, then `papertray`."
    )
    return code
