"""What the user may choose: `config`, and `completion` for the shell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.core.settings import SETTINGS, Settings, settings_text, toml

if TYPE_CHECKING:  # the list of commands needs no keys
    from papertray.tui.key_table import Action
    from papertray.tui.keys import KeyMap


@click.command()
@click.option("--write", is_flag=True, help="Write a file that explains every setting.")
@pass_invocation
def config(invocation: Invocation, write: bool) -> int:
    """Show and check the settings.

    Prints where their file is and what it changes. Whatever is wrong in it is named with its line;
    the rest counts. Exit code 1 where something is wrong, 2 where the file cannot be read.
    """
    from papertray.notebook.settings import read_settings, write_settings
    from papertray.tui.key_table import ACTIONS
    from papertray.tui.settings import key_map_of, sentence

    file = invocation.places.settings
    if write:
        write_settings(file, settings_text(map(_key_line, ACTIONS)))
        output.say(f"Every setting is explained in {file}; nothing is changed yet.")
        return 0
    settings = read_settings(file)
    key_map, clashes = key_map_of(settings)
    output.write(str(file))
    for line in _changes(settings, key_map):
        output.write(line)
    problems = sorted((*settings.problems, *clashes), key=lambda problem: problem.line)
    for problem in problems:
        output.say(sentence(file, problem))
    if not settings.is_readable:
        return 2
    if not file.exists():
        output.say("There is no such file; `papertray config --write` writes one.")
    return 1 if problems else 0


def _changes(settings: Settings, key_map: KeyMap) -> Iterator[str]:
    """Yield what differs from the usual, as TOML."""
    from papertray.tui.key_table import ACTIONS

    for setting in SETTINGS:
        value = settings.values[setting.id]
        if value != setting.usual:
            yield f"{setting.id} = {toml(value)}  # usually {toml(setting.usual)}"
    for action, usual in zip(key_map.actions[: len(ACTIONS)], ACTIONS, strict=True):
        if action != usual:
            yield f"keys.{_key_line(action)}  # usually {_keys(usual)}"
    for action in key_map.actions[len(ACTIONS) :]:
        yield f"commands.{_keys(action)} = {toml(key_map.own[action.id])}"


def _key_line(action: Action) -> str:
    return f"{json.dumps(action.id)} = {_keys(action)}"


def _keys(action: Action) -> str:
    from papertray.tui.keys import shown

    chords = [chord if " " in chord else shown(chord) for chord in action.chords]
    return json.dumps(chords[0] if len(chords) == 1 else chords, ensure_ascii=False)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes papertray in a shell.

    Its first lines say where it goes.
    """
    from papertray.cli.completing import script

    sys.stdout.write(script(shell, ctx.find_root().command))
