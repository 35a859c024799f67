"""Plugins: what other packages add to papertray, and what is wrong with them.

A plugin with an error is left out whole, with a sentence that names it; nobody else notices. What a
plugin does later is guarded: an exception of its own becomes one sentence, with the traceback in
the log. docs/plugins.md is for those who write one.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from papertray.core.errors import PluginFailed
from papertray.notebook.lazy_group import LazyGroup
from papertray.notebook.plugin_guards import GuardedFormat, GuardedReader

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    import click

    from papertray.exporters.table import Format
    from papertray.feeds.reader import Reader

CHOICE = "PAPERTRAY_LOAD_PLUGINS"
"""The environment variable that names the plugins to load, with commas; empty for none."""

BUILT_IN = ("papertray.feeds.table", "papertray.exporters.table", "papertray.cli.main")
"""The modules with the hooks of what papertray brings along."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed plugin and the hooks it implements. With an `error` it was left out."""

    name: str
    version: str
    hooks: tuple[str, ...] = ()
    error: str = ""


class Plugins:
    """The plugins there are. They are looked for when something of them is first asked for."""

    def __init__(
        self,
        state: Path,
        entry_points: Callable[[], Iterable[EntryPoint]],
        choice: str | None = None,
    ) -> None:
        """`entry_points` finds the plugins; tracebacks go to a log in the folder `state`.

        `choice` names those to load, with commas; None stands for all of them.
        """
        self._state = state
        self._entry_points = entry_points
        self._choice = choice
        self._untold: list[str] = []

    @functools.cached_property
    def all(self) -> tuple[Plugin, ...]:
        """Every plugin, also those that were left out."""
        return tuple(plugin for plugin, _ in self._loaded)

    @functools.cached_property
    def readers(self) -> tuple[Reader, ...]:
        """The readers of plugins. Each is imported when it is tried or asked for."""
        return tuple(reader for _, parts in self._loaded for reader in parts.readers)

    @functools.cached_property
    def formats(self) -> tuple[Format, ...]:
        """The formats of plugins. Each exporter is imported when it is used."""
        return tuple(format_ for _, parts in self._loaded for format_ in parts.formats)

    @functools.cached_property
    def commands(self) -> dict[str, str]:
        """The names of the commands of plugins, each with the plugin's name."""
        return {name: plugin.name for plugin, parts in self._loaded for name in parts.commands()}

    def command(self, ctx: click.Context, name: str) -> click.Command:
        """Import and return one of `commands`. Raises `PluginFailed`."""
        group = next(parts.group for _, parts in self._loaded if name in parts.commands())
        try:
            command = group.get_command(ctx, name)
        except Exception as error:
            raise self.command_failed(name, error) from error
        assert command is not None
        return command

    def command_failed(self, name: str, error: Exception) -> PluginFailed:
        """Return what to raise when the command `name` of a plugin raised `error`."""
        return PluginFailed(self._failure(self.commands[name], f"command {name}", error))

    def tell(self, sentence: str) -> None:
        """Keep what nobody can raise as an error."""
        self._untold.append(sentence)

    def untold(self) -> Iterator[str]:
        """Yield, once each, what was kept. Looks for no plugin."""
        while self._untold:
            yield self._untold.pop(0)

    @functools.cached_property
    def _loaded(self) -> tuple[tuple[Plugin, _Parts], ...]:
        chosen = list(self._chosen())
        taken = _built_in_parts() if chosen else {}
        return tuple(self._load(entry_point, taken) for entry_point in chosen)

    def _chosen(self) -> Iterator[EntryPoint]:
        """Yield the entry points to load, ordered by the names of their packages."""
        if self._choice is None:
            yield from sorted(self._entry_points(), key=_name_of)
            return
        wanted = {_folded(name): name.strip() for name in self._choice.split(",") if name.strip()}
        if not wanted:
            return
        found = sorted(self._entry_points(), key=_name_of)
        yield from (one for one in found if _folded(_name_of(one)) in wanted)
        for name in wanted.keys() - {_folded(_name_of(one)) for one in found}:
            self.tell(f"{CHOICE} names {wanted[name]}, but no such plugin is installed.")

    def _load(self, entry_point: EntryPoint, taken: dict[_Part, str]) -> tuple[Plugin, _Parts]:
        """Load one plugin. `taken` are the parts there are, each with whom it is of; it grows."""
        name = _name_of(entry_point)
        version = entry_point.dist.version if entry_point.dist else ""
        parts = _Parts(functools.partial(self._failure, name), self.tell)
        try:
            hooks = _call_hooks(entry_point.load(), name, parts)
            for part in parts.all():
                if part in taken:
                    raise _Refused(f"{' '.join(part)} is already there, from {taken[part]}")
        # A plugin may raise anything while it is imported, also what ends a program.
        except (Exception, SystemExit) as error:
            see = "" if isinstance(error, _Refused) else self._logged(error)
            self.tell(f"The plugin {name} was left out: {_reason(error)}{see}.")
            return Plugin(name, version, error=_reason(error)), _Parts()
        taken.update(dict.fromkeys(parts.all(), name))
        return Plugin(name, version, hooks), parts

    def _failure(self, plugin: str, part: str, error: Exception) -> str:
        """Log what a part of a plugin raised; return the sentence that says so."""
        see = self._logged(error)
        return f"The {part} of the plugin {plugin} failed: {_reason(error)}{see}."

    def _logged(self, error: BaseException) -> str:
        from papertray.notebook.bug_log import write_traceback

        log = write_traceback(self._state, error)
        return f" (traceback in {log})" if log else ""


