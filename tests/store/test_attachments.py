"""Files of papers: what an add brings, counted, undone with it and done again."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from feeds.zotero_library import ZoteroLibrary, build_small
from papertray.core.model import Attachment
from papertray.notebook.feeds import AddOptions
from papertray.notebook.notebook import Notebook

from trays import open_notebook


def move_in(notebook: Notebook, library: Path) -> tuple[int, int | None]:
    """Add a library; return how many files came, and the batch."""
    report = notebook.feeds.add([str(library)], BytesIO())
    return report.attachments, report.batch


def files(notebook: Notebook, paper: int) -> list[str]:
    """Return the names of a paper's files."""
    return [Path(file.path).name for file in notebook.papers.files(paper)]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library whose first paper has two files."""
    return build_small(tmp_path / "Zotero")


def test_files_come_once_and_are_counted(tmp_path: Path, library: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        assert move_in(notebook, library) == (2, 1)
        assert files(notebook, 1) == ["garden.pdf", "linked.pdf"]
        assert notebook.papers.files(1)[0] == Attachment(
            str(library / "storage" / "PDFGARD1" / "garden.pdf"), "application/pdf"
        )
        assert move_in(notebook, library) == (0, None)
        assert files(notebook, 1) == ["garden.pdf", "linked.pdf"]


def test_an_undone_add_takes_the_files_with_it_and_redo_brings_them_back(
    tmp_path: Path, library: Path
) -> None:
    with open_notebook(tmp_path) as notebook:
        _, batch = move_in(notebook, library)
        assert batch is not None
        before = notebook.papers.files(1)
        notebook.journal.undo_batch(batch)
        assert notebook.papers.files(1) == ()
        assert notebook.papers.number() == 0
        notebook.journal.redo()
        assert notebook.papers.files(1) == before
        assert not list(notebook.health.findings())


def test_moving_in_again_after_an_undo_brings_everything(tmp_path: Path, library: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        _, batch = move_in(notebook, library)
        assert batch is not None
        notebook.journal.undo_batch(batch)
        assert move_in(notebook, library)[0] == 2
        assert notebook.papers.entry(1).tags == ("gardens, small", "ml/ranking", "to read")
        assert len(notebook.papers.entry(1).notes) == 3


def test_a_new_file_of_a_known_paper_comes_alone(tmp_path: Path) -> None:
    folder = tmp_path / "Zotero"
    with ZoteroLibrary(folder) as library:
        library.attach("/a.pdf", library.item(fields={"title": "Any"}, key="AAAA0001"), 2)
    with open_notebook(tmp_path / "t") as notebook:
        move_in(notebook, folder)
        (folder / "zotero.sqlite").unlink()
        with ZoteroLibrary(folder) as library:
            # Its title was mended meanwhile: the item's own key says that it is the same.
            paper = library.item(fields={"title": "Any title"}, key="AAAA0001")
            library.attach("/a.pdf", paper, 2)
            library.attach("/b.pdf", paper, 2)
        attached, batch = move_in(notebook, folder)
        assert (attached, notebook.papers.number()) == (1, 1)
        assert files(notebook, 1) == ["a.pdf", "b.pdf"]
        assert batch is not None
        notebook.journal.undo_batch(batch)
        assert files(notebook, 1) == ["a.pdf"]


def test_files_that_a_file_names_come_with_decisions_only(tmp_path: Path) -> None:
    source = tmp_path / "refs.bib"
    source.write_text(
        "@article{a, title = {On files that are named}, year = 2020, file = {:/a/b.pdf:PDF}}\n",
        encoding="utf-8",
    )
    with open_notebook(tmp_path) as notebook:
        assert notebook.feeds.add([str(source)], BytesIO()).attachments == 0
        options = AddOptions(decisions=True)
        assert notebook.feeds.add([str(source)], BytesIO(), options).attachments == 1
        assert [file.path for file in notebook.papers.files(1)] == ["/a/b.pdf"]
