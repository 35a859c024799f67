"""`attach`, and what `open` and `show` make of files; PDFs fetched by the command as it runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.command_line import CommandLine
from local_server import LocalServer, Reply

from made_up_pdfs import small_pdf


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A PDF of one's own."""
    path = tmp_path / "own.pdf"
    path.write_bytes(small_pdf("own"))
    return path


@pytest.fixture
def viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop; the file to which its opener writes what it was asked to open."""
    called, programs = tmp_path / "called", tmp_path / "programs"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$#:$1" > {called}\n', encoding="utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/bin:/usr/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    return called


def test_attach_copies_and_undo_takes_back(filled: CommandLine, own: Path) -> None:
    result = filled("attach", "3", "own.pdf")

    kept = filled.folder / "tray" / "files" / "heDeepResidualLearning2016-own.pdf"
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"Attached own.pdf; the copy is {kept}.\n"
    assert kept.read_bytes() == own.read_bytes()
    assert filled.json("show", "3", "--format", "json")["files"] == [
        {"path": str(kept), "media_type": "application/pdf", "exists": True}
    ]
    assert f"File:     {kept}" in filled("show", "3").stdout
    assert filled.lines("list", "has:pdf", "--format", "citekeys") == ["heDeepResidualLearning2016"]
    assert "attach own.pdf" in filled("undo").output
    assert filled.json("show", "3", "--format", "json")["files"] == []
    assert kept.exists()


def test_attach_says_what_is_known_and_what_cannot_be_read(filled: CommandLine, own: Path) -> None:
    filled("attach", "3", "own.pdf")

    result = filled("attach", "3", "missing.pdf", "own.pdf")
    nothing = filled("attach", "3", "missing.pdf", ".")

    assert result.exit_code == 1
    assert "own.pdf is attached already: " in result.stderr
    assert "missing.pdf cannot be read: No such file or directory." in result.stderr
    assert nothing.exit_code == 2
    assert ". is no file; only files can be attached." in nothing.stderr
    assert filled("attach", "nobody2020", "own.pdf").exit_code == 2


def test_attach_link_leaves_the_file_where_it_is(filled: CommandLine, own: Path) -> None:
    assert filled("attach", "3", "own.pdf", "--link").stderr == "Attached own.pdf.\n"
    assert filled.json("show", "3", "--format", "json")["files"][0]["path"] == str(own)

    own.unlink()

    assert f"File:     {own} (gone)" in filled("show", "3").stdout
    assert filled.lines("open", "3", "--print") == ["https://example.org/code"]
    assert f"The file {own} of paper 3 is not there." in filled("doctor").stdout
    assert filled("doctor").exit_code == 0


@pytest.mark.parametrize("name", ["-own.pdf", "own; touch x.pdf", "$(touch x).pdf", "a\nb.pdf"])
def test_open_shows_the_file_whatever_it_is_called(
    filled: CommandLine, own: Path, viewer: Path, name: str
) -> None:
    path = own.rename(own.with_name(name))
    filled("attach", "1", "--link", "--", name)

    result = filled("open", "1")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{path}\n".replace("a\nb", "a b")
    assert viewer.read_text(encoding="utf-8") == f"1:{path}\n"
    assert not (filled.folder / "x").exists()


def test_open_shows_a_pdf_before_other_files_and_the_link_where_it_is_wanted(
    filled: CommandLine, own: Path
) -> None:
    (own.parent / "book.epub").write_bytes(b"PK")
    filled("attach", "1", "book.epub", "own.pdf")

    (path,) = filled.lines("open", "1", "--print")

    assert path == str(filled.folder / "tray" / "files" / "own.pdf")
    for option in ("--link", "--web"):
        address = "https://arxiv.org/abs/1706.03762"
        assert filled.lines("open", "1", option, "--print") == [address]


def test_open_without_a_desktop_still_prints(
    filled: CommandLine, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(own.parent))
    filled("attach", "1", "own.pdf")

    result = filled("open", "1")

    assert (result.exit_code, result.stdout.count("own.pdf")) == (1, 1)
    assert "No program could be started" in result.stderr


@pytest.fixture
def server(filled: CommandLine) -> Iterator[LocalServer]:
    """A server that the settings of the command line call arXiv."""
    with LocalServer() as running:
        settings = filled.folder / "config" / "settings.toml"
        settings.parent.mkdir(exist_ok=True)
        settings.write_text(f'[services]\narxiv = "{running.url("")}"\n', encoding="utf-8")
        yield running


def test_fetching_brings_the_pdfs_of_what_is_kept(filled: CommandLine, server: LocalServer) -> None:
    server.answers("/pdf/1706.03762", Reply(small_pdf("attention")))
    filled("move", "read", "1")

    first, again = (filled.process("feeds", "fetch") for _ in range(2))

    assert first.returncode == again.returncode == 0, first.stderr
    assert b"1 PDF fetched" in first.stderr
    assert len(server.asked) == 1
    (path,) = filled.lines("open", "1", "--print")
    assert Path(path).read_bytes() == small_pdf("attention")
    assert Path(path).name == "vaswaniAttentionAllNeed2017.pdf"


def test_a_pdf_of_ones_own_means_that_none_is_fetched(
    filled: CommandLine, server: LocalServer, own: Path
) -> None:
    filled("move", "read", "1")
    filled("attach", "1", "own.pdf")

    assert filled.process("feeds", "fetch").returncode == 0
    assert server.asked == []
