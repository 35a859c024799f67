"""New versions of known papers, through a real tray."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.core.changed_sentences import new_version
from papertray.core.model import Pile
from papertray.notebook.feeds import AddReport
from papertray.notebook.notebook import Notebook

from trays import SteppingClock, add_lines, open_notebook

TITLE = "On the Length of Paths in Graphs"
ABSTRACT = "We look at paths. They are long. Some are not. We count them all. This is new."
MENDED = "We look at paths. They are long. Some are not. We counted them all. This is new."
ANOTHER = "Walks are studied here. Nothing remains of what was. A theorem is proved."


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    """An empty tray whose clock goes on."""
    with open_notebook(tmp_path, clock=SteppingClock()) as opened:
        yield opened


def add(notebook: Notebook, version: int | None, abstract: str, **fields: object) -> AddReport:
    """Add a version of the one paper, without a number if None."""
    suffix = "" if version is None else f"v{version}"
    record = {"title": TITLE, "abstract": abstract, "arxiv_id": f"2001.00001{suffix}", **fields}
    return add_lines(notebook, [record])


def test_the_newest_text_is_shown_and_the_older_kept(notebook: Notebook) -> None:
    add(notebook, 1, ABSTRACT)
    report = add(notebook, 2, MENDED, title="On the Length of All Paths")
    assert (report.counts.added, report.counts.merged) == (0, 1)
    entry = notebook.papers.entry(1)
    assert (entry.work.title, entry.work.abstract) == ("On the Length of All Paths", MENDED)
    assert [(v.version, v.title, v.abstract) for v in entry.versions] == [
        (1, TITLE, ABSTRACT), (2, "On the Length of All Paths", MENDED),
    ]  # fmt: skip
    add(notebook, 1, ABSTRACT)  # an older one again
    assert notebook.papers.entry(1).work.abstract == MENDED


def test_what_its_owner_wrote_stays(notebook: Notebook) -> None:
    add(notebook, 1, ABSTRACT)
    work = notebook.papers.entry(1).work
    notebook.papers.edit(1, type(work)("My Title", ABSTRACT, arxiv_id="2001.00001"))
    add(notebook, 2, MENDED, title="Their New Title")
    work = notebook.papers.entry(1).work
    assert (work.title, work.abstract) == ("My Title", MENDED)
    assert notebook.papers.entry(1).versions[-1].title == "Their New Title"


def test_the_text_that_came_without_a_number_is_kept(notebook: Notebook) -> None:
    add(notebook, None, ABSTRACT)
    add(notebook, 2, MENDED)
    versions = notebook.papers.entry(1).versions
    assert [(v.version, v.abstract) for v in versions] == [(0, ABSTRACT), (2, MENDED)]


def test_a_number_alone_is_no_news(notebook: Notebook) -> None:
    add(notebook, None, ABSTRACT)
    notebook.papers.move([1], Pile.READ)
    add(notebook, 3, ABSTRACT.upper())
    entry = notebook.papers.entry(1)
    assert [version.version for version in entry.versions] == [3]
    assert new_version(entry) is None


@pytest.mark.parametrize("pile", [Pile.READ, Pile.STARRED, Pile.SKIP])
def test_a_decided_paper_gets_a_mark_and_stays(notebook: Notebook, pile: Pile) -> None:
    add(notebook, 1, ABSTRACT)
    notebook.papers.move([1], pile)
    report = add(notebook, 2, MENDED)
    assert report.counts.returned == 0
    entry = notebook.papers.entry(1)
    assert entry.pile is pile
    news = new_version(entry)
    assert news is not None
    assert news.abstract.new == ("We counted them all.",)
    assert notebook.papers.move([1], pile).changed == 1  # decided anew
    assert new_version(notebook.papers.entry(1)) is None
    assert notebook.papers.move([1], pile).changed == 0
    notebook.journal.undo()
    assert new_version(notebook.papers.entry(1)) is not None


@pytest.mark.parametrize(
    "changed", [{"title": "Walks in Graphs"}, {"abstract": ANOTHER}], ids=["title", "abstract"]
)
def test_it_comes_back_when_much_changed_and_undoing_the_add_takes_it_back(
    notebook: Notebook, changed: dict[str, str]
) -> None:
    add(notebook, 1, ABSTRACT)
    notebook.papers.move([1], Pile.STARRED)
    notebook.papers.set_done([1])
    before = notebook.papers.entry(1)
    report = add(notebook, 2, **{"abstract": ABSTRACT, **changed})
    assert report.counts.returned == 1
    entry = notebook.papers.entry(1)
    assert (entry.pile, entry.done, entry.decided) == (Pile.INBOX, "", "")
    assert new_version(entry) is not None
    assert report.batch is not None
    notebook.journal.undo_batch(report.batch)
    after = notebook.papers.entry(1)
    assert (after.pile, after.done) == (before.pile, before.done)
    assert after.decided == before.decided
    assert new_version(after) is not None


def test_small_changes_add_up_to_a_large_one(notebook: Notebook) -> None:
    texts = ["a b c d e f g h i j.", "a b c d e f g h x y.", "a b c d e f u v x y."]
    add(notebook, 1, texts[0])
    notebook.papers.move([1], Pile.READ)
    assert add(notebook, 2, texts[1]).counts.returned == 0
    assert add(notebook, 3, texts[2]).counts.returned == 1


def test_how_much_is_much_is_a_setting(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        settings = notebook.places.settings
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("[versions]\nchanged = 100\n")
        add(notebook, 1, ABSTRACT)
        notebook.papers.move([1], Pile.READ)
        assert add(notebook, 2, ANOTHER).counts.returned == 0


def test_a_removed_paper_stays_removed(notebook: Notebook) -> None:
    add(notebook, 1, ABSTRACT)
    notebook.papers.move([1], Pile.SKIP)
    notebook.papers.remove([1])
    assert add(notebook, 2, ANOTHER).counts.returned == 0
    assert notebook.papers.counts().inbox == 0


def test_a_new_title_leads_to_the_paper_also_within_the_chunk(notebook: Notebook) -> None:
    add(notebook, 1, ABSTRACT)
    new = "Walks in Graphs and How Long They Are"
    report = add_lines(
        notebook,
        [
            {"title": new, "arxiv_id": "2001.00001v2"},
            {"title": new, "votes": 3},
            {"title": TITLE, "votes": 4},
        ],
    )
    assert (report.counts.added, notebook.papers.counts().inbox) == (1, 2)


def test_the_originals_follow_the_text(notebook: Notebook) -> None:
    add(notebook, 1, ABSTRACT, original={"abstract": r"\bf old", "title": "$T$"})
    add(notebook, 2, MENDED, original={"abstract": r"\bf new"})
    assert notebook.papers.entry(1).original == {"abstract": r"\bf new", "title": "$T$"}


def test_a_preprint_and_its_published_copy_share_versions(notebook: Notebook) -> None:
    add(notebook, 1, ABSTRACT)
    published = {"title": TITLE, "doi": "10.1234/x", "venue": "Journal"}
    add_lines(notebook, [{**published, "arxiv_id": "2001.00001"}])
    add(notebook, 2, MENDED)
    entry = notebook.papers.entry(1)
    assert (entry.work.doi, entry.work.abstract) == ("10.1234/x", MENDED)
    assert notebook.papers.counts().inbox == 1


def test_versions_that_are_only_dated_get_their_text_later(notebook: Notebook) -> None:
    dated = [{"version": 1, "seen": "2020-01-01T00:00:00Z"}, {"version": 2}]
    add(notebook, 2, MENDED, versions=dated)
    add(notebook, 1, ABSTRACT)
    versions = notebook.papers.entry(1).versions
    assert [(v.version, v.abstract) for v in versions] == [(1, ABSTRACT), (2, MENDED)]
    assert versions[0].seen.startswith("2020-01-01")
    assert notebook.papers.entry(1).work.abstract == MENDED


def test_when_a_version_appeared_is_kept_but_news_come_after_the_decision(
    notebook: Notebook,
) -> None:
    def seen(version: int, day: str) -> list[dict[str, object]]:
        return [{"version": version, "seen": f"{day}T00:00:00.000Z"}]

    def newest() -> str:
        return notebook.papers.entry(1).versions[-1].seen[:10]

    add(notebook, None, ABSTRACT)
    add(notebook, 1, ABSTRACT, versions=seen(1, "2020-01-01"))
    assert newest() == "2020-01-01", "no news, so the day on which it appeared"
    add(notebook, 2, MENDED, versions=seen(2, "2020-02-02"))
    assert newest() == "2026-11-23", "news, which this tray did not know before"
    add(notebook, 3, ANOTHER, versions=seen(3, "2027-01-01"))
    assert newest() == "2026-11-23", "nobody can have seen it later than now"
    assert new_version(notebook.papers.entry(1)) is not None
    notebook.papers.move([1], Pile.READ)
    assert new_version(notebook.papers.entry(1)) is None
