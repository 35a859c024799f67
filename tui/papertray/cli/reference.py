"""docs/commands.md, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from papertray.cli.main import COMMANDS, papertray

_INTRODUCTION = """\
# Commands

Made from the program: `papertray --help` and `papertray COMMAND --help` say the same.

`papertray` alone opens the screen. `--tray DIR` before a command, or `PAPERTRAY_TRAY`, names the
folder of the tray; the default is the platform's folder for user data.

- `KEY` is a citation key, an arXiv id, a DOI or the number of a paper; `-` reads KEYs from standard
  input.
- The words of a `QUERY` are joined by spaces. A leading `-word` goes after `--`; `not:word` means
  the same and needs none.
- Data goes to standard output, everything else to standard error.
- Exit codes: 0 done, also when nothing was found or is left to undo; 1 part of the input failed,
  the rest is done; 2 wrong usage, or nothing could be read; 70 a bug in papertray or a plugin; 130
  interrupted (^C); 141 who read the output went away."""


def markdown() -> str:
    """Return the whole page."""
    root = click.Context(papertray, info_name="papertray")
    parts = [_INTRODUCTION]
    for name, target in COMMANDS.items():
        first = next(other for other, same in COMMANDS.items() if same == target)
        if first != name:
            parts.append(f"## {name}\n\nThe same as `{first}`.")
            continue
        command = papertray.get_command(root, name)
        assert command is not None
        parts.extend(_sections(command, click.Context(command, root, name), "##"))
    return "\n\n".join(parts) + "\n"


def _sections(command: click.Command, ctx: click.Context, level: str) -> Iterator[str]:
    yield f"{level} {ctx.command_path.removeprefix('papertray ')}"
    options = [one for one in command.params if isinstance(one, click.Option)]
    arguments = [_argument(one) for one in command.params if isinstance(one, click.Argument)]
    yield "    " + " ".join([ctx.command_path, *(["[OPTIONS]"] if options else []), *arguments])
    paragraphs = (command.help or "").split("\n\n")
    yield "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    if options:
        yield "\n".join(map(_option, options))
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            part = command.get_command(ctx, name)
            assert part is not None
            yield from _sections(part, click.Context(part, ctx, name), level + "#")


def _argument(argument: click.Argument) -> str:
    """Return an argument as the usage shows it. Click's own words change between its versions."""
    name = argument.metavar or _choices(argument) or str(argument.name).upper()
    if argument.metavar or argument.required:
        return name
    return f"[{name}]..." if argument.nargs == -1 else f"[{name}]"


def _option(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.metavar or _choices(option) or 'N'}"
    names = "/".join([", ".join(option.opts), *option.secondary_opts])
    return f"- `{names}{value}`: {option.help}"


def _choices(parameter: click.Parameter) -> str:
    return "|".join(parameter.type.choices) if isinstance(parameter.type, click.Choice) else ""
