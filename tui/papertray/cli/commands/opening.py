"""Opening what a paper is: `open`."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import find_paper
from papertray.core.errors import UsageError
from papertray.core.model import Work

PATIENCE = 1.0
"""Seconds in which a desktop that cannot open a file says so; what runs on has opened it."""


@click.command("open")
@click.argument("key")
@click.option("--link", "--web", "wants_link", is_flag=True, help="Open its link, not its file.")
@click.option("--print", "only_print", is_flag=True, help="Print what it is, open nothing.")
@pass_invocation
def open_paper(invocation: Invocation, key: str, wants_link: bool, only_print: bool) -> int:
    """Open a paper: its file if it has one here, else its link.

    Of several files a PDF comes first. The link is that of the paper, else its arXiv page, its DOI
    or its code; it opens in the browser. Prints what it opens.
    """
    notebook = invocation.notebook
    paper_id = find_paper(notebook, key)
    files = [] if wants_link else [f.path for f in notebook.files.of(paper_id) if f.is_there]
    address = files[0] if files else link_of(notebook.papers.entry(paper_id).work)
    if not address:
        kind = "link" if wants_link else "file and no link"
        raise UsageError(f"Paper {key} has no {kind} that can be opened.")
    output.write(address)
    sys.stdout.flush()
    if only_print:
        return 0
    if files:
        return _open_file(address)
    import webbrowser

    if webbrowser.open(address):
        return 0
    output.say("No browser could be started.")
    return 1


def _open_file(path: str) -> int:
    from subprocess import TimeoutExpired

    from papertray.notebook.desktop import start_opening

    try:
        opening = start_opening(path)
    except OSError:
        opening = None
    if opening is not None:
        try:
            if opening.wait(PATIENCE) == 0:
                return 0
        except TimeoutExpired:
            opening.returncode = 0  # it shows the file, and goes on when we are gone
            return 0
    output.say("No program could be started that shows it.")
    return 1


def link_of(work: Work) -> str:
    """Return the address of a work that is best to open, empty when it has none."""
    candidates = (
        work.url,
        f"https://arxiv.org/abs/{work.arxiv_id}" if work.arxiv_id else "",
        f"https://doi.org/{work.doi}" if work.doi else "",
        *work.code_urls,
    )
    return next(filter(_is_web_address, candidates), "")


def _is_web_address(address: str) -> bool:
    """Only the web: no file, no script, and nothing that a shell or terminal could stumble over."""
    if not address.isprintable() or any(character.isspace() for character in address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
