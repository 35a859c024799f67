"""What other packages add to papertray: `plugins`."""

from __future__ import annotations

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation


@click.command()
@pass_invocation
def plugins(invocation: Invocation) -> int:
    """List the plugins that are installed.

    Name, version and the hooks it implements, or why it was left out. PAPERTRAY_LOAD_PLUGINS names
    those to load, with commas; empty for none. Exit code 1 where one was left out.
    """
    from papertray.notebook.plugins import installed

    found = installed(invocation.places.state)
    for plugin in found.all:
        said = f"left out: {plugin.error}" if plugin.error else " ".join(plugin.hooks)
        output.write_row([plugin.name, plugin.version, said])
    if not found.all:
        output.say("No plugins are loaded.")
    return 1 if any(plugin.error for plugin in found.all) else 0
