"""The key `p`: the PDF that is here, or that is fetched in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_server import LocalServer, Reply
from papertray.notebook.notebook import Notebook
from papertray.store.places import Places

from .desk import Desk, add_papers, at_desk, open_notebook
from made_up_pdfs import small_pdf


@pytest.fixture
def server(places: Places) -> Iterator[LocalServer]:
    """A server that the settings call arXiv."""
    with LocalServer() as running:
        places.config.mkdir()
        text = f'[services]\narxiv = "{running.url("")}"\n'
        places.settings.write_text(text, encoding="utf-8")
        yield running


@pytest.fixture
def elsewhere(places: Places) -> Callable[[], Notebook]:
    """Opens the tray for the background."""
    return lambda: open_notebook(places, "background")


@pytest.fixture
def viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop; the file to which its opener writes what it was asked to open."""
    called = tmp_path / "called"
    opener = tmp_path / "xdg-open"
    program = f'echo noise\necho "$#:$1" > {called}.new\nmv {called}.new {called}\n'
    opener.write_text(f"#!/bin/sh\n{program}", encoding="utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    return called


def attach(notebook: Notebook, folder: Path) -> str:
    """Attach a PDF to the first paper; return where it lies."""
    (folder / "own; touch x.pdf").write_bytes(small_pdf("own"))
    notebook.files.attach(1, [str(folder / "own; touch x.pdf")], link=True)
    return notebook.files.of(1)[0].path


async def settled_on(desk: Desk, beginning: str) -> None:
    """Wait until the status line says what begins so."""
    await desk.until(lambda: desk.status.startswith(beginning), f"it says {beginning}")


async def test_the_file_that_is_here_opens(
    notebook: Notebook, tmp_path: Path, viewer: Path
) -> None:
    path = attach(notebook, tmp_path)
    async with at_desk(notebook) as desk:
        await desk.press("p")
        await desk.until(viewer.exists, "the viewer is called")
        assert viewer.read_text() == f"1:{path}\n"
        assert desk.status == f"opened {path}"


async def test_without_a_desktop_its_path_is_copied(notebook: Notebook, tmp_path: Path) -> None:
    path = attach(notebook, tmp_path)
    async with at_desk(notebook) as desk:
        await desk.press("p")
        assert desk.app.clipboard == path


async def test_one_that_is_not_here_is_fetched_in_the_background(
    notebook: Notebook, server: LocalServer, elsewhere: Callable[[], Notebook], viewer: Path
) -> None:
    server.answers("/pdf/2001.00001", Reply(small_pdf("robots")))
    async with at_desk(notebook, elsewhere=elsewhere) as desk:
        await desk.press("p")
        await settled_on(desk, "PDF fetched")
        assert not viewer.exists()
        await desk.press("p")
        await desk.until(viewer.exists, "the viewer is called")
    assert Path(notebook.files.of(1)[0].path).read_bytes() == small_pdf("robots")


async def test_why_there_is_none_is_said(
    notebook: Notebook, server: LocalServer, elsewhere: Callable[[], Notebook]
) -> None:
    async with at_desk(notebook, elsewhere=elsewhere) as desk:
        await desk.press("p")
        await settled_on(desk, "no PDF: ")
        assert "404 Not Found" in desk.status


async def test_what_can_be_done_is_said_where_nothing_can_be_fetched(
    empty: Notebook, tmp_path: Path
) -> None:
    add_papers(empty, tmp_path, [{"title": "Alone", "pdf_url": "file:///etc/passwd"}])
    async with at_desk(empty) as desk:
        await desk.press("p")
        assert desk.status.startswith("no PDF here, and none to fetch: papertray attach")


async def test_leaving_does_not_wait_for_a_slow_server(
    notebook: Notebook, server: LocalServer, elsewhere: Callable[[], Notebook]
) -> None:
    server.answers("/pdf/2001.00001", Reply(small_pdf("slow"), slow=0.3, piece=1))
    async with at_desk(notebook, elsewhere=elsewhere) as desk:
        await desk.press("p")
        await desk.until(lambda: bool(server.asked), "it is being fetched")
    assert notebook.files.of(1) == ()


async def test_on_an_empty_list_it_says_so(empty: Notebook) -> None:
    async with at_desk(empty) as desk:
        await desk.press("p")
        assert desk.status == "no paper here"
