"""Completion in bash, zsh and fish, by click's machinery: what is offered, and the three scripts.

A shell runs ``papertray`` with the line up to the cursor in COMP_LINE and gets rows ``type,value``:
the type is plain, dir or file (the shell then completes paths by itself). Splitting the line here
and not in bash spares us that bash takes ``pile:read`` for three words.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import closing

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    split_arg_string,
)
from click.types import StringParamType

from papertray.cli.invocation import Invocation
from papertray.core.errors import PapertrayError

# Imports wait until they are needed: somebody waits for every completion.

Completer = Callable[[Invocation, str], Iterable[str]]
"""Returns what a word could become; what does not begin with it is left out afterwards."""


def _named(kind: str) -> Completer:
    """Return the completer for the names of a `papertray.store.beginnings.Kind`."""

    def complete(invocation: Invocation, word: str) -> Iterable[str]:
        from papertray.store.beginnings import Kind, names_beginning

        return names_beginning(invocation.places.database, Kind[kind], word)

    return complete


def _readers(invocation: Invocation, word: str) -> Iterable[str]:
    from papertray.feeds.table import Readers
    from papertray.notebook.plugins import installed

    return Readers(lambda: installed(invocation.places.state).readers).names()


def _exporters(invocation: Invocation, word: str) -> Iterable[str]:
    from papertray.exporters.table import Formats
    from papertray.notebook.plugins import installed

    formats = Formats(lambda: installed(invocation.places.state).formats)
    return [format_.name for format_ in formats.all()]


def _sorts(invocation: Invocation, word: str) -> Iterable[str]:
    from papertray.store.search_order import SORTS

    return [f"{name}:" if name == "random" else name for name in SORTS]


def _query(invocation: Invocation, word: str) -> Iterable[str]:
    """Return what the last word of a query could become: a field, a value of one, a word."""
    from papertray.core.query import Value, ValueField
    from papertray.core.query_parser import FIELDS, VALUES
    from papertray.store.beginnings import MOST, is_current

    opening = re.match(r"[-(]*(?:not:)?", word)
    before = opening[0] if opening else ""
    name, _, start = word[len(before) :].partition(":")
    if name in VALUES:
        return [f"{before}{name}:{value}" for value in VALUES[name]]
    if name in _NAMES:
        names = _named(_NAMES[name])(invocation, start.removeprefix('"'))
        return [f"{before}{Value(ValueField(name), value)}" for value in names]
    if not name:
        return [f"{before}{field}:" for field in FIELDS]
    if not is_current(invocation.places.database):  # opening it would make or migrate one
        return []
    with closing(invocation):
        return invocation.notebook.search.completions(word, limit=MOST)


_NAMES = {"tag": "TAG", "feed": "FEED", "key": "CITEKEY", "id": "CITEKEY", "search": "SEARCH"}


COMPLETERS: dict[str, Completer] = {
    "KEY": _named("CITEKEY"),
    "KEYS": _named("CITEKEY"),
    "OLD": _named("TAG"),
    "FEED": _named("SUBSCRIPTION"),
    "NAMES": _named("SUBSCRIPTION"),
    "QUERY": _query,
    "--query": _query,
    "--tag": _named("TAG"),
    "--add": _named("TAG"),
    "--remove": _named("TAG"),
    "--sort": _sorts,
    "--from": _readers,
    "--to": _exporters,
}
"""What completes an argument, by its name in capitals, or an option, in every command."""

FILES = ("SOURCES",)
"""Arguments that are paths, but not only, so that their type does not say so."""


class _Word(StringParamType):
    """A text that can be completed."""

    def __init__(self, completer: Completer | None) -> None:
        """`completer` None leaves it to the shell to complete paths."""
        self._completer = completer

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return what the word could become. A tray that cannot be read offers nothing."""
        if self._completer is None:
            return [CompletionItem(incomplete, type="file")]
        root = ctx.find_root()
        # The screen hands on which tray it shows; a shell only has what was typed.
        invocation = root.obj or Invocation(root.params.get("tray"), os.environ)
        try:
            found = list(self._completer(invocation, incomplete))
        except PapertrayError:
            return []
        typed = _loose(incomplete)
        return items(value for value in found if _loose(value).startswith(typed))


def _loose(word: str) -> str:
    """Return a word without case and quotation marks, as it is compared."""
    return word.replace('"', "").casefold()


