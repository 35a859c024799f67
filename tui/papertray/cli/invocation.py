"""One run of the command line: where the tray lies, and the notebook once a command needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.core.errors import TrayError, UsageError

if TYPE_CHECKING:  # `--help` opens no tray
    from tempfile import TemporaryDirectory

    from papertray.notebook.notebook import Notebook
    from papertray.store.places import Places


LOOKING = frozenset(
    {
        "list", "search", "show", "open", "attach", "edit", "move", "done", "tag", "tags", "remove",
        "note",
        "notes", "searches", "undo", "redo", "history", "export", "cite", "check",
        "refresh", "doctor", "backup", "reindex",
        "duplicates", "merge", "pick", "feeds list", "feeds fetch", "feeds remove", "feeds change",
        "feeds export",
        "feeds rule list", "feeds rule remove", "feeds rule try",
    }
)  # fmt: skip
"""Commands that are about what a tray holds: they make none. A group stands for all its parts.

Others make one where there is none: `add`, `save`, `restore`, the screen, a plugin's commands.
"""


def is_looking(context: click.Context | None) -> bool:
    """Tell whether the command of a context makes no tray; completion, without one, makes none."""
    names: list[str] = []
    while context is not None and context.parent is not None:
        names.insert(0, context.info_name or "")
        context = context.parent
    return not names or not LOOKING.isdisjoint((names[0], " ".join(names)))


SESSION = "PAPERTRAY_SESSION"
"""The environment variable with the session of the screen that a command was typed on: the undo of
that screen takes back what the command decides."""


def open_notebook(places: Places, session: str = "") -> Notebook:
    """Open the notebook at `places` for the command line. Raises `TrayError`."""
    from papertray.notebook.notebook import Notebook
    from papertray.store.journal import Origin

    return Notebook(places, Origin.COMMAND, session=session)


class Invocation:
    """What every command gets. Its notebook is closed when the command ends."""

    def __init__(
        self,
        tray: Path | None,
        environment: Mapping[str, str],
        opener: Callable[[Places], Notebook] | None = None,
    ) -> None:
        """`tray` is the folder that the user named, None for the one that `environment` names.

        `opener` opens the notebook, None: `open_notebook` does.
        """
        self.environment = environment
        self._tray = tray
        self._opener = opener or partial(open_notebook, session=environment.get(SESSION, ""))
        self._nothing: TemporaryDirectory[str] | None = None

    @cached_property
    def places(self) -> Places:
        """Where the tray, its index and this machine's state lie."""
        from papertray.store.places import find_places

        return find_places(self._tray, self.environment)

    @cached_property
    def notebook(self) -> Notebook:
        """The tray, opened when first asked for.

        Where there is none it is made, and the user told where a new one had better not lie; for a
        command of `LOOKING` and for completion none is made. Raises `TrayError`, and `UsageError`
        for those where the user named a tray that is not there: the name is a slip.
        """
        if self.places.database.exists():
            return self._opener(self.places)
        if is_looking(click.get_current_context(silent=True)):
            return self._empty_notebook()
        notebook = self._opener(self.places)
        for warning in notebook.keeping.surroundings():
            output.say(warning)
        return notebook

    def _empty_notebook(self) -> Notebook:
        """Open an empty tray that is gone when the command ends. Raises `UsageError`."""
        if self._tray is not None or self.environment.get("PAPERTRAY_TRAY"):
            raise UsageError(
                f"There is no tray in {self.places.tray}; `papertray add` makes one, or name "
                "another folder with --tray or PAPERTRAY_TRAY."
            )
        output.say(f"There is nothing yet in {self.places.tray}; `papertray add FILE` begins.")
        from tempfile import TemporaryDirectory  # no command that finds a tray waits for it

        self._nothing = TemporaryDirectory(prefix="papertray-nothing-")
        folder = Path(self._nothing.name)
        return self._opener(replace(self.places, tray=folder / "tray", cache=folder / "cache"))

    def close(self, *, is_patient: bool = False) -> None:
        """Close the notebook, if it was opened; the first write of a day makes a backup before.

        With `is_patient` also where the backup takes longer than a moment. One that cannot be
        made is told, and never makes a command fail.
        """
        if "notebook" not in self.__dict__:
            return
        try:
            with output.Progress("Backing up:", "pages") as line:
                warning = self.notebook.back_up_after_command(line, is_patient=is_patient)
            if warning:
                output.say(warning)
        except TrayError as error:
            output.say(f"Today's backup was not made. {error}")
        finally:
            self.reopen()

    def reopen(self) -> None:
        """Close the notebook, if it was opened; it opens again when it is next asked for."""
        if "notebook" in self.__dict__:
            self.notebook.close()
            del self.notebook
        if self._nothing is not None:
            self._nothing.cleanup()
            self._nothing = None


pass_invocation = click.make_pass_decorator(Invocation)
"""Hands a command its `Invocation` as first argument."""
