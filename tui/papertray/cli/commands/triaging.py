"""Deciding about new papers: `triage`."""

from __future__ import annotations

import os
import re
import sys

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation
from papertray.cli.options import PILES
from papertray.core.model import Pile


def seconds_of(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """Return the seconds that a span of time means: ``20m``, ``1h30m``, ``90s``; 20 is minutes.

    Raises `click.BadParameter` for what is none.
    """
    if value is None:
        return None
    said = value.strip().lower()
    said += "m" if said.isdecimal() else ""
    found = re.fullmatch(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?", said)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    span = 3600.0 * hours + 60 * minutes + seconds
    if not span:
        raise click.BadParameter(f"{value} is no span of time; 20m, 1h30m and 90s are.", ctx, param)
    return span


@click.command()
@click.option("--plain", is_flag=True, help="As a dialogue in lines: for screen readers and pipes.")
@click.option("--budget", callback=seconds_of, metavar="TIME", help="End after 20m, 1h30m or 90s.")
@click.option("--pile", type=click.Choice(PILES), help="Begin in this pile, not in the inbox.")
@click.pass_context
def triage(ctx: click.Context, plain: bool, budget: float | None, pile: str | None) -> int:
    """Decide about the papers of the inbox, one key each.

    Opens the screen. With --plain, or where that cannot be drawn, the same keys work in a dialogue
    that prints one paper after the other: each line of input is one key or several (5x), an empty
    one tells all of the paper, ? lists the keys. On a terminal a key needs no Enter.
    """
    invocation = ctx.find_object(Invocation)
    assert invocation is not None
    can_draw = sys.stdin.isatty() and output.is_terminal() and os.environ.get("TERM") != "dumb"
    if can_draw and not plain:
        from papertray.cli.commands.screen import open_screen

        commands = ctx.find_root().command
        assert isinstance(commands, click.Group)
        return open_screen(
            invocation.places, commands, budget=budget, pile=Pile(pile or Pile.INBOX)
        )
    return _talk(invocation, budget, pile)


def _talk(invocation: Invocation, budget: float | None, pile: str | None) -> int:
    from papertray.cli.plain import PlainTriage
    from papertray.cli.talk import talk_here
    from papertray.store.papers import View
    from papertray.tui.session import Session
    from papertray.tui.settings import read_key_map

    notebook = invocation.notebook
    key_map = read_key_map(invocation.places.settings)
    for problem in key_map.problems:
        output.say(problem)
    session = Session(lambda: notebook.papers.now, budget)
    view = View(pile) if pile else View.INBOX
    PlainTriage(notebook, key_map, talk_here(), session, view).run()
    return 0
