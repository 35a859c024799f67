"""A bug in the screen, on a real terminal: what was decided is kept, and one line tells of it."""

from __future__ import annotations

import os
from pathlib import Path

from .home import Home
from .test_terminal import check_restored
from trays import add_lines, works

BROKEN = "papertray.tui.screens.output"
"""What is imported when somebody asks for the last warnings."""

HOOK = f"""\
import sys

class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == {BROKEN!r}:
            raise RuntimeError("broken on purpose \\x1b]0;pwn\\x07")

sys.meta_path.insert(0, Broken())
"""


def test_a_bug_ends_the_screen_with_one_line_and_a_log(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.notebook() as notebook:
        add_lines(notebook, works(3))
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    home.environment["PYTHONPATH"] += os.pathsep + str(hooks)
    with home.open() as terminal:
        terminal.until_shown("Inbox 3")
        terminal.press("x", "g", "m")
        assert terminal.wait() == 70
        check_restored(terminal)
        said = bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2].decode()
    assert said.count("This is a bug in papertray, sorry; please report it with the end of") == 1
    assert "Traceback" not in bytes(terminal.raw).decode()
    assert "pwn" not in bytes(terminal.raw).decode()
    log = (tmp_path / "state" / "errors.log").read_text(encoding="utf-8")
    assert "RuntimeError: broken on purpose" in log
    with home.notebook() as notebook:
        assert notebook.papers.counts().skip == 1
        assert [found.sentence for found in notebook.health.findings() if found.is_harm] == []
