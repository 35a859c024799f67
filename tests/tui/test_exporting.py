"""Writing papers to files from the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook
from papertray.tui.memory import Memory
from papertray.tui.screens import finding
from papertray.tui.screens.exporting import ExportScreen
from papertray.tui.screens.triage import TriageScreen

from .desk import LARGE, SMALL, WORDS, at_desk


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("name", "beginning", "notes"),
    [("out.bib", "@", ""), ("out.md", "#", "1 note"), ("out.jsonl", "{", "1 note")],
)
async def test_the_list_is_exported(
    notebook: Notebook, tmp_path: Path, name: str, beginning: str, notes: str, size: tuple[int, int]
) -> None:
    notebook.notes.save_main(1, "my words\n")
    async with at_desk(notebook, size) as desk:
        await desk.press("E")
        await desk.until_shown("Export 15 papers of Inbox")
        assert desk.box.value == "papers.bib"
        await desk.answer(str(tmp_path / name))
        assert f"{tmp_path / name}" in desk.status
        assert desk.status.startswith("15 papers" + (f", {notes}" if notes else ""))
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert beginning in text
    assert ("my words" in text) is bool(notes)
    for word in WORDS:
        assert word in text


async def test_the_beginning_is_shown_before_anything_is_written(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("E")
        await desk.until_shown("@misc{")
        assert "title" in desk.text
        assert notebook.papers.entry(1).citekey == ""
        await desk.press("down", "down", "down", "down")
        await desk.until_shown("# Reading list")
        assert desk.box.value == "papers.md"
        await desk.press("up", "escape")
        assert isinstance(desk.app.screen, TriageScreen)


async def test_notes_and_their_private_parts_are_chosen(notebook: Notebook, tmp_path: Path) -> None:
    notebook.notes.save_main(1, "open words\n\n## private\n\nmy secret\n")
    seen = []
    for turns in range(3):
        file = tmp_path / f"list-{turns}.md"
        async with at_desk(notebook) as desk:
            await desk.press("E", *["down"] * 4, *["ctrl+t"] * turns)
            await desk.answer(str(file))
            await desk.until(file.exists, "the file is written")
        text = file.read_text(encoding="utf-8")
        seen.append(("open words" in text, "my secret" in text))
    assert seen == [(True, False), (True, True), (False, False)]


async def test_format_and_place_are_remembered(notebook: Notebook, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory.json")
    async with at_desk(notebook, memory=memory) as desk:
        await desk.press("E", *["down"] * 4)
        await desk.answer(str(tmp_path / "list.md"))
        await desk.press("E")
        assert desk.box.value == str(tmp_path / "list.md")
        assert isinstance(desk.app.screen, ExportScreen)
        assert desk.app.screen.format.name == "markdown"
        await desk.press("enter")
        assert desk.status.startswith("15 papers")  # it is ours: replaced without a question


async def test_marked_papers_are_exported(notebook: Notebook, tmp_path: Path) -> None:
    file = tmp_path / "two.bib"
    async with at_desk(notebook) as desk:
        await desk.press("v", "j", "v", "E")
        await desk.until_shown("Export 2 marked papers")
        await desk.answer(str(file))
        assert desk.status.startswith("2 papers to")
    assert file.read_text(encoding="utf-8").count("\n}") == 2


async def test_an_export_of_a_search_holds_its_hits(notebook: Notebook, tmp_path: Path) -> None:
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("gardens")
        await desk.press("enter", "E")
        await desk.until_shown("Export 1 paper of “gardens”")
        await desk.answer(str(tmp_path / "one.bib"))
    text = (tmp_path / "one.bib").read_text(encoding="utf-8")
    assert text.count("\n@") + text.startswith("@") == 1
    assert "gardens" in text


async def test_an_export_of_a_search_holds_also_the_hits_that_are_not_listed(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_HITS", 3)
    async with at_desk(notebook) as desk:
        await desk.until_index_follows()
        await desk.press("slash")
        await desk.type("part")
        await desk.press("enter", "E")
        await desk.until_shown("Export all papers of “part”")
        await desk.answer(str(tmp_path / "part.bib"))
        await desk.until_shown("15 papers to")
    assert (tmp_path / "part.bib").read_text(encoding="utf-8").count("\n}") == 15


async def test_a_foreign_file_is_replaced_only_by_a_second_key(
    notebook: Notebook, tmp_path: Path
) -> None:
    file = tmp_path / "thesis.bib"
    file.write_text("% years of work\n", encoding="utf-8")
    async with at_desk(notebook) as desk:
        await desk.press("E", "ctrl+r")
        await desk.answer(str(file))
        said = "^R replaces it all the same"
        await desk.until(lambda: said in " ".join(desk.text.split()), said)
        assert file.read_text(encoding="utf-8") == "% years of work\n"
        await desk.press("ctrl+r")
        assert desk.status.startswith("15 papers to")
    assert file.read_text(encoding="utf-8").count("\n}") == 15


@pytest.mark.parametrize("name", ["no/such/folder.bib", "a-folder", "~nobody-of-that-name/x.bib"])
async def test_an_export_that_cannot_be_is_a_sentence(
    notebook: Notebook, tmp_path: Path, name: str
) -> None:
    (tmp_path / "a-folder").mkdir()
    async with at_desk(notebook) as desk:
        await desk.press("E")
        await desk.answer(name if name.startswith("~") else str(tmp_path / name))
        said = [line for line in desk.text.splitlines() if "choose another" in line]
        assert said or any("choose another" in toast for toast in desk.toasts)
        await desk.press("escape")
        assert isinstance(desk.app.screen, TriageScreen)
    assert not (tmp_path / "no").exists()


async def test_nowhere_is_no_place(notebook: Notebook) -> None:
    async with at_desk(notebook) as desk:
        await desk.press("E")
        await desk.answer("  ")
        await desk.until_shown("Where to?")
        await desk.press("escape")
        assert isinstance(desk.app.screen, TriageScreen)
        assert desk.toasts == []


async def test_a_folder_is_written_a_file_for_each_paper(
    notebook: Notebook, tmp_path: Path
) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    async with at_desk(notebook) as desk:
        await desk.press("E", *["down"] * 5)
        await desk.until_shown("A folder with a Markdown file a paper")
        assert desk.box.value == "papers"
        await desk.answer(str(folder))
        await desk.until_shown("15 papers to")
    assert len(list(folder.glob("*.md"))) == 15


async def test_groups_are_chosen(notebook: Notebook, tmp_path: Path) -> None:
    file = tmp_path / "list.md"
    async with at_desk(notebook) as desk:
        await desk.press("E", *["down"] * 4)
        await desk.until_shown("grouped by pile")
        await desk.press("ctrl+g", "ctrl+g")
        await desk.until_shown("grouped by year")
        await desk.answer(str(file))
        await desk.until(file.exists, "the file is written")
    assert "# Inbox" not in file.read_text(encoding="utf-8")
