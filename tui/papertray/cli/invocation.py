"""One run of the command line: where the tray lies, and the notebook once a command needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # `--help` opens no tray
    from papertray.notebook.notebook import Notebook
    from papertray.store.places import Places


def open_notebook(places: Places) -> Notebook:
    """Open the notebook at `places` for the command line. Raises `TrayError`."""
    from papertray.notebook.notebook import Notebook
    from papertray.store.journal import Origin

    return Notebook(places, Origin.COMMAND)


class Invocation:
    """What every command gets. Its notebook is closed when the command ends."""

    def __init__(
        self,
        tray: Path | None,
        environment: Mapping[str, str],
        opener: Callable[[Places], Notebook] = open_notebook,
    ) -> None:
        """`tray` is the folder that the user named, None for the one that `environment` names."""
        self.environment = environment
        self._tray = tray
        self._opener = opener

    @cached_property
    def places(self) -> Places:
        """Where the tray, its index and this machine's state lie."""
        from papertray.store.places import find_places

        return find_places(self._tray, self.environment)

    @cached_property
    def notebook(self) -> Notebook:
        """The tray, opened (and made, if there is none) when first asked for.

        Raises `TrayError`.
        """
        return self._opener(self.places)

    def close(self) -> None:
        """Close the notebook, if it was opened."""
        if "notebook" in self.__dict__:
            self.notebook.close()


pass_invocation = click.make_pass_decorator(Invocation)
"""Hands a command its `Invocation` as first argument."""