def teach(command: click.Command) -> None:
    """Make the parameters of a command, and of its sub-commands, completable."""
    for parameter in command.params:
        is_option = isinstance(parameter, click.Option)
        names = parameter.opts if is_option else [str(parameter.name).upper()]
        for name in names:
            if isinstance(parameter.type, StringParamType) and name in (*COMPLETERS, *FILES):
                parameter.type = _Word(COMPLETERS.get(name))
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            if part := command.get_command(ctx, name):
                teach(part)


def items(values: Iterable[str]) -> list[CompletionItem]:
    """Return completions; what would not stay on its line is left out."""
    return [CompletionItem(value) for value in values if value.isprintable()]


class _Completion(ShellComplete):
    """How the three scripts and we speak to each other."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one at the cursor, and that one as far as it is typed."""
        # The mark shows whether the line ends within a word.
        words = split_arg_string(os.environ.get("COMP_LINE", "") + _MARK)
        while words and re.match(r"\w+=", words[0]):  # VARIABLE=value papertray
            del words[0]
        return words[1:-1], words[-1].removesuffix(_MARK) if words else ""

    def format_completion(self, item: CompletionItem) -> str:
        """Return the row for one completion."""
        return f"{item.type},{item.value}"


_MARK = "\x01"


@add_completion_class
class BashCompletion(_Completion):
    """bash, from 4 on; its own words end at colons, so what stands before one is taken away."""

    name = "bash"
    source_template = """\
# Completion of papertray for bash. For every new shell:
#   mkdir -p ~/.local/share/bash-completion/completions
#   papertray completion bash > ~/.local/share/bash-completion/completions/papertray
# Without the package bash-completion, in ~/.bashrc:  eval "$(papertray completion bash)"
%(complete_func)s() {
    local line=${COMP_LINE:0:COMP_POINT} before= type value
    local word=${line##*[[:space:]]}
    [[ $COMP_WORDBREAKS == *:* && $word == *:* ]] && before=${word%%"${word##*:}"}
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                [[ $value == *: ]] && compopt -o nospace
                printf -v value %%q "${value#"$before"}"
                COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_LINE=$line %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s %(prog_name)s
"""


@add_completion_class
class ZshCompletion(_Completion):
    """zsh."""

    name = "zsh"
    source_template = """\
#compdef %(prog_name)s
# Completion of papertray for zsh. For every new shell, in a folder of $fpath:
#   papertray completion zsh > ~/.zsh/completions/_papertray
# and in ~/.zshrc, before compinit:  fpath+=~/.zsh/completions
# Or, after compinit:  eval "$(papertray completion zsh)"
%(complete_func)s() {
    local -a plain open
    local type value line="${(j: :)words[1,CURRENT-1]} $PREFIX"
    while IFS=, read -r type value; do
        case $type in
            dir) _path_files -/ ;;
            file) _files ;;
            plain) if [[ $value == *: ]]; then open+=("$value"); else plain+=("$value"); fi ;;
        esac
    done < <(COMP_LINE=$line %(complete_var)s=zsh_complete ${words[1]} 2>/dev/null)
    (( $#plain )) && compadd -V papertray -a plain
    (( $#open )) && compadd -V papertray-fields -S '' -a open
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


@add_completion_class
class FishCompletion(_Completion):
    """fish, which adds no space after a colon by itself."""

    name = "fish"
    source_template = """\
# Completion of papertray for fish. For every new shell:
#   papertray completion fish > ~/.config/fish/completions/papertray.fish
function %(complete_func)s
    set -l line (commandline -cp)
    for row in (env COMP_LINE="$line" %(complete_var)s=fish_complete papertray 2>/dev/null)
        set -l parts (string split --max 1 , -- $row)
        switch $parts[1]
            case dir
                __fish_complete_directories (commandline -ct)
            case file
                __fish_complete_path (commandline -ct)
            case plain
                printf '%%s\\n' $parts[2]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments '(%(complete_func)s)'
"""


SHELLS = {one.name: one for one in (BashCompletion, ZshCompletion, FishCompletion)}
"""The shells by name."""


def script(shell: str, commands: click.Command) -> str:
    """Return the script that makes `shell` complete our `commands`."""
    return SHELLS[shell](commands, {}, "papertray", "_PAPERTRAY_COMPLETE").source()
