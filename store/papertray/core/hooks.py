"""What a plugin can add: the hooks, and the mark for the functions that implement them.

A plugin is a package with an entry point in the group `papertray`. Its module has functions of
these names, marked with `hookimpl`; docs/plugins.md shows a whole one. What papertray brings along
is registered by functions of the same names, without the mark: nobody waits for pluggy then.

Targets are dotted names, ``package.module`` or ``package.module:name``, so that nothing is
imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pluggy

if TYPE_CHECKING:
    import click

GROUP = "papertray"
"""The group of entry points, and the name of the hooks' project."""

hookimpl = pluggy.HookimplMarker(GROUP)
"""Marks a plugin's function as the implementation of the hook it is called after."""

_hookspec = pluggy.HookspecMarker(GROUP)


class RegisterReader(Protocol):
    """What `register_readers` is given."""

    def __call__(self, name: str, target: str) -> None:
        """Add a format that can be read.

        Arguments: `name` is what ``--from`` takes; `target` names a `papertray.feeds.reader.Reader`
        (a module, or an object in one).
        """


class RegisterExporter(Protocol):
    """What `register_exporters` is given."""

    def __call__(
        self,
        name: str,
        target: str,
        *,
        description: str,
        suffix: str,
        notes: bool = False,
        is_grouped: bool = False,
        is_folder: bool = False,
    ) -> None:
        """Add a format that can be written.

        Arguments: `name` is what ``--to`` takes; `target` names a
        `papertray.exporters.exporter.Exporter`; `description` is one line that says what the format
        is for; `suffix` is that of its files, with the dot; `notes` says whether notes are written
        unless the user says otherwise; `is_grouped` whether papers come by
        `ExportOptions.group` (pile, tag, year, venue) before citation key. Where the format
        `is_folder`, each paper becomes a file, and `target` names a
        `papertray.exporters.exporter.PageExporter`.
        """


class Commands(Protocol):
    """What `register_commands` is given: a click group, so ``@cli.command()`` works, too."""

    def add_lazy_command(self, name: str, target: str) -> None:
        """Add the command that the dotted name `target` stands for; it is imported when called."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command."""


@_hookspec
def register_readers(register: RegisterReader) -> None:
    """Add formats that `papertray add` reads. They are tried after the built-in ones."""


@_hookspec
def register_exporters(register: RegisterExporter) -> None:
    """Add formats that `papertray export` writes."""


@_hookspec
def register_commands(cli: Commands) -> None:
    """Add commands of `papertray`."""
