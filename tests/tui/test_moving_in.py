"""The empty screen offers the Zotero library that lies on the machine."""

from __future__ import annotations

from pathlib import Path

from feeds.zotero_library import build_small
from papertray.notebook.notebook import Notebook

from .desk import SMALL, at_desk

OFFER = "Your Zotero library is at ~/Zotero."


async def test_one_key_brings_the_library_in_and_one_takes_it_back(
    empty: Notebook, tmp_path: Path
) -> None:
    build_small(tmp_path / "home" / "Zotero")
    async with at_desk(empty, home=tmp_path / "home") as desk:
        await desk.until_shown(OFFER)
        assert "Enter   bring it in: keys, notes, tags, files" in desk.text

        await desk.press("enter")
        for told in ("item NOTITLE1: it has no title", "items in the trash: 1 (you had thrown"):
            assert told in desk.text

        await desk.press("escape")
        assert desk.status.startswith("3 added, 4 notes, 3 tags, 2 files, 1 not readable")
        assert "Done 3" in desk.tabs
        assert set(desk.titles) == {
            "Attention in very small gardens", "Rakes & hoes", "On Spades",
        }  # fmt: skip
        assert desk.paper("On Spades").citekey == "spade1999"

        await desk.press("u")
        assert "Done 0" in desk.tabs
        assert empty.papers.number() == 0


async def test_what_stays_behind_is_readable_on_a_small_terminal(
    empty: Notebook, tmp_path: Path
) -> None:
    build_small(tmp_path / "home" / "Zotero")
    async with at_desk(empty, SMALL, home=tmp_path / "home") as desk:
        await desk.until_shown(OFFER)
        await desk.press("enter")
        first = desk.text
        await desk.press("space")
        seen = " ".join((first + desk.text).split())
        for told in ("items in the trash", "saved searches", "files without an item"):
            assert told in seen


async def test_a_second_enter_brings_nothing_in_twice(empty: Notebook, tmp_path: Path) -> None:
    build_small(tmp_path / "home" / "Zotero")
    async with at_desk(empty, home=tmp_path / "home") as desk:
        await desk.until_shown(OFFER)
        await desk.rush("enter", "enter", "enter")
        assert empty.papers.number() == 3
        assert empty.journal.newest() == 1


async def test_the_offer_fits_a_small_terminal(empty: Notebook, tmp_path: Path) -> None:
    build_small(tmp_path / "home" / "Zotero")
    async with at_desk(empty, SMALL, home=tmp_path / "home") as desk:
        await desk.until_shown(OFFER)
        assert "a   add a file" in desk.text


async def test_without_a_library_nothing_is_offered(empty: Notebook, tmp_path: Path) -> None:
    async with at_desk(empty, home=tmp_path) as desk:
        assert "Zotero library" not in desk.text
        await desk.press("enter")
        assert empty.papers.number() == 0


async def test_a_tray_with_papers_is_offered_nothing(notebook: Notebook, tmp_path: Path) -> None:
    build_small(tmp_path / "home" / "Zotero")
    async with at_desk(notebook, home=tmp_path / "home") as desk:
        assert "Zotero" not in desk.text
        await desk.press("enter")
        assert desk.triage.reading.is_card


async def test_a_damaged_library_is_said_in_a_sentence(empty: Notebook, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "Zotero"
    folder.mkdir(parents=True)
    (folder / "zotero.sqlite").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    async with at_desk(empty, home=tmp_path / "home") as desk:
        await desk.until_shown(OFFER)
        await desk.press("enter")
        assert any("is damaged" in toast for toast in desk.toasts)
        assert empty.papers.number() == 0
