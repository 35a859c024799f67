"""A group of commands that are imported when they are called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A click group that also takes commands by dotted name. It lists them in their order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._targets: dict[str, str] = {}

    def add_lazy_command(self, name: str, target: str) -> None:
        """Add the command that ``package.module:name`` is, without importing it."""
        self._targets[name] = target

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, first those that were added by dotted name."""
        return [*self._targets, *(name for name in self.commands if name not in self._targets)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None when there is none of this name."""
        target = self._targets.get(cmd_name)
        if target is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = target.partition(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{target} is no command of click")
        return command
