"""The command `papertray`: finding commands, and what becomes of their errors.

Exit codes: 0 done, also when nothing was found · 1 part of the input failed, the rest is done ·
2 wrong usage, or nothing could be read · 70 a bug · 130 interrupted · 141 the reader went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation
from papertray.core.errors import PapertrayError

WRONG_USAGE = 2
BUG = 70
INTERRUPTED = 130
READER_GONE = 141

COMMANDS = {
    "tour": "screen:tour",
    "add": "adding:add",
    "list": "listing:list_papers",
    "search": "listing:list_papers",
    "show": "showing:show",
    "open": "showing:open_link",
    "edit": "editing:edit",
    "move": "deciding:move",
    "done": "deciding:done",
    "tag": "deciding:tag",
    "tags": "deciding:tags",
    "remove": "deciding:remove",
    "note": "noting:note",
    "notes": "noting:notes",
    "undo": "undoing:undo",
    "redo": "undoing:redo",
    "history": "undoing:history",
    "export": "exporting:export",
    "doctor": "inspecting:doctor",
    "keys": "inspecting:keys",
}
"""Every command, in the order of the help: module in `papertray.cli.commands`, and name there."""


class CommandGroup(click.Group):
    """The group of all commands. A command's module is imported when it is called.

    Commands return their exit code; None counts as 0.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None when there is none of this name."""
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command = getattr(import_module(f"papertray.cli.commands.{module}"), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begins with. An unknown one names the nearest."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean {near[0]}?" if near else "`papertray --help` lists them."
            raise click.UsageError(f"There is no command {args[0]}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A reader that stops reading early (``| head``) ends it silently."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            output.abandon_stdout()
            return READER_GONE
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
        except PapertrayError as error:
            output.say(str(error))
            code = WRONG_USAGE
        except OSError as error:
            code = _explain_system(error, extra.get("obj"))
        except Exception:
            code = _record_bug(extra.get("obj"))
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
        return _record_bug(invocation)
    output.abandon_stdout()
    output.say(f"The output could not be written: {error.strerror}.")
    return WRONG_USAGE


def _record_bug(invocation: Invocation | None) -> int:
    """Write the traceback of the present exception to a file, and say where it is."""
    import traceback

    from papertray.core.clean import clean_text

    trace = clean_text(traceback.format_exc())
    places = (invocation or Invocation(None, os.environ)).places
    log = places.state / "errors.log"
    try:
        places.state.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(trace + "\n")
    except OSError:
        output.say_text(trace)
        output.say("This is a bug in papertray; please report it with the lines above.")
        return BUG
    output.say(f"This is a bug in papertray, sorry; please report it with the end of {log}.")
    return BUG


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
    ctx.call_on_close(ctx.obj.close)
    if ctx.invoked_subcommand is not None:
        return None
    from papertray.cli.commands.screen import open_screen

    return open_screen(ctx.obj.places, papertray)


def main() -> None:
    """Run papertray with the arguments of the process."""
    papertray()
