"""What ``:`` does: every command of the command line, typed on the screen.

A command runs as a process of its own beside the screen, as from a shell, but in the session of the
screen: `u` takes back what it decided.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from papertray.core.clean import clean
from papertray.core.errors import PapertrayError, UsageError
from papertray.tui.dispatch import Press
from papertray.tui.shell_lines import is_quoted

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from papertray.tui.running import Ended, Running
    from papertray.tui.screens.triage import TriageScreen


class Commands(Protocol):
    """The commands of the command line, as the screen needs them."""

    def names(self) -> Sequence[str]:
        """Return the names of all commands."""
        ...

    def complete(self, line: str, cursor: int) -> tuple[int, Sequence[str]]:
        """Return where the word before the cursor begins, and what it may become."""
        ...

    def process(self, session: str) -> tuple[Sequence[str], Mapping[str, str]]:
        """Return the words that start papertray on this tray as a process, and its environment.

        What it decides counts among the decisions of `session`.
        """
        ...


ALIASES = {
    "q": "rest.quit-now", "q!": "rest.quit-now", "quit": "rest.quit-now", "wq": "rest.quit-now",
    "x": "rest.quit-now", "e": "work.note", "h": "rest.help", "help": "rest.help",
}  # fmt: skip
"""What hands used to vi type, and the action it stands for; `:w` and a number are beside these."""

ELSEWHERE = {
    "tour": "the tour fills a terminal of its own: leave this screen first",
    "triage": "this is the screen for that: gi shows the inbox",
    "pick": "pick is for other programs; / searches here",
    "restore": "restore puts another tray in the place of the open one: leave this screen first",
}
"""Commands that make no sense on the screen, and what is said instead."""

PAPERS_AS_WORDS = 500
"""Marked papers that are named in the line; more are given on standard input."""


@dataclass(frozen=True, slots=True)
class Line:
    """A typed line as its command gets it: words, and what stands on its standard input."""

    words: tuple[str, ...]
    stdin: str = ""


def understood(typed: str, paper_id: int | None, marked: Sequence[int]) -> Line:
    """Return a line split as a shell does; a word ``%`` becomes the paper, ``%%`` the marked ones.

    ``\\%`` and ``%`` in quotation marks stay what they are. Raises `UsageError` for a quotation
    mark that is not closed, and for papers where there are none.
    """
    names = {"%": str(paper_id or ""), "%%": " ".join(map(str, marked))}
    stdin = ""
    if len(marked) > PAPERS_AS_WORDS:
        names["%%"] = "-"

    def named(match: re.Match[str]) -> str:
        nonlocal stdin
        if is_quoted(typed[: match.start()]):
            return match[0]
        if not names[match[0]]:
            raise UsageError(f"There is no paper for {match[0]} here.")
        if names[match[0]] == "-":
            stdin = "\n".join(map(str, marked))
        return names[match[0]]

    line = re.sub(r"(?<!\S)%%?(?!\S)", named, typed)
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError("A quotation mark is not closed.") from error
    shown = typed.split()
    return Line(tuple(os.path.expanduser(word) if word in shown else word for word in words), stdin)


def wants_terminal(words: Sequence[str]) -> bool:
    """Return whether a command opens the user's editor."""
    if words[0] == "edit":
        return "-h" not in words and "--help" not in words
    return words[0] == "note" and ("--edit" in words or len(words) == 2)


def told(ended: Ended) -> list[str]:
    """Return the lines that a command leaves to be read: data first, then what it says of it."""
    errors = ended.errors
    if ended.code == 2:  # a usage helps on a command line, where it is typed anew
        errors = tuple(line for line in errors if not line.startswith(("Usage: ", "       ")))
    lines = [*ended.output]
    if ended.left_out:
        lines.append(f"… and {ended.left_out:,} more lines: a shell shows them all")
    return [*lines, *errors]


