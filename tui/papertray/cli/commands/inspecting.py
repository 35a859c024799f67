"""Looking at papertray itself: `doctor` and `keys`."""

from __future__ import annotations

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.core.errors import TrayDamaged


@click.command()
@pass_invocation
def doctor(invocation: Invocation) -> int:
    """Look for damage in the tray.

    Names what is not as it should be, a line each. Nothing is changed. Exit code 1 where anything
    was found.
    """
    found = 0
    try:
        for finding in invocation.notebook.health.findings():
            output.write(finding)
            found += 1
        if remark := invocation.notebook.health.remark_on_index():
            output.say(remark)
    except TrayDamaged:
        output.write(
            f"{invocation.places.database} is damaged or no tray: SQLite cannot read it any "
            "further; restore it from a copy."
        )
        found += 1
    if not found:
        output.say("All is well.")
    return 1 if found else 0


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
