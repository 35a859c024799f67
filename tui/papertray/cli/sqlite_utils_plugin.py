"""papertray as a plugin of sqlite-utils: ``sqlite-utils papertray …``, and functions for SQL.

sqlite-utils imports this module for every database that it opens, so it imports almost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    import click

    from papertray.store.tray import Connection

# The mark that sqlite_utils.hookimpl is; naming it so spares us importing sqlite_utils.
_hookimpl = pluggy.HookimplMarker("sqlite_utils")


@_hookimpl
def register_commands(cli: click.Group) -> None:
    """Add our commands, all behind one name."""
    import click

    @cli.command(
        "papertray",
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def papertray(arguments: tuple[str, ...]) -> None:
        """An offline-first research notebook: all commands of papertray."""
        from papertray.cli.main import papertray

        # As a process of its own would: with our error messages and exit codes.
        papertray(list(arguments), prog_name="sqlite-utils papertray")


@_hookimpl
def prepare_connection(conn: Connection) -> None:
    """Add the functions `papertray_title_key`, `papertray_citekey` and `papertray_search`."""
    from papertray.store.sql_functions import add_functions

    add_functions(conn)
