"""The command line in tests: in this process, or as a process of its own.

Import with ``from cli.command_line import CommandLine``; the fixture `papertray` is one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from papertray.cli.invocation import Invocation, open_notebook
from papertray.cli.main import papertray
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places

REPOSITORY = Path(__file__).resolve().parents[2]
ROOTS = os.pathsep.join(str(REPOSITORY / root) for root in ("store", "exporters", "tui"))

ESC = "\x1b"
HOSTILE = (
    f"Coloured {ESC}[31mred{ESC}[0m and {ESC}]0;title\x07",
    "Turned \u202egnihtemos\u202c and \u2066isolated\u2069",
    "C1 \x9b31m and \x85 next line and \x7f",
    'Markup [bold]x[/] [/] {x} <SEG> \\faGithub~ $x_1$ 45\\% na\\"ive & # _ ^ ~',
    "Breaks \u2028 and \u2029, marks \ufeff and \ufff9, tags \U000e0041\U000e007f",
    "Long " + "title " * 1666,
)
"""Titles that mean something to a terminal, to TeX or to markup, and one of 10,000 characters."""

STEERING = [
    *map(chr, range(0x09)), *map(chr, range(0x0B, 0x20)), *map(chr, range(0x7F, 0xA0)),
    *map(chr, range(0x2028, 0x202F)), *map(chr, range(0x2066, 0x206A)),
    "\u061c", "\u200e", "\u200f", "\ufeff", "\ufff9", "\ufffa", "\ufffb",
    *map(chr, range(0xE0000, 0xE0080)),
]  # fmt: skip
"""Characters that may never reach a terminal raw; a tab separates columns in a pipe."""


def steering_in(text: str) -> list[str]:
    """Return what of `text` could steer a terminal."""
    return [character for character in STEERING if character in text]


@dataclass(frozen=True)
class CommandLine:
    """Runs commands on one tray, whose every folder lies under `folder`."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process sees: nothing of this machine but its programs."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": ROOTS,
            "PAPERTRAY_TRAY": str(self.folder / "tray"),
            "PAPERTRAY_CACHE": str(self.folder / "cache"),
            "PAPERTRAY_STATE": str(self.folder / "state"),
            "PAPERTRAY_CONFIG": str(self.folder / "config"),
            "PAPERTRAY_LOAD_PLUGINS": "",
            "TERM": "xterm",
            "COLUMNS": "80",
        }

    @property
    def database(self) -> Path:
        """The tray's database."""
        return self.folder / "tray" / "papertray.db"

    def __call__(
        self,
        *arguments: str,
        stdin: str | bytes = "",
        opener: Callable[[Places], Notebook] = open_notebook,
        editor: str = "",
    ) -> Result:
        """Run a command in this process."""
        environment = {**self.environment, "EDITOR": editor}
        invocation = Invocation(None, environment, opener)
        runner = CliRunner(env={**environment, "VISUAL": None})
        return runner.invoke(papertray, list(arguments), input=stdin, obj=invocation)

    def lines(self, *arguments: str) -> list[str]:
        """Run a command that must go well, and return the lines of its stdout."""
        result = self(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout.splitlines()

    def json(self, *arguments: str) -> Any:
        """Run a command that must go well, and return what its stdout says as JSON."""
        return json.loads("\n".join(self.lines(*arguments)))

    def process(
        self, *arguments: str, stdin: bytes = b"", shell_before: str = ""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command as a process of its own, after `shell_before` in a shell if given."""
        command: Sequence[str] = self.command(*arguments)
        if shell_before:
            command = ["sh", "-c", f'{shell_before}; exec "$@"', "sh", *command]
        return subprocess.run(
            command, input=stdin, env=self.environment, cwd=self.folder,
            capture_output=True, check=False, timeout=60,
        )  # fmt: skip

    def command(self, *arguments: str) -> list[str]:
        """Return the arguments that start a command as a process."""
        return [sys.executable, "-m", "papertray", *arguments]


def json_lines(*papers: Mapping[str, object]) -> str:
    """Return papers as JSON Lines."""
    return "".join(json.dumps(paper) + "\n" for paper in papers)
