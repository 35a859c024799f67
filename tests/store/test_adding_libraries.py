"""What an add reports, and what it takes of a library as its owner keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from papertray.core.model import Decisions, Item, LeftBehind, NoteText, Pile, Record, Work
from papertray.feeds.table import Readers
from papertray.notebook.add_report import MOST_FAILURES, AddOptions, AddReport
from papertray.notebook.feeds import Feeds
from papertray.notebook.notebook import Notebook

from trays import add_lines, open_notebook, works

LIBRARY = "library"


class Library:
    """A library that is a folder, with decisions of its owner's."""

    NAME = LIBRARY
    DESCRIPTION = TAKES = LOSES = FEED = ""
    IS_LIBRARY = True

    def __init__(self, items: list[Item]) -> None:
        self._items = items

    def recognise_path(self, path: Path) -> bool:
        """Recognise every folder."""
        return path.is_dir()

    def read_path(self, path: Path) -> Iterator[Item]:
        """Yield what it holds."""
        yield from self._items


TOLD = Decisions(
    pile=Pile.STARRED, tags=("one", "two"), notes=(NoteText("On it."), NoteText("More.", "Second"))
)
ITEMS: list[Item] = [
    Record(Work(title="On Libraries, and What They Hold"), decisions=TOLD),
    Record(Work(title="On Libraries, and What They Do Not")),
    NoteText("Nobody's note.", "Plans"),
    LeftBehind("web snapshots", 3, "a tray keeps files of papers only"),
    LeftBehind("web snapshots", 2, "a tray keeps files of papers only"),
    LeftBehind("groups", 1, "they are other people's"),
]


def add_library(
    notebook: Notebook, folder: Path, items: list[Item], options: AddOptions | None = None
) -> AddReport:
    """Add a library to a tray."""
    feeds = Feeds(notebook._tray, Readers(lambda: [Library(items)]), 30)
    chosen = options or AddOptions(format_name=LIBRARY)
    return feeds.add([str(folder)], BytesIO(), chosen)


