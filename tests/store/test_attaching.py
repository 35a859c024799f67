"""Files of the user's own: copied or left where they are, one decision, taken back with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.notebook.notebook import Notebook
from papertray.store.file_folder import FileFolder, copy_whole

from made_up_pdfs import small_pdf
from trays import add_lines, open_notebook, works


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    """A tray of two papers, and a PDF beside it."""
    (tmp_path / "own.pdf").write_bytes(small_pdf("own"))
    with open_notebook(tmp_path) as opened:
        add_lines(opened, works(2))
        yield opened


def names(notebook: Notebook, paper: int = 1) -> list[tuple[str, str, bool]]:
    """Return (name, type, whether it is there) of a paper's files."""
    return [(Path(f.path).name, f.media_type, f.is_there) for f in notebook.files.of(paper)]


def test_a_copy_goes_into_the_tray_and_undo_takes_it_off_the_paper(
    notebook: Notebook, tmp_path: Path
) -> None:
    report = notebook.files.attach(1, [str(tmp_path / "own.pdf")])

    assert names(notebook) == [("own.pdf", "application/pdf", True)]
    assert notebook.journal.next_undo().label == (  # type: ignore[union-attr]
        "attach own.pdf to “On the Number 0 and What Follows From It”"
    )
    assert report.batch is not None
    notebook.journal.undo()
    assert names(notebook) == []
    assert (notebook.files.folder / "own.pdf").exists(), "a file is deleted by its owner alone"
    notebook.journal.redo()
    assert names(notebook) == [("own.pdf", "application/pdf", True)]
    (tmp_path / "own.pdf").unlink()
    assert names(notebook)[0][2]


def test_a_copy_is_called_after_the_paper_too(notebook: Notebook, tmp_path: Path) -> None:
    key = notebook.papers.use_citekey(1)
    (tmp_path / "Appendix B.tar.GZ").write_bytes(b"packed")

    notebook.files.attach(1, [str(tmp_path / "own.pdf"), str(tmp_path / "Appendix B.tar.GZ")])

    assert [name for name, _, _ in names(notebook)] == [
        f"{key}-own.pdf", f"{key}-Appendix-B.tar.gz",
    ]  # fmt: skip


def test_several_files_are_one_decision_and_a_pdf_comes_first(
    notebook: Notebook, tmp_path: Path
) -> None:
    (tmp_path / "book.epub").write_bytes(b"PK")
    (tmp_path / "scan").write_bytes(small_pdf("without a suffix"))

    report = notebook.files.attach(1, [str(tmp_path / name) for name in ("book.epub", "scan")])

    assert names(notebook) == [
        ("scan.pdf", "application/pdf", True), ("book.epub", "application/epub+zip", True),
    ]  # fmt: skip
    assert report.batch is not None
    assert notebook.journal.undo() is not None
    assert names(notebook) == []


def test_the_same_content_is_attached_once(notebook: Notebook, tmp_path: Path) -> None:
    (tmp_path / "same.pdf").write_bytes(small_pdf("own"))
    both = [str(tmp_path / "own.pdf"), str(tmp_path / "same.pdf")]

    first = notebook.files.attach(1, both)
    again = notebook.files.attach(1, both[1:])

    assert ([name for name, _ in first.attached], len(first.known)) == ([both[0]], 1)
    assert (again.attached, again.batch) == ([], None)
    assert again.known == [(both[1], str(notebook.files.folder / "own.pdf"))]
    assert sorted(os.listdir(notebook.files.folder)) == [".coming", "own.pdf"]
    assert os.listdir(notebook.files.folder / ".coming") == []


def test_another_content_of_the_same_name_gets_a_number(notebook: Notebook, tmp_path: Path) -> None:
    notebook.files.attach(1, [str(tmp_path / "own.pdf")])
    (tmp_path / "own.pdf").write_bytes(small_pdf("changed"))

    notebook.files.attach(1, [str(tmp_path / "own.pdf")])

    assert [name for name, _, _ in names(notebook)] == ["own.pdf", "own-2.pdf"]


def test_after_an_undo_it_is_not_copied_again(notebook: Notebook, tmp_path: Path) -> None:
    notebook.files.attach(1, [str(tmp_path / "own.pdf")])
    notebook.journal.undo()

    report = notebook.files.attach(1, [str(tmp_path / "own.pdf")])

    assert len(report.attached) == 1
    assert sorted(os.listdir(notebook.files.folder)) == [".coming", "own.pdf"]


def test_a_file_that_was_gone_comes_back(notebook: Notebook, tmp_path: Path) -> None:
    notebook.files.attach(1, [str(tmp_path / "own.pdf")])
    (notebook.files.folder / "own.pdf").unlink()
    assert names(notebook) == [("own.pdf", "application/pdf", False)]

    report = notebook.files.attach(1, [str(tmp_path / "own.pdf")])

    assert (len(report.attached), report.batch) == (1, None)
    assert names(notebook) == [("own.pdf", "application/pdf", True)]


