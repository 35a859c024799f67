"""Looking at what a manuscript cites: `check`."""

from __future__ import annotations

from pathlib import Path

import click

from papertray.cli.invocation import Invocation, pass_invocation


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print what is found.",
)
@pass_invocation
def check(invocation: Invocation, files: tuple[Path, ...], format_name: str) -> int:
    """Check what a manuscript cites.

    Reads LaTeX (.tex, .aux, .bcf), Markdown (.md, .qmd, .Rmd) and Org, with the files that they
    take in. Tells which keys no paper has, which have changed, which papers are cited twice, as
    preprints though they appeared, or though they were skipped, and what is starred and not cited.
    Changes nothing. The exit code is 1 where a key is unknown or a file is missing.
    """
    from papertray.cli.checking_lines import say_report, write_findings, write_json

    report = invocation.notebook.checking.check(files)
    if format_name == "json":
        write_json(report)
    else:
        write_findings(report)
    say_report(report, files)
    return 1 if any(finding.kind.is_wrong for finding in report.findings) else 0