def test_a_library_brings_what_its_owner_decided_and_says_what_stays(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        report = add_library(notebook, tmp_path, ITEMS)
        assert (report.counts.added, report.notes, report.tags) == (2, 3, 2)
        assert report.left_behind == [
            LeftBehind("web snapshots", 5, "a tray keeps files of papers only"),
            LeftBehind("groups", 1, "they are other people's"),
        ]
        assert not report.untaken.total()
        entry = notebook.papers.entry(1)
        assert (entry.pile, entry.tags, len(entry.notes)) == (Pile.STARRED, ("one", "two"), 2)

        again = add_library(notebook, tmp_path, ITEMS)
        assert (again.counts.known, again.notes, again.tags, again.batch) == (2, 0, 0, None)

        assert report.batch is not None
        notebook.journal.undo_batch(report.batch)
        rows = notebook._tray.reader().execute("SELECT 1 FROM note WHERE revision IS NOT NULL")
        assert rows.fetchall() == []


def test_a_citation_key_that_another_paper_has_is_told(tmp_path: Path) -> None:
    roses = Record(Work(title="On the Growth of Roses in the North"), citekey="smith2020")
    tulips = Record(Work(title="A Treatise of Tulips and Their Kin"), citekey="Smith2020")
    with open_notebook(tmp_path) as notebook:
        assert add_library(notebook, tmp_path, [roses]).left_behind == []
        for _ in range(2):
            (told,) = add_library(notebook, tmp_path, [roses, tulips]).left_behind
            assert (told.what, told.number) == ("citation keys", 1)
        assert add_library(notebook, tmp_path, [roses, tulips]).batch is None


def test_a_note_that_was_edited_here_does_not_come_again(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_library(notebook, tmp_path, ITEMS)
        for note in notebook.notes.recent():
            notebook.notes.save(note.id, "Written anew.")
        assert add_library(notebook, tmp_path, ITEMS).notes == 0


def test_other_sources_say_what_they_told_and_nobody_took(tmp_path: Path) -> None:
    paper = {**works(1)[0], "pile": "starred", "tags": ["a", "b"], "notes": [{"body": "N"}]}
    with open_notebook(tmp_path) as notebook:
        report = add_lines(notebook, [paper])
        assert report.untaken == {"tags": 2, "notes": 1, "piles": 1}
        report = add_lines(notebook, [paper], AddOptions(decisions=True))
        assert (report.untaken.total(), report.tags, report.notes) == (0, 2, 1)


def test_files_that_nobody_asked_for_are_counted(tmp_path: Path) -> None:
    bibliography = tmp_path / "papers.bib"
    bibliography.write_text("@article{a, title={On Files and Where They Lie}, file={a.pdf}}")
    with open_notebook(tmp_path / "tray") as notebook:
        report = notebook.feeds.add([str(bibliography)], BytesIO())
        assert report.untaken == {"attachments": 1}
        assert notebook.papers.files(1) == ()
        asked = AddOptions(decisions=True)
        assert notebook.feeds.add([str(bibliography)], BytesIO(), asked).attachments == 1


def test_a_million_broken_lines_are_counted_and_not_all_kept(tmp_path: Path) -> None:
    number = MOST_FAILURES * 30
    data = b'{"title": "One Whole Paper of the File"}\n' + b"x\n" * number
    with open_notebook(tmp_path) as notebook:
        report = notebook.feeds.add(["-"], BytesIO(data))
        assert (report.failed, len(report.failures)) == (number, MOST_FAILURES)
        (held,) = notebook._tray.reader().execute("SELECT count(*) FROM quarantine").fetchone()
        assert held == 10_000


def test_the_history_names_what_was_named(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number, work in enumerate(works(3)):
        (folder / f"{number}.jsonl").write_text(json.dumps(work))
    with open_notebook(tmp_path) as notebook:
        notebook.feeds.add([str(folder)], BytesIO())
        assert next(iter(notebook.journal.history())).label == f"add {folder}"
        notebook.feeds.add(["-"], BytesIO(json.dumps(works(9)[8]).encode()))
        assert next(iter(notebook.journal.history())).label == "add standard input"


def quarantined(notebook: Notebook) -> int:
    """Return how many pieces are in quarantine."""
    rows = notebook._tray.reader().execute("SELECT count(*) FROM quarantine")
    return int(rows.fetchone()[0])


def test_retry_keeps_the_pieces_of_a_file_that_became_another(tmp_path: Path) -> None:
    source = tmp_path / "today.jsonl"
    source.write_text(
        '{"title": "A Paper That Was Whole"}\n{"title": "A Paper That Broke Off in t\n'
    )
    with open_notebook(tmp_path) as notebook:
        notebook.feeds.add([str(source)], BytesIO())
        source.write_text('{"title": "Quite Another Paper of the Next Day"}\n')
        notebook.feeds.retry()
        assert quarantined(notebook) == 1
        source.write_text('{"title": "A Paper That Broke Off in the Middle"}\n')
        notebook.feeds.retry()
        assert quarantined(notebook) == 0


def test_retry_reads_with_the_options_of_the_add(tmp_path: Path) -> None:
    source = tmp_path / "papers.txt"
    source.write_text('Papers:\n{"title": "A Paper That Was Whole"}\n{"title": \n')
    options = AddOptions(format_name="jsonl", pile=Pile.STARRED, tags=("x",))
    with open_notebook(tmp_path) as notebook:
        assert notebook.feeds.add([str(source)], BytesIO(), options).failed == 2
        source.write_text(source.read_text().replace('{"title": \n', '{"title": "A Mended One"}\n'))
        notebook.feeds.retry()
        for entry in notebook.papers.entries([1, 2]):
            assert (entry.pile, entry.tags) == (Pile.STARRED, ("x",))
        source.write_text('{"title": "A Paper That Was Whole"}\n')
        notebook.feeds.retry()
        assert quarantined(notebook) == 0
        rows = notebook._tray.reader().execute("SELECT name FROM meta WHERE name LIKE 'quar%'")
        assert rows.fetchall() == []


def test_retry_finds_the_member_of_an_archive(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "all.zip"

    def write(line: str) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.jsonl", '{"title": "A Paper That Was Whole"}\n' + line)

    write('{"title": \n')
    with open_notebook(tmp_path) as notebook:
        assert notebook.feeds.add([str(path)], BytesIO()).failed == 1
        write('{"title": "A Paper That Was Mended"}\n')
        report = notebook.feeds.retry()
        assert (report.counts.added, report.failed, quarantined(notebook)) == (1, 0, 0)


def test_the_backup_after_an_add_says_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(50))
        notebook.back_up_after_command(
            lambda done, total: told.append((done, total)), is_patient=True
        )
    assert told
    assert all(0 < done <= total for done, total in told)
