"""The command `papertray`: finding commands, and what becomes of their errors.

Exit codes: 0 done, also when nothing was found · 1 part of the input failed, the rest is done ·
2 wrong usage, or nothing could be read · 70 a bug · 130 interrupted · 141 the reader went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation
from papertray.core.errors import PapertrayError, PluginFailed
from papertray.notebook.lazy_group import LazyGroup

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from papertray.notebook.plugins import Plugins

WRONG_USAGE = 2
BUG = 70
INTERRUPTED = 130
READER_GONE = 141

COMPLETION = "_PAPERTRAY_COMPLETE"
"""The environment variable by which a shell asks for completions; click's own name for it."""

COMMANDS = {
    "tour": "screen:tour",
    "triage": "triaging:triage",
    "pick": "picking:pick",
    "add": "adding:add",
    "feeds": "feeding:feeds",
    "watch": "watching:watch",
    "list": "listing:list_papers",
    "search": "listing:list_papers",
    "show": "showing:show",
    "open": "opening:open_paper",
    "attach": "attaching:attach",
    "edit": "editing:edit",
    "move": "deciding:move",
    "done": "deciding:done",
    "tag": "deciding:tag",
    "tags": "deciding:tags",
    "remove": "deciding:remove",
    "duplicates": "merging:duplicates",
    "merge": "merging:merge",
    "note": "noting:note",
    "notes": "noting:notes",
    "save": "searching:save",
    "searches": "searching:searches",
    "undo": "undoing:undo",
    "redo": "undoing:redo",
    "history": "undoing:history",
    "export": "exporting:export",
    "cite": "citing:cite",
    "check": "checking:check",
    "refresh": "refreshing:refresh",
    "doctor": "inspecting:doctor",
    "backup": "keeping:backup",
    "restore": "keeping:restore",
    "reindex": "indexing:reindex",
    "keys": "inspecting:keys",
    "plugins": "plugging:plugins",
    "config": "configuring:config",
    "completion": "configuring:completion",
}
"""The built-in commands in the order of the help: module in `papertray.cli.commands`, and name."""


def register_commands(cli: LazyGroup) -> None:
    """Register the built-in commands, as a plugin registers its own."""
    for name, target in COMMANDS.items():
        cli.add_lazy_command(name, f"papertray.cli.commands.{target}")


class CommandGroup(LazyGroup):
    """The group of all commands. A command's module is imported when it is called.

    Commands return their exit code; None counts as 0. Plugins are looked for when a name is none
    of ours, and for the list of commands.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in the order of the help; plugins' come last."""
        return [*super().list_commands(ctx), *_plugins(ctx).commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None when there is none of this name.

        A command of a plugin that cannot be imported is told of, and left out.
        """
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            if ctx.resilient_parsing:
                from papertray.cli.completing import teach

                teach(found)
            return found
        plugins = _plugins(ctx)
        try:
            return plugins.command(ctx, cmd_name) if cmd_name in plugins.commands else None
        except PluginFailed as error:
            plugins.tell(str(error))
            return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begins with. An unknown one names the nearest."""
        name = args[0]
        if name in COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        plugins = _plugins(ctx)
        if name in plugins.commands:
            return name, plugins.command(ctx, name), args[1:]
        from difflib import get_close_matches

        near = get_close_matches(name, [*COMMANDS, *plugins.commands], 1)
        hint = f"did you mean {near[0]}?" if near else "`papertray --help` lists them."
        raise click.UsageError(f"There is no command {name}; {hint}", ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the names of commands; no command is imported for what its help says."""
        from papertray.cli.completing import items

        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return items(name for name in self.list_commands(ctx) if name.startswith(incomplete))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A reader that stops reading early (``| head``) ends it silently."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            output.abandon_stdout()
            return READER_GONE
        except (PapertrayError, click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            name = ctx.invoked_subcommand
            if name is None or name in COMMANDS:
                raise
            raise _plugins(ctx).command_failed(name, error) from error
        return code

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and exit with its code."""
        output.prepare_streams()
        if COMPLETION in os.environ:
            from papertray.cli import completing  # noqa: F401  # click finds our scripts by it
        try:
            code = super().main(
                args,
                prog_name or "papertray",
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                **extra,
            )
        except click.Abort:
            code = INTERRUPTED
        except click.ClickException as error:
            code = _explain_usage(error)
        except PluginFailed as error:
            output.say(str(error))
            code = BUG
        except PapertrayError as error:
            output.say(str(error))
            code = WRONG_USAGE
        except OSError as error:
            code = _explain_system(error, extra.get("obj"))
        except Exception as error:
            code = _record_bug(error, extra.get("obj"))
        _tell_of_plugins(extra.get("obj"))
        if not standalone_mode:
            return code
        sys.exit(code if isinstance(code, int) else 0)


def _explain_usage(error: click.ClickException) -> int:
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    if ctx is not None:
        output.say_text(ctx.get_usage())
    output.say(error.format_message())
    return WRONG_USAGE


def _explain_system(error: OSError, invocation: Invocation | None) -> int:
    """A full disk is the user's to mend; whatever else the system refuses here is a bug."""
    import errno

    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _record_bug(error, invocation)
    output.abandon_stdout()
    output.say(f"The output could not be written: {error.strerror}.")
    return WRONG_USAGE


def _record_bug(error: BaseException, invocation: Invocation | None) -> int:
    """Write the traceback of an exception to a file, and say where it is."""
    from papertray.notebook.bug_log import traceback_text, write_traceback

    log = write_traceback(_state(invocation), error)
    if log is None:
        output.say_text(traceback_text(error))
        output.say("This is a bug in papertray; please report it with the lines above.")
        return BUG
    output.say(f"This is a bug in papertray, sorry; please report it with the end of {log}.")
    return BUG


def _plugins(ctx: click.Context) -> Plugins:
    from papertray.notebook.plugins import installed

    return installed(_state(ctx.obj))


def _tell_of_plugins(invocation: Invocation | None) -> None:
    """Say what is wrong with plugins, if this run had to do with them."""
    if "papertray.notebook.plugins" in sys.modules:
        from papertray.notebook.plugins import installed

        for sentence in installed(_state(invocation)).untold():
            output.say(sentence)


def _state(invocation: Invocation | None) -> Path:
    """Return the folder of this machine's state; which tray it is makes no difference."""
    return (invocation or Invocation(None, os.environ)).places.state


def _show_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version("papertray")
    except PackageNotFoundError:  # run from its sources
        found = "(not installed)"
    click.echo(f"papertray {found}")
    ctx.exit()


@click.group(
    cls=CommandGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--tray",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder of the tray; PAPERTRAY_TRAY does the same.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Print the version.",
)
@click.pass_context
def papertray(ctx: click.Context, tray: Path | None) -> int | None:
    """An offline-first research notebook for the terminal.

    Without a COMMAND it opens the screen. KEY is a citation key, an arXiv id, a DOI or the number
    of a paper; - reads KEYs from standard input. A leading -word of a QUERY goes after --.
    """
    if ctx.obj is None or tray is not None:
        ctx.obj = Invocation(tray, os.environ)
    is_patient = ctx.invoked_subcommand == "add"
    ctx.call_on_close(partial(ctx.obj.close, is_patient=is_patient))
    if ctx.invoked_subcommand is not None:
        return None
    from papertray.cli.commands.screen import open_screen

    return open_screen(ctx.obj.places, papertray)


register_commands(papertray)


def main() -> None:
    """Run papertray with the arguments of the process."""
    papertray()