class Commanding:
    """The prompt for commands, and the one command that runs."""

    def __init__(self, screen: TriageScreen, commands: Commands | None) -> None:
        """`commands` None: there are none (some tests)."""
        self._screen = screen
        self._commands = commands
        self._running: Running | None = None
        self._name = ""

    def names(self) -> Sequence[str]:
        """Return the names of all commands. Takes a moment the first time: not for a key."""
        return self._commands.names() if self._commands is not None else ()

    def open(self, text: str = "") -> None:
        """Ask for a command, with `text` typed already."""
        from papertray.tui.screens.prompt import Prompt

        screen, commands = self._screen, self._commands
        if commands is None:
            screen.say("there are no commands here")
            return
        explanation = "as in a shell; % is this paper, %% the marked ones; Tab completes"
        memory = screen.papertray.memory
        # What completes is imported in a thread, while the first letters are typed.
        screen.run_worker(asyncio.to_thread(commands.names), group="commands")
        screen.app.push_screen(
            Prompt(":", text, explanation, complete=commands.complete, history=memory.now.commands),
            lambda line: self.run(line) if line else None,
        )

    def run(self, typed: str) -> None:
        """Do what a line asks for."""
        typed = typed.strip().lstrip(":").strip()
        if not typed:
            return
        self._screen.papertray.memory.typed("commands", typed)
        if not self._is_alias(typed):
            self._screen.run_worker(self._understand(typed), group="command")

    def cancel(self) -> bool:
        """Cancel the command that runs; False when none does."""
        if self._running is None:
            return False
        self._running.cancel()
        return True

    @property
    def is_busy(self) -> bool:
        """Whether a command or a pipe runs."""
        return self._running is not None

    @contextmanager
    def while_running(self, running: Running, name: str) -> Iterator[None]:
        """Say what runs while the body waits for it, and let it be cancelled."""
        self._running, self._name = running, name
        self._screen.papertray.show_notice("command", f"{name} …")
        try:
            yield
        finally:
            self._running = None
            self._screen.papertray.show_notice("command", "")

    def _is_alias(self, typed: str) -> bool:
        screen = self._screen
        if typed == "w":
            screen.say("everything is saved as you go")
        elif typed == "$" or typed.isdecimal():
            place = None if typed == "$" else max(1, int(typed))
            screen.run(Press("move.bottom", place))
        elif ALIASES.get(typed) == "rest.quit-now":
            screen.papertray.leave()
        elif typed in ALIASES:
            screen.run(Press(ALIASES[typed]))
        else:
            return False
        return True

    async def _understand(self, typed: str) -> None:
        """Start a command if it is one, or say why not."""
        screen = self._screen
        names = await asyncio.to_thread(self.names)
        paper_id = screen.paper_id
        gathered: asyncio.Future[array[int]] = asyncio.get_running_loop().create_future()
        screen.marks.gather(None, gathered.set_result)
        marked = await gathered
        try:
            line = understood(typed, paper_id, marked)
            _require_command(line.words, names)
        except PapertrayError as error:
            screen.say(str(error))
            return
        if self.is_busy:
            screen.say(f"{self._name} is still running; ^C cancels it")
        elif wants_terminal(line.words):
            await self._run_on_terminal(line)
        else:
            await self._run_beside(typed, line)

    async def _run_beside(self, typed: str, line: Line) -> None:
        from papertray.tui.running import Running

        screen, app = self._screen, self._screen.papertray
        before = await self._settled()
        command, environment = self._process()
        running = Running(
            [*command, *line.words], environment, on_terminal=True,
            told=lambda progress: app.deliver(lambda: screen.say(progress)),
        )  # fmt: skip
        stdin = [line.stdin.encode()] if line.stdin else None
        with self.while_running(running, f":{clean(line.words[0])}"):
            try:
                ended = await asyncio.to_thread(running.run, stdin)
            except OSError as error:
                app.warn(f"papertray cannot be started: {error.strerror}.")
                return
        self._show(typed, ended)
        self._show_changes(before)

    def _show(self, typed: str, ended: Ended) -> None:
        """Show what a command said: one line in the status line, more on a screen of their own."""
        name = f":{clean(typed)}"
        if ended.was_cancelled:
            self._screen.say(f"{name} was cancelled")
            return
        show_ended(self._screen, name, told(ended), ended.code)

    async def _run_on_terminal(self, line: Line) -> None:
        """Run a command that opens the editor, with the screen out of its way."""
        before = await self._settled()
        command, environment = self._process(for_terminal=True)
        said = run_suspended(self._screen, [*command, *line.words], environment)
        if said:
            self._screen.say(said)
        self._show_changes(before)

    async def _settled(self) -> int:
        """Wait until what was decided before is on disk; return the newest batch."""
        await asyncio.to_thread(self._screen.papertray.writer.flush)
        return self._screen.notebook.journal.newest()

    def _process(self, *, for_terminal: bool = False) -> tuple[list[str], dict[str, str]]:
        assert self._commands is not None
        command, environment = self._commands.process(self._screen.notebook.session)
        usual = dict(environment)
        if not for_terminal:
            usual |= {"COLUMNS": str(min(self._screen.size.width - 2, 110)), "NO_COLOR": "1"}
        return list(command), usual

    def _show_changes(self, before: int) -> None:
        screen = self._screen
        if screen.notebook.journal.newest() != before:
            screen.papertray.follow_index()
            screen.viewing.reload_all(screen.papertray.message.strip())


def _require_command(words: Sequence[str], names: Sequence[str]) -> None:
    """Raise `UsageError` unless a line begins with a command that makes sense here."""
    from difflib import get_close_matches

    name = words[0] if words else ""
    if name in ELSEWHERE:
        raise UsageError(ELSEWHERE[name])
    if name not in names and name != "--help":
        near = get_close_matches(name, [*names, *ALIASES], 1)
        hint = f"did you mean {near[0]}?" if near else "Tab lists them."
        raise UsageError(f"There is no command {name}; {hint}")


def show_ended(screen: TriageScreen, heading: str, lines: Sequence[str], code: int) -> None:
    """Show what a program said, clean: one line beside the status, more on their own screen."""
    beside = f"exit code {code}" if code else ""
    shown = [line for line in lines if line]
    if len(shown) <= 1:
        said = shown[0] if shown else f"{heading} is done"
        screen.say(f"{said} ({beside})" if beside else said)
    elif screen.app.screen is not screen:  # somebody is writing a note by now
        screen.say(f"{heading}: {shown[0]} … {len(shown)} lines")
    else:
        from papertray.tui.screens.output import OutputScreen
        from papertray.tui.text import Paragraph

        screen.say("")
        read = [Paragraph(line) for line in lines]
        screen.app.push_screen(OutputScreen(screen.papertray.key_map, heading, beside, read))


def run_suspended(
    screen: TriageScreen, command: Sequence[str], environment: Mapping[str, str]
) -> str:
    """Run a program on the terminal, with the screen out of its way until it has ended.

    Returns the last line that it said on its standard error, clean, or how it failed.
    """
    import subprocess

    from textual.app import SuspendNotSupported

    try:
        with screen.app.suspend():
            ended = subprocess.run(
                command, env=dict(environment), check=False, stderr=subprocess.PIPE
            )
    except SuspendNotSupported:
        return "this terminal cannot be lent to another program"
    except OSError as error:
        return f"{clean(str(command[0]))} cannot be started: {error.strerror}"
    screen.app.refresh()
    said = clean(ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    return said or (f"it ended with code {ended.returncode}" if ended.returncode else "")
