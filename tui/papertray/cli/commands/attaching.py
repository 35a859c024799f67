"""Giving papers files of one's own: `attach`."""

from __future__ import annotations

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import find_paper


@click.command()
@click.argument("key")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option("--link", is_flag=True, help="Leave the files where they are.")
@pass_invocation
def attach(invocation: Invocation, key: str, files: tuple[str, ...], link: bool) -> int:
    """Give a paper files of your own, of any type.

    They are copied into the folder files/ of the tray; `open` shows them. A paper that has a PDF
    gets no other from the network. Undo takes them off the paper, and deletes nothing.
    """
    paper_id = find_paper(invocation.notebook, key)
    report = invocation.notebook.files.attach(paper_id, files, link=link)
    for name, path in report.attached:
        output.say(f"Attached {name}." if link else f"Attached {name}; the copy is {path}.")
    for name, path in report.known:
        output.say(f"{name} is attached already: {path}.")
    for failure in report.failures:
        output.say(failure)
    if not report.failures:
        return 0
    return 1 if report.attached or report.known else 2
