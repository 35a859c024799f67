"""Looking at papertray itself: `doctor` and `keys`."""

from __future__ import annotations

from shlex import quote

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.core.errors import TrayDamaged


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended.")
@pass_invocation
def doctor(invocation: Invocation, repair: bool) -> int:
    """Look for damage in the tray.

    Names what is not as it should be, a line each. With --repair it is mended, after a copy of the
    tray was put aside; otherwise nothing is changed. Exit code 1 where harm was found and stays.
    """
    harm = _look_over(invocation)
    if harm and not repair:
        output.say("`papertray doctor --repair` mends what can be mended, after it made a copy.")
    elif harm:
        _repair(invocation)
        harm = _look_over(invocation)
    return 1 if harm else 0


def _look_over(invocation: Invocation) -> bool:
    """Write all findings; return whether one of them is harm."""
    harm = False
    try:
        health = invocation.notebook.health
        with output.Progress("Looking over:", "checks") as progress:
            for finding in health.findings(progress):
                progress.end()
                output.write(finding.sentence)
                harm = harm or finding.is_harm
        if remark := health.remark_on_index():
            output.say(remark)
    except TrayDamaged:
        output.write(
            f"{invocation.places.database} is damaged or no tray: SQLite cannot read it any "
            "further; try `papertray doctor --repair`, or restore a backup."
        )
        return True
    for warning in invocation.notebook.keeping.surroundings():
        output.say(warning)
    if not harm:
        output.say("All is well.")
    return harm


def _repair(invocation: Invocation) -> None:
    from papertray.notebook.health import repair

    invocation.reopen()
    with output.Progress("Copying:", "pages") as copying:
        repaired = repair(invocation.places, copying)
    with output.Progress("Building the search index:", "papers and notes") as building:
        invocation.notebook.search.follow(building)
    for loss in repaired.losses:
        output.say(f"Of {loss.table} not all could be read; {loss.kept:,} rows are kept.")
    if repaired.aside is not None:
        output.say(f"Mended. The tray before it: papertray restore {quote(str(repaired.aside))}")


@click.command()
@pass_invocation
def keys(invocation: Invocation) -> None:
    """List the keys of the screen, with those that the settings change."""
    from papertray.tui.keys import key_table_text
    from papertray.tui.settings import read_key_map

    key_map = read_key_map(invocation.places.settings)
    output.write_text(key_table_text(key_map))
    for problem in key_map.problems:
        output.say(problem)
