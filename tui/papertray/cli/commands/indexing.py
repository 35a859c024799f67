"""The search index: `reindex`."""

from __future__ import annotations

import time

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation


@click.command()
@pass_invocation
def reindex(invocation: Invocation) -> int:
    """Build the search index anew.

    Seldom needed: the open screen builds a missing or damaged one, and so does a search in a tray
    of up to some 30,000 papers. Searches go on meanwhile.
    """
    search = invocation.notebook.search
    began = time.monotonic()
    with output.Progress("Building the search index:", "papers and notes") as progress:
        documents = search.rebuild(progress)
    if search.problem:
        output.say(search.problem)
        return 2
    seconds = time.monotonic() - began
    output.say(f"{documents:,} papers and notes in {seconds:.1f} s.")
    return 0
