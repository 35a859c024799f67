"""Papers into other programs: ``|`` pipes them as JSON, keys of the user's own run shell lines."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from papertray.core.clean import clean
from papertray.core.counting import counted
from papertray.core.errors import PapertrayError

if TYPE_CHECKING:  # nothing here is needed before the first paint
    from papertray.core.model import Entry
    from papertray.notebook.notebook import Notebook
    from papertray.tui.running import Ended
    from papertray.tui.screens.triage import TriageScreen

PATIENCE = 600.0
"""Seconds after which a program that papers are piped into is ended."""

SHELL = "/bin/sh"


def pipe(screen: TriageScreen) -> None:
    """Ask for a command, and give it the marked papers as JSON, an object a line."""
    screen.marks.gather(None, partial(_ask, screen))


def _ask(screen: TriageScreen, paper_ids: Sequence[int]) -> None:
    from papertray.tui.screens.prompt import Prompt

    if not paper_ids:
        screen.say("no paper here")
        return

    def answered(line: str | None) -> None:
        if line is None or not line.strip():
            return
        screen.papertray.memory.typed("pipes", line.strip())
        screen.run_worker(_pipe(screen, line.strip(), paper_ids), group="pipe")

    explanation = f"gets JSON, an object a line; ended after {PATIENCE / 60:.0f} minutes"
    question = f"Pipe {counted(len(paper_ids), 'paper')} into"
    history = screen.papertray.memory.now.pipes
    screen.app.push_screen(Prompt(question, "", explanation, history=history), answered)


async def _pipe(screen: TriageScreen, line: str, paper_ids: Sequence[int]) -> None:
    from papertray.tui.commanding import show_ended
    from papertray.tui.running import Running

    app, commanding = screen.papertray, screen.commanding
    if commanding.is_busy:
        screen.say("another command is still running; ^C cancels it")
        return
    await asyncio.to_thread(app.writer.flush)
    running = Running([SHELL, "-c", line], os.environ, patience=PATIENCE)
    heading = f"| {clean(line)}"
    with commanding.while_running(running, heading):
        try:
            ended = await asyncio.to_thread(running.run, json_lines(screen.notebook, paper_ids))
        except OSError as error:
            app.warn(f"{SHELL} cannot be started: {error.strerror}.")
            return
    if reason := _cut_short(ended):
        screen.say(f"{heading} {reason}")
    else:
        lines = [*ended.output, *ended.errors]
        if ended.left_out:
            lines.append(f"… and {ended.left_out:,} more lines")
        show_ended(screen, heading, lines, ended.code)
    screen.elsewhere.look()


def _cut_short(ended: Ended) -> str:
    if ended.was_cancelled:
        return "was cancelled"
    return f"took longer than {PATIENCE / 60:.0f} minutes, and was ended" if ended.is_late else ""


def json_lines(notebook: Notebook, paper_ids: Sequence[int]) -> Iterator[bytes]:
    """Yield papers as `papertray list --format jsonl` prints them. Any thread may take them."""
    from papertray.core.paper_json import json_text, paper_json

    for entry in notebook.papers.entries(paper_ids):
        yield f"{json_text(paper_json(entry))}\n".encode()


# --- keys of the user's own


def run_own(screen: TriageScreen, line: str) -> None:
    """Run a line of `[commands]` on the paper under the cursor."""
    from papertray.tui.shell_lines import placed

    paper_id = screen.paper_id
    takes_terminal = line.startswith("!")
    shell_line, names = placed(line.removeprefix("!").strip())
    start = partial(_start, screen, shell_line, names, takes_terminal=takes_terminal)
    if not names:
        start({})
    elif paper_id is None:
        screen.say("no paper here")
    else:
        # A citation key that leaves the tray is written down, so it is the writer's turn.
        papers = screen.notebook.papers
        screen.papertray.writer.write(
            lambda: _values(screen.notebook, papers.entry(paper_id), names), start, screen.refused
        )


def _values(notebook: Notebook, entry: Entry, names: Sequence[str]) -> Mapping[str, str]:
    """Return what a paper is, by the names of the places in a line; empty where it is nothing."""
    from papertray.tui.preview import links

    work = entry.work
    found = {"title": work.title, "doi": work.doi or "", "arxiv_id": work.arxiv_id or ""}
    if "citekey" in names:
        found["citekey"] = notebook.papers.use_citekey(entry.id)
    if "pdf" in names:
        files = notebook.files.of(entry.id)
        found["pdf"] = next((file.path for file in files if file.is_there), "")
    if "url" in names:
        found["url"] = next(iter(links(work)), "")
    return found


def _start(
    screen: TriageScreen,
    line: str,
    names: tuple[str, ...],
    values: Mapping[str, str],
    *,
    takes_terminal: bool,
) -> None:
    from papertray.tui.commanding import run_suspended
    from papertray.tui.shell_lines import variables

    try:
        environment = {**os.environ, **variables(names, lambda name: values[name])}
    except PapertrayError as error:
        screen.say(str(error))
        return
    command = [SHELL, "-c", line]
    if takes_terminal:
        screen.say(run_suspended(screen, command, environment))
        screen.elsewhere.look()
    else:
        _start_beside(screen, command, environment)


def _start_beside(
    screen: TriageScreen, command: Sequence[str], environment: Mapping[str, str]
) -> None:
    """Start a program that goes on beside the screen, and after it; say when it fails."""
    import subprocess
    import threading

    app = screen.papertray
    log = screen.notebook.places.state / "commands.log"
    shown = clean(command[-1])
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            process = subprocess.Popen(
                command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=stream,
                stderr=stream, start_new_session=True,
            )  # fmt: skip
    except OSError as error:
        app.warn(f"The command cannot be started: {error.strerror}.")
        return
    screen.say(f"started {shown}")

    def wait() -> None:
        if code := process.wait():
            app.deliver(lambda: screen.say(f"{shown} ended with code {code}; see {log}"))

    threading.Thread(target=wait, name="papertray-command", daemon=True).start()
