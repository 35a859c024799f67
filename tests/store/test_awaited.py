"""Papers of which only a name is known: what waits, what fills them, when they are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from papertray.core.clock import instant
from papertray.core.model import Pile
from papertray.core.pasted import Named
from papertray.notebook.notebook import Notebook
from papertray.store.awaited import MOST_TRIES, Awaited, all_awaited, find_awaited

from trays import add_lines, open_notebook, works

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ONE = Awaited(1, Named("arxiv", "2401.00007"), 1)


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    """An empty tray."""
    return open_notebook(tmp_path)


def waiting(notebook: Notebook) -> list[str]:
    """Return the titles of what waits."""
    return [one.named.title for one in all_awaited(notebook._tray.reader())]


def name(notebook: Notebook, *values: str) -> None:
    """Name works of arXiv where there is no network."""
    report = notebook.feeds.add(values, BytesIO())
    assert not report.failures


@pytest.mark.parametrize(
    ("tries", "days", "is_due"),
    [(0, 0, True), (1, 0.9, False), (1, 1, True), (2, 1, False), (2, 2, True), (4, 8, True),
     (MOST_TRIES, 1000, False)],
)  # fmt: skip
def test_what_nobody_knows_is_asked_for_less_and_less(
    tries: int, days: float, is_due: bool
) -> None:
    tried = instant(NOW - timedelta(days=days))

    assert replace(ONE, tries=tries, tried=tried).is_due(NOW) == is_due


def test_placeholders_and_what_completes_them_in_one_chunk(notebook: Notebook) -> None:
    (told,) = works(1, first=7)
    bare: dict[str, object] = {"title": "arXiv:2401.00007", "arxiv_id": "2401.00007"}

    report = add_lines(notebook, [bare, told, {**told, "arxiv_id": ""}, bare])

    assert (report.counts.added, report.counts.merged, report.counts.known) == (1, 1, 2)
    assert notebook.papers.entry(1).work.title == told["title"]
    assert waiting(notebook) == []


def test_what_another_tray_awaits_is_awaited_here(notebook: Notebook) -> None:
    add_lines(notebook, [{"title": "doi:10.1000/Shells", "doi": "10.1000/Shells"}])

    assert waiting(notebook) == ["doi:10.1000/Shells"]


def test_what_is_merged_waits_again_once_that_is_taken_back(notebook: Notebook) -> None:
    add_lines(notebook, works(1))
    name(notebook, "2401.00007")
    merged = notebook.duplicates.merge(1, 2)
    assert waiting(notebook) == []
    assert notebook.papers.entry(merged.survivor).work.title == works(1)[0]["title"]

    notebook.journal.undo()

    assert waiting(notebook) == ["arXiv:2401.00007"]


def test_a_placeholder_that_survives_a_merge_gets_the_title(notebook: Notebook) -> None:
    name(notebook, "2401.00007")
    (told,) = works(1)
    add_lines(notebook, [{**told, "arxiv_id": ""}])

    notebook.duplicates.merge(1, 2)

    entry = notebook.papers.entry(1)
    assert (entry.work.title, entry.work.arxiv_id) == (told["title"], "2401.00007")
    assert notebook.journal.undo() is not None
    assert notebook.papers.entry(1).work.title == "arXiv:2401.00007"


def test_an_edit_of_the_placeholder_that_was_taken_back_is_nobodys_word(
    notebook: Notebook,
) -> None:
    name(notebook, "2401.00007")
    work = notebook.papers.entry(1).work
    notebook.papers.edit(1, replace(work, title="What Mira sent"))
    notebook.journal.undo()

    add_lines(notebook, works(1, first=7))

    assert notebook.papers.entry(1).work.title == works(1, first=7)[0]["title"]


def test_the_later_version_of_what_had_no_text_is_no_news(notebook: Notebook) -> None:
    name(notebook, "2401.00007")
    notebook.papers.move([1], Pile.STARRED)

    report = add_lines(notebook, [{**works(1, first=7)[0], "arxiv_id": "2401.00007v4"}])

    assert (report.counts.merged, report.counts.returned) == (1, 0)
    entry = notebook.papers.entry(1)
    assert (entry.pile, [version.version for version in entry.versions]) == ("starred", [4])


def test_nothing_is_awaited_of_others(notebook: Notebook) -> None:
    add_lines(notebook, works(1))

    assert find_awaited(notebook._tray.reader(), 1) is None
