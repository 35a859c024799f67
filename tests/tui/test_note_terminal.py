"""Notes on a real terminal: what a kill leaves, and the user's own editor."""

from __future__ import annotations

import shlex
import signal
import sys
from pathlib import Path

import pytest

from papertray.feeds.sample import sample_feed

from .home import Home

pytestmark = pytest.mark.long


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose tray holds the papers of the sample feed."""
    home = Home(tmp_path)
    page = tmp_path / "page.txt"
    page.write_bytes(sample_feed().read_bytes())
    home.run("add", str(page))
    return home


def body(home: Home) -> str:
    """Return the text of the first paper's note; empty without one."""
    with home.notebook() as notebook:
        note = notebook.notes.main(1)
    return "" if note is None else note.body


def use_editor(home: Home, program: str) -> None:
    """Have the user's editor be a Python program that gets the file as `path`."""
    script = home.folder / "my editor.py"
    head = "import os, pathlib, signal, sys, time\npath = pathlib.Path(sys.argv[-1])\n"
    script.write_text(head + program, encoding="utf-8")
    home.environment["EDITOR"] = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"


def test_what_was_typed_before_a_kill_is_there_again(home: Home) -> None:
    with home.open() as terminal:
        terminal.until_shown("Inbox 40")
        terminal.press("e")
        terminal.until_shown("nothing written yet")
        terminal.write("Saved by the pause.")
        terminal.until_shown("revision 1")
        terminal.write(" And not saved.")
        terminal.until(
            lambda: any("not saved." in file.read_text() for file in unsaved(home)), "it is kept"
        )
        terminal.signal(signal.SIGKILL)
        terminal.wait()
    with home.open() as terminal:
        terminal.until_shown("What you had typed when")
        terminal.press("e")
        terminal.until_shown("Saved by the pause. And not saved.")
        assert unsaved(home) == []
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    assert body(home) == "Saved by the pause. And not saved.\n"


def unsaved(home: Home) -> list[Path]:
    """Return the files with what is not saved yet."""
    return list((home.folder / "state").glob("unsaved-*.json"))


def test_with_the_setting_e_opens_the_users_editor_at_once(home: Home) -> None:
    (home.folder / "config").mkdir()
    settings = home.folder / "config" / "settings.toml"
    settings.write_text('[notes]\neditor = "external"\n', encoding="utf-8")
    use_editor(home, "path.write_text(path.read_text() + 'From my editor.\\n')\n")
    with home.open() as terminal:
        terminal.until_shown("Inbox 40")
        terminal.press("e")
        terminal.until_shown("note saved")
        assert body(home) == "From my editor.\n"
        terminal.press("e")
        terminal.until(lambda: body(home) == "From my editor.\n" * 2, "it is saved again")
        terminal.press("u")
        terminal.until(lambda: body(home) == "From my editor.\n", "it is undone")
        terminal.press("q")
        assert terminal.wait() == 0


def test_what_a_crashing_editor_leaves_is_kept_in_a_file(home: Home) -> None:
    use_editor(home, "path.write_text('precious')\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    with home.open() as terminal:
        terminal.until_shown("Inbox 40")
        terminal.press("e")
        terminal.until_shown("nothing written yet")
        terminal.press("ctrl+o")
        terminal.until_shown("what you wrote is in")
        [kept] = (home.folder / "tmp").glob("papertray-*.md")
        assert kept.read_text(encoding="utf-8") == "precious"
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    assert body(home) == ""


def test_an_interrupt_in_the_editor_does_not_end_papertray(home: Home) -> None:
    use_editor(
        home,
        "signal.signal(signal.SIGINT, lambda *_: path.write_text('interrupted'))\n"
        "print('EDITOR READY', flush=True)\nwhile not path.read_text():\n    time.sleep(0.01)\n",
    )
    with home.open() as terminal:
        terminal.until_shown("Inbox 40")
        terminal.press("e")
        terminal.until_shown("nothing written yet")
        terminal.press("ctrl+o")
        terminal.until_shown("EDITOR READY")
        terminal.press("ctrl+c")
        terminal.until_shown("interrupted")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
    assert body(home) == "interrupted\n"
