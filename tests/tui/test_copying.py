"""Copying keys, links and references, and opening links by their numbers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook
from papertray.store.places import Places
from papertray.tui.clipboard import clipboard_program, give

from .desk import TITLES, add_papers, at_desk


def clipboard(desk_app: object) -> str:
    """Return what was copied last."""
    return str(getattr(desk_app, "clipboard", ""))


async def test_a_copied_key_never_changes_again(notebook: Notebook, places: Places) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("y")
        key = desk.paper(TITLES[0]).citekey
        assert key.startswith("number00Robots")
        assert desk.app.clipboard == key
        assert desk.status == f"copied {key}"
    with sqlite3.connect(places.database) as connection:
        states = connection.execute("SELECT state FROM citekey WHERE key = ?", (key,)).fetchall()
    connection.close()
    assert states == [("final",)]


async def test_the_keys_of_marked_papers_are_copied_with_commas(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("v", "v", "y")
        keys = [desk.paper(title).citekey for title in TITLES[:2]]
        assert clipboard(desk.app) == ",".join(keys)
        assert desk.status == "copied key of 2 papers"


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("t", TITLES[0]),
        ("l", "https://arxiv.org/abs/2001.00001"),
        ("m", f"[{TITLES[0]}](https://arxiv.org/abs/2001.00001)"),
        (
            "r",
            f"Ada Number00, Bob Second (2020). {TITLES[0]}. arXiv:2001.00001. "
            "https://arxiv.org/abs/2001.00001",
        ),
    ],
)
async def test_a_letter_chooses_what(notebook: Notebook, letter: str, expected: str) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("Y")
        assert desk.status == (
            "copy: Key Citation Pandoc BibTeX Reference Markdown Link DOI Title Abstract"
        )
        await desk.press(letter)
        assert clipboard(desk.app) == expected


async def test_a_citation_and_an_entry_hold_the_key(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("Y", "c")
        key = desk.paper(TITLES[0]).citekey
        assert clipboard(desk.app) == f"\\cite{{{key}}}"
        await desk.press("Y", "p")
        assert clipboard(desk.app) == f"[@{key}]"
        await desk.press("Y", "b")
        assert clipboard(desk.app).startswith("@")
        assert f"{{{key}," in clipboard(desk.app)
        await desk.press("Y", "a")
        assert clipboard(desk.app).startswith("We study robots")


async def test_what_is_not_there_and_no_choice(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("Y", "d")
        assert desk.status == "no DOI here"
        await desk.press("Y", "escape")
        assert desk.status == "nothing copied"
        assert desk.paper(TITLES[0]).citekey == ""


async def test_links_are_opened_by_number(notebook: Notebook) -> None:
    """There is no desktop here, so what would be opened is copied."""
    async with at_desk(notebook) as desk:
        await desk.press("o")
        assert clipboard(desk.app) == "https://arxiv.org/abs/2001.00001"
        assert desk.status == "no desktop here: copied https://arxiv.org/abs/2001.00001"
        await desk.press("2", "o")
        assert clipboard(desk.app) == "https://example.org/robots"
        await desk.press("3", "o")
        assert desk.status == "this paper has 2 links"


async def test_nothing_that_steers_a_terminal_is_copied(empty: Notebook, tmp_path: Path) -> None:
    add_papers(empty, tmp_path, [{"title": "Red \x1b[31m\u202e alert"}])
    async with at_desk(empty) as desk:
        await desk.press("Y", "t")
        assert clipboard(desk.app)
        assert not {"\x1b", "\u202e"} & set(clipboard(desk.app))


async def test_a_link_opens_in_the_browser(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = tmp_path / "called"
    browser = tmp_path / "xdg-open"
    program = f'echo noise\necho "$1" > {called}.new\nmv {called}.new {called}\n'
    browser.write_text(f"#!/bin/sh\n{program}")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    async with at_desk(notebook) as desk:
        await desk.press("o")
        await desk.until(called.exists, "the browser is called")
        assert called.read_text() == "https://arxiv.org/abs/2001.00001\n"
        assert desk.status == "opened https://arxiv.org/abs/2001.00001"


async def test_a_paper_without_a_link_says_so(empty: Notebook, tmp_path: Path) -> None:
    add_papers(empty, tmp_path, [{"title": "Alone", "url": "file:///etc/passwd"}])
    async with at_desk(empty) as desk:
        await desk.press("o")
        assert desk.status == "this paper has no link"


async def test_citations_of_marked_papers_are_one(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("v", "v", "Y", "p")
        first, second = (desk.paper(title).citekey for title in TITLES[:2])
        assert clipboard(desk.app) == f"[@{first}; @{second}]"


def program(folder: Path, name: str, script: str) -> Path:
    """Make a program of this name that runs a script."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


async def test_a_program_of_the_desktop_gets_the_text(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = tmp_path / "got"
    program(tmp_path / "bin", "xclip", f"cat > {got}.new; mv {got}.new {got}")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    async with at_desk(notebook) as desk:
        await desk.press("Y", "t")
        await desk.until(got.exists, "the program has it")
        assert got.read_text() == TITLES[0]
        assert clipboard(desk.app) == TITLES[0]


def test_which_program_there_is(tmp_path: Path) -> None:
    """A desktop that cannot be reached, as through ssh, is none."""
    for name in ("wl-copy", "xclip", "pbcopy"):
        program(tmp_path / name, name, "true")
    path = {"PATH": ":".join(str(tmp_path / name) for name in ("wl-copy", "xclip"))}
    assert clipboard_program(path) == ()
    assert clipboard_program({**path, "DISPLAY": ":0"})[0] == str(tmp_path / "xclip/xclip")
    both = {**path, "DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    assert clipboard_program(both) == (str(tmp_path / "wl-copy/wl-copy"),)
    assert clipboard_program({"PATH": str(tmp_path / "pbcopy")})[0].endswith("pbcopy")


def test_a_program_that_fails_took_nothing(tmp_path: Path) -> None:
    assert give([str(program(tmp_path, "works", "cat >/dev/null"))], "text")
    assert not give([str(program(tmp_path, "fails", "exit 1"))], "text")
    assert not give([str(tmp_path / "missing")], "text")
