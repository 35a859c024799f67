"""Formatted references: `cite`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import Named, find_papers, keys_argument
from papertray.core.model import Entry
from papertray.exporters.reference import FORMS, reference


@click.command()
@keys_argument
@click.option("--style", metavar="STYLE", help="A .csl file, or the name of a style of the tray.")
@click.option(
    "--format", "form", type=click.Choice(FORMS), default="text", help="How to print them."
)
@pass_invocation
def cite(invocation: Invocation, keys: tuple[str, ...], style: str | None, form: str) -> int:
    """Print a formatted reference for each paper.

    In a plain style of papertray's own, in the order of the KEYs; or, where pandoc is installed, in
    a style of the Citation Style Language and in its order. A STYLE is a file, a name in the folder
    styles of the tray, or default, which is pandoc's own. Citation keys of papers that are cited
    never change.
    """
    if style is not None:
        return _styled(invocation, keys, style, form)
    named = find_papers(invocation.notebook, keys)
    _print(_leaving(invocation, named), form)
    return named.exit_code


def _styled(invocation: Invocation, keys: Sequence[str], style: str, form: str) -> int:
    """Print references in a style; where there is no pandoc plain ones, which is half a success."""
    from papertray.notebook.pandoc import find_pandoc, find_style, references

    file = find_style(style, invocation.places.tray / "styles")
    named = find_papers(invocation.notebook, keys)
    pandoc = find_pandoc()
    if pandoc is None:
        output.say(f"pandoc, which applies {style}, is not installed: these are plain references.")
        _print(_leaving(invocation, named), form)
        return named.exit_code or 1
    if named.ids:
        output.write_text(references(pandoc, _leaving(invocation, named), file, form))
    return named.exit_code


def _leaving(invocation: Invocation, named: Named) -> Iterator[Entry]:
    """Return papers that are cited from now on, so that their citation keys are final."""
    papers = invocation.notebook.papers
    papers.use_citekeys(named.ids)
    return papers.entries(named.ids)


def _print(entries: Iterable[Entry], form: str) -> None:
    for number, entry in enumerate(entries):
        text = reference(entry.work, form)
        if form == "markdown" and number:
            output.write("")  # else Markdown takes two for one paragraph
        output.write(f"<p>{text}</p>" if form == "html" else text)
