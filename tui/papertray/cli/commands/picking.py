"""Choosing papers for another program: `pick`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.core.errors import UsageError

NOTHING_CHOSEN = 130


@click.command()
@click.argument("query", nargs=-1)
@click.option(
    "--format",
    "pattern",
    default="%s",
    metavar="TEXT",
    help=r"What to print, with %s for the citation keys: \cite{%s}.",
)
@pass_invocation
def pick(invocation: Invocation, query: tuple[str, ...], pattern: str) -> int:
    """Choose papers on the terminal, and print their citation keys.

    For editors: it draws on the terminal itself, so that standard output can be a pipe. QUERY
    stands in the line that is typed into. Enter prints the paper, or all that were marked with Tab,
    their keys joined by commas; keys that are printed never change. Esc prints nothing; the exit
    code is then 130.
    """
    if "%s" not in pattern:
        raise click.UsageError(r"The format has no %s for the keys; \cite{%s} has.")
    notebook = invocation.notebook
    if not notebook.papers.number():
        output.say("There are no papers to choose from.")
        return 0
    with own_terminal():
        from papertray.tui.picking import PickApp

        app = PickApp(notebook, " ".join(query))
        app.run()
    chosen = app.chosen
    if not chosen:
        return NOTHING_CHOSEN
    notebook.papers.use_citekeys(chosen)
    keys = [entry.citekey for entry in notebook.papers.entries(chosen)]
    output.write(pattern.replace("%s", ",".join(keys)))
    return 0


@contextmanager
def own_terminal() -> Iterator[None]:
    """Have what is drawn, and the keys, go to the terminal, wherever the streams lead.

    Textual draws on `sys.__stderr__`, reads `sys.__stdin__` and asks `sys.__stdout__` for its size.
    Raises `UsageError` where there is no terminal.
    """
    try:
        if os.environ.get("TERM") == "dumb":
            raise OSError
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError as error:
        raise UsageError(
            "Choosing needs a terminal; `papertray list --format citekeys QUERY` prints keys "
            "anywhere."
        ) from error
    before = sys.__stdin__, sys.__stdout__, sys.__stderr__
    ours = (
        os.fdopen(terminal, "r", encoding="utf-8", errors="replace"),
        os.fdopen(os.dup(terminal), "w", encoding="utf-8", errors="replace"),
        os.fdopen(os.dup(terminal), "w", encoding="utf-8", errors="replace"),
    )
    # Declared final; Textual reads them when it starts.
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = ours  # type: ignore[misc]
    try:
        yield
    finally:
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = before  # type: ignore[misc]
        for stream in ours:
            stream.close()