def test_a_link_leaves_the_file_where_it_is(notebook: Notebook, tmp_path: Path) -> None:
    report = notebook.files.attach(1, [str(tmp_path / "own.pdf")], link=True)

    assert report.attached == [(str(tmp_path / "own.pdf"),) * 2]
    assert not notebook.files.folder.exists()
    assert notebook.files.attach(1, [str(tmp_path / "own.pdf")], link=True).known != []


def test_a_symbolic_link_is_copied_as_what_it_leads_to(notebook: Notebook, tmp_path: Path) -> None:
    (tmp_path / "way.pdf").symlink_to("own.pdf")

    notebook.files.attach(1, [str(tmp_path / "way.pdf")])

    copy = notebook.files.folder / "way.pdf"
    assert (copy.is_symlink(), copy.read_bytes()) == (False, small_pdf("own"))


def test_what_is_no_file_is_a_failure_and_the_others_go_in(
    notebook: Notebook, tmp_path: Path
) -> None:
    (tmp_path / "nowhere.pdf").symlink_to("missing")
    os.mkfifo(tmp_path / "pipe")
    wrong = [str(tmp_path / name) for name in ("missing.pdf", "nowhere.pdf", "pipe", ".")]

    report = notebook.files.attach(1, [*wrong, str(tmp_path / "own.pdf")])

    assert [len(report.failures), len(report.attached)] == [4, 1]
    for name, failure in zip(wrong, report.failures, strict=True):
        assert name in failure


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_a_name_that_is_no_text(notebook: Notebook, tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.pdf")
    Path(name).write_bytes(small_pdf("bytes"))

    assert "--link" in notebook.files.attach(1, [name], link=True).failures[0]
    assert notebook.files.attach(1, [name]).attached
    assert [name for name, _, _ in names(notebook)] == ["caf.pdf"]


def test_two_papers_may_have_one_file(notebook: Notebook, tmp_path: Path) -> None:
    for paper in (1, 2):
        notebook.files.attach(paper, [str(tmp_path / "own.pdf")])

    assert names(notebook, 1) == names(notebook, 2)
    assert sorted(os.listdir(notebook.files.folder)) == [".coming", "own.pdf"]


def test_a_folder_that_cannot_be_written_is_said(notebook: Notebook, tmp_path: Path) -> None:
    from papertray.core.errors import TrayReadOnly

    notebook.files.folder.write_text("in the way", encoding="utf-8")

    with pytest.raises(TrayReadOnly, match="nothing was attached"):
        notebook.files.attach(1, [str(tmp_path / "own.pdf")])
    assert names(notebook) == []


def test_what_the_tray_holds_leads_nowhere_else(notebook: Notebook) -> None:
    folder = notebook.files.folder
    paths = ["files/../papertray.db", "files//etc/passwd", "files/", "own.pdf", "files/a.pdf"]

    resolved = [notebook.files._folder.resolved(path) for path in paths]

    assert resolved == [*paths[:4], str(folder / "a.pdf")]


def test_the_doctor_tells_of_files_that_are_gone_and_of_strays(
    notebook: Notebook, tmp_path: Path
) -> None:
    notebook.files.attach(1, [str(tmp_path / "own.pdf")])
    assert list(notebook.health.findings()) == []

    (notebook.files.folder / "own.pdf").rename(notebook.files.folder / "stray.pdf")

    assert [(finding.sentence, finding.is_harm) for finding in notebook.health.findings()] == [
        (f"The file {notebook.files.folder / 'own.pdf'} of paper 1 is not there.", False),
        (
            f"The file {notebook.files.folder / 'stray.pdf'} belongs to no paper; delete it or "
            "attach it.",
            False,
        ),
    ]


def test_a_stray_is_attached_where_it_lies(notebook: Notebook, tmp_path: Path) -> None:
    notebook.papers.use_citekey(2)
    notebook.files.attach(1, [str(tmp_path / "own.pdf")])
    own = notebook.files.folder / "own.pdf"
    stray = own.rename(own.with_name("stray.pdf"))
    notebook.journal.undo()

    notebook.files.attach(2, [str(stray)])
    assert names(notebook, 2) == [("stray.pdf", "application/pdf", True)]
    assert list(notebook.health.findings()) == []


def test_a_name_that_is_taken_at_the_last_moment_is_left_alone(tmp_path: Path) -> None:
    folder = FileFolder(tmp_path)
    coming = folder.way("1.part")
    coming.write_text("new")

    def is_taken(name: str) -> bool:
        if name == "files/a.pdf":
            (tmp_path / name).write_text("somebody else's")
        return False

    assert folder.place(coming, "a", ".pdf", is_taken) == "files/a-2.pdf"
    assert (tmp_path / "files/a.pdf").read_text() == "somebody else's"
    assert (tmp_path / "files/a-2.pdf").read_text() == "new"


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="a file that cannot be read")
def test_a_copy_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Input/output error"):
        copy_whole(Path("/proc/self/mem"), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