@functools.cache
def installed(state: Path) -> Plugins:
    """Return the plugins of this Python that the environment chooses; they are loaded once.

    `state` is the folder for the log of tracebacks.
    """

    def entry_points() -> Iterable[EntryPoint]:
        from importlib.metadata import entry_points

        return entry_points(group="papertray")

    return Plugins(state, entry_points, os.environ.get(CHOICE))


class _Refused(Exception):
    """A plugin that does not do as docs/plugins.md says; the message tells what is wrong."""


_Part: TypeAlias = tuple[str, str]  # what it is, and its name


class _Parts:
    """What the hooks of one plugin registered."""

    def __init__(
        self,
        failure: Callable[[str, Exception], str] = lambda part, error: "",
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._failure = failure
        self._tell = tell
        self.readers: list[GuardedReader] = []
        self.formats: list[GuardedFormat] = []
        self.group = LazyGroup()

    def add_reader(self, name: str, target: str) -> None:
        """Do what `papertray.core.hooks.RegisterReader` says."""
        failure = functools.partial(self._failure, f"reader {name}")
        self.readers.append(GuardedReader(_checked(name), target, failure, self._tell))

    def add_exporter(
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
        """Do what `papertray.core.hooks.RegisterExporter` says."""
        failure = functools.partial(self._failure, f"exporter {name}")
        self.formats.append(
            GuardedFormat(
                _checked(name),
                target,
                description,
                suffix.lower(),
                notes,
                is_grouped,
                is_folder,
                failure=failure,
            )
        )

    def commands(self) -> list[str]:
        """Return the names of the commands."""
        import click

        return self.group.list_commands(click.Context(self.group))

    def all(self) -> list[_Part]:
        """Return all parts. Raises `_Refused` if two are called the same."""
        parts = [
            *(("the reader", reader.NAME) for reader in self.readers),
            *(("the exporter", format_.name) for format_ in self.formats),
            *(("the command", name) for name in self.commands()),
        ]
        for part in parts:
            if parts.count(part) > 1:
                raise _Refused(f"{' '.join(part)} is registered twice")
        return parts


def _built_in_parts() -> dict[_Part, str]:
    parts = _Parts()
    registers = {
        "register_readers": parts.add_reader,
        "register_exporters": parts.add_exporter,
        "register_commands": parts.group,
    }
    for name in BUILT_IN:
        module = import_module(name)
        for hook, register in registers.items():
            if hasattr(module, hook):
                getattr(module, hook)(register)
    return dict.fromkeys(parts.all(), "papertray")


def _call_hooks(plugin: object, name: str, parts: _Parts) -> tuple[str, ...]:
    """Register a plugin and call its hooks; return their names. Raises whatever is wrong.

    Each plugin has a pluggy manager of its own, so that a broken one leaves nothing behind.
    """
    import pluggy

    from papertray.core import hooks

    manager = pluggy.PluginManager(hooks.GROUP)
    manager.add_hookspecs(hooks)
    manager.register(plugin, name)
    manager.check_pending()
    names = tuple(caller.name for caller in manager.get_hookcallers(plugin) or ())
    if not names:
        raise _Refused("it implements no hook; mark its functions with papertray.core.hooks")
    manager.hook.register_readers(register=parts.add_reader)
    manager.hook.register_exporters(register=parts.add_exporter)
    manager.hook.register_commands(cli=parts.group)
    return names


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise _Refused(f"{name!r} is no name of a format: use small letters, digits and hyphens")
    return name


def _name_of(entry_point: EntryPoint) -> str:
    """Return the name of the package that an entry point is of: what can be installed."""
    return entry_point.dist.name if entry_point.dist else entry_point.name


def _folded(name: str) -> str:
    """Return the name of a package as installers compare it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _reason(error: BaseException) -> str:
    """Return what was raised in one line, without a full stop."""
    text = " ".join(str(error).split()).rstrip(".")
    if isinstance(error, _Refused):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
