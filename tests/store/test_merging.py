"""Merging two papers: what goes where, what leads where, and taking it back."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.errors import UnknownPaper, UsageError
from papertray.core.model import Pile
from papertray.notebook.notebook import Notebook

from trays import SteppingClock, add_lines, open_notebook

PREPRINT: dict[str, object] = {
    "title": "On the Length of Paths",
    "authors": ["Ann Lee"],
    "year": 2020,
    "arxiv_id": "2001.00001v2",
    "abstract": "Paths are long.",
    "ris": {"N1": "kept"},
}
PUBLISHED: dict[str, object] = {
    "title": "Long Paths Revisited",
    "authors": ["Ann Lee"],
    "year": 2021,
    "doi": "10.1234/paths",
    "venue": "Journal of Paths",
    "original": {"venue": "J.~of Paths"},
}
OTHER: dict[str, object] = {"title": "Something Else", "authors": ["Bob Ray"], "doi": "10.1234/b"}

TABLES = (
    "paper", "standing", "identifier", "listing", "tag", "note", "versions", "original",
    "attachment", "pile_count",
)  # fmt: skip


def contents(notebook: Notebook) -> dict[str, list[tuple[object, ...]]]:
    """Return every column that decisions and merges change; of notes not when they were."""
    reader = notebook._tray.reader()
    found = {name: reader.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
             for name in TABLES}  # fmt: skip
    found["note"] = reader.execute(
        "SELECT id, paper_id, title, body, revision, is_main FROM note"
        " WHERE revision IS NOT NULL ORDER BY id"
    ).fetchall()
    return found


def keys_of(notebook: Notebook) -> dict[int, str]:
    """Return the citation keys that count."""
    rows = notebook._tray.reader().execute("SELECT paper_id, key FROM citekey WHERE state <> 'old'")
    return dict(rows.fetchall())


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    """A tray with a preprint, 1, its published copy, 2, and another paper, 3."""
    opened = open_notebook(tmp_path)
    for record in (PREPRINT, PUBLISHED, OTHER):
        add_lines(opened, [record])
    return opened


def test_the_one_that_was_decided_about_stays_and_gets_what_it_lacks(notebook: Notebook) -> None:
    notebook.papers.move([2], Pile.READ)
    merged = notebook.duplicates.merge(1, 2)
    assert (merged.survivor, merged.loser) == (2, 1)
    entry = notebook.papers.entry(2)
    assert entry.work.title == "Long Paths Revisited"
    assert entry.work.abstract == "Paths are long."
    assert (entry.work.arxiv_id, entry.work.doi) == ("2001.00001", "10.1234/paths")
    assert entry.extra == {"ris": {"N1": "kept"}}
    assert [version.version for version in entry.versions] == [2]
    assert len(entry.sightings) == 2
    assert notebook.papers.counts().inbox == 1


@pytest.mark.parametrize(
    ("one", "other", "stays", "pile"),
    [
        ("inbox", "inbox", 1, "inbox"), ("skip", "inbox", 1, "skip"), ("inbox", "skip", 2, "skip"),
        ("skip", "read", 1, "read"), ("starred", "read", 1, "starred"),
        ("read", "starred", 1, "starred"),
    ],
)  # fmt: skip
def test_which_stays_and_where_it_lies(
    notebook: Notebook, one: str, other: str, stays: int, pile: str
) -> None:
    notebook.papers.move([1], Pile(one))
    notebook.papers.move([2], Pile(other))
    for first, second in ((1, 2), (2, 1)):
        assert notebook.duplicates.merge(first, second).survivor == stays
        assert notebook.papers.entry(stays).pile == pile
        notebook.journal.undo()


def test_all_names_of_the_merged_paper_lead_on_for_ever(notebook: Notebook) -> None:
    notebook.papers.move([1, 2], Pile.READ)
    keys = [notebook.papers.use_citekey(1), notebook.papers.use_citekey(2)]
    uids = [notebook.papers.entry(paper).uid for paper in (1, 2)]
    notebook.duplicates.merge(1, 2)
    names = (*keys, *uids, "1", "2", "2001.00001", "10.1234/paths")
    assert {notebook.papers.find(name) for name in names} == {1}
    assert keys[1] in notebook.papers.entry(1).older_keys


def test_merging_into_a_third_leads_on_from_the_first(notebook: Notebook) -> None:
    add_lines(notebook, [{"title": "A Long Path", "authors": ["Ann Lee"], "year": 2020}])
    notebook.papers.move([4], Pile.STARRED)
    notebook.duplicates.merge(1, 2)
    notebook.duplicates.merge(1, 4)
    assert notebook.papers.find("2") == 4
    assert list(notebook.search.search("id:2").ids) == [4]
    notebook.journal.undo()
    assert notebook.papers.find("2") == 1
    notebook.journal.undo()
    with pytest.raises(UnknownPaper):
        notebook.papers.find("5")
    assert notebook.papers.find("2") == 2


def test_a_paper_that_was_merged_stands_for_the_one_that_it_leads_to(notebook: Notebook) -> None:
    add_lines(notebook, [{"title": "A Long Path", "authors": ["Ann Lee"], "year": 2020}])
    notebook.duplicates.merge(1, 2)

    again = notebook.duplicates.merge(2, 4)

    assert (again.survivor, again.loser) == (1, 4)
    with pytest.raises(UsageError, match="nothing to merge"):
        notebook.duplicates.merge(2, 4)


def test_different_dois_are_two_works(notebook: Notebook) -> None:
    before = contents(notebook)
    with pytest.raises(UsageError, match=r"10\.1234/paths and 10\.1234/b"):
        notebook.duplicates.merge(2, 3)
    notebook.duplicates.merge(1, 2)
    with pytest.raises(UsageError, match="different DOIs"):
        notebook.duplicates.merge(1, 3)
    notebook.journal.undo()
    assert contents(notebook) == before


def test_a_paper_is_not_merged_with_itself(notebook: Notebook) -> None:
    notebook.duplicates.merge(1, 2)
    with pytest.raises(UsageError, match="nothing to merge"):
        notebook.duplicates.merge(notebook.papers.find("2"), 1)


def test_both_main_notes_are_kept_and_one_stays_the_main_one(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "Of the preprint.")
    notebook.notes.save_main(2, "Of the journal.")
    notebook.duplicates.merge(1, 2)
    notes = notebook.papers.entry(1).notes
    assert [(note.body, note.is_main) for note in notes] == [
        ("Of the preprint.\n", True), ("Of the journal.\n", False),
    ]  # fmt: skip
    notebook.journal.undo()
    assert [notebook.notes.main(paper).body for paper in (1, 2)] == [  # type: ignore[union-attr]
        "Of the preprint.\n", "Of the journal.\n",
    ]  # fmt: skip


def test_undo_moves_back_what_still_lies_there_and_leaves_what_changed(notebook: Notebook) -> None:
    notebook.papers.change_tags([2], add=["paths"])
    batch = notebook.duplicates.merge(1, 2).batch
    notebook.papers.move([1], Pile.STARRED)
    notebook.papers.change_tags([1], add=["mine"])
    taken_back = notebook.journal.undo_batch(batch)
    assert taken_back.left == 0  # an inbox paper that was merged with another changed no pile
    one, two = notebook.papers.entries([1, 2])
    assert (one.pile, one.tags) == (Pile.STARRED, ("mine",))
    assert (two.pile, two.tags, two.removed) == (Pile.INBOX, ("paths",), "")


def test_undoing_an_earlier_merge_leaves_what_a_later_one_moved_on(notebook: Notebook) -> None:
    add_lines(notebook, [{"title": "A Long Path", "authors": ["Ann Lee"], "year": 2020}])
    notebook.papers.move([4], Pile.STARRED)
    earlier = notebook.duplicates.merge(1, 2).batch
    notebook.duplicates.merge(1, 4)
    assert notebook.journal.undo_batch(earlier).left > 0
    assert notebook.papers.find("2") == 4
    assert notebook.papers.counts().inbox == 1  # of 3 alone: 2 is not shown beside what it is in


def test_search_finds_the_survivor_by_the_notes_of_both(notebook: Notebook) -> None:
    notebook.notes.save_main(2, "Zebras.")
    notebook.search.follow()
    notebook.duplicates.merge(1, 2)
    notebook.search.follow()
    assert list(notebook.search.search("zebras").ids) == [1]
    assert list(notebook.search.search("revisited").ids) == []
    notebook.journal.undo()
    notebook.search.follow()
    assert list(notebook.search.search("zebras").ids) == [2]
    assert list(notebook.search.search("revisited").ids) == [2]


def test_what_was_merged_is_found_again_by_every_record_of_either(notebook: Notebook) -> None:
    notebook.duplicates.merge(1, 2)
    for record in (PREPRINT, PUBLISHED, {**PUBLISHED, "doi": "", "year": 2020}):
        assert add_lines(notebook, [record]).counts.added == 0
    other = add_lines(notebook, [{**PREPRINT, "doi": "10.1234/another"}])
    assert other.counts.added == 1  # its arXiv id is the same, but its DOI says otherwise


def test_a_merge_leaves_nothing_for_the_doctor(notebook: Notebook) -> None:
    notebook.notes.save_main(2, "Text.")
    notebook.papers.move([2], Pile.STARRED)
    for _ in ("merged", "taken back"):
        batch = notebook.duplicates.merge(1, 2).batch
        assert list(notebook.health.findings()) == []
        notebook.journal.undo_batch(batch)
        assert list(notebook.health.findings()) == []


def test_the_history_of_a_paper_tells_what_was_merged_into_it(notebook: Notebook) -> None:
    notebook.papers.move([2], Pile.SKIP, reason="too long")
    notebook.papers.move([1], Pile.READ)
    notebook.duplicates.merge(1, 2)
    lines = notebook.journal.of_paper(1)
    assert "too long" in {line.reason for line in lines}
    assert [line.value for line in lines if line.field == "merged_into"] == ["1"]


def test_what_lasts_of_a_key_goes_along_and_the_rest_comes_back(notebook: Notebook) -> None:
    notebook.papers.move([1, 2], Pile.SKIP)
    notebook.notes.save_main(2, "Kept for its note, so it has a key.")
    key = notebook.papers.entry(2).citekey
    assert key
    batch = notebook.duplicates.merge(1, 2).batch
    assert notebook.papers.entry(1).citekey not in ("", key), "its own: nobody has used the other"
    assert notebook.papers.find(key) == 1
    notebook.journal.undo_batch(batch)
    assert notebook.papers.entry(2).citekey == key
    assert list(notebook.health.findings()) == []
    notebook.papers.use_citekey(2)
    notebook.duplicates.merge(1, 2)
    assert notebook.papers.find(key) == 1


def test_unknown_fields_of_one_format_are_put_together(notebook: Notebook) -> None:
    add_lines(notebook, [{"title": "A Long Path", "ris": {"N1": "other", "N2": "too"}}])
    notebook.duplicates.merge(1, 4)
    assert notebook.papers.entry(1).extra == {"ris": {"N1": "kept", "N2": "too"}}
    notebook.journal.undo()
    assert notebook.papers.entry(1).extra == {"ris": {"N1": "kept"}}


def test_the_original_of_a_text_goes_where_the_text_goes(notebook: Notebook) -> None:
    newer = {**PREPRINT, "title": "On Long Paths", "arxiv_id": "2001.00002v3"}
    older = {**PREPRINT, "title": "Of Old Paths", "arxiv_id": "2001.00003v1",
             "original": {"title": "Of {Old} Paths"}}  # fmt: skip
    add_lines(notebook, [older, newer])
    before = contents(notebook)
    notebook.duplicates.merge(4, 5)
    entry = notebook.papers.entry(4)
    assert (entry.work.title, entry.original) == ("On Long Paths", {})
    notebook.journal.undo()
    assert contents(notebook) == before


def test_who_still_shows_the_merged_paper_decides_about_the_one_that_stays(
    notebook: Notebook, tmp_path: Path
) -> None:
    work = notebook.papers.entry(2).work
    notebook.duplicates.merge(1, 2)
    with open_notebook(tmp_path) as screen:
        screen.papers.move([2], Pile.STARRED)
        screen.papers.change_tags([1, 2], add=["paths"])
        screen.papers.edit(2, replace(work, comment="mine"), base=work)
        entry = screen.papers.entry(1)
        assert (entry.pile, entry.tags, entry.work.comment) == (Pile.STARRED, ("paths",), "mine")
        assert entry.citekey
        assert screen.papers.entry(2).removed


def test_a_note_that_was_open_meanwhile_lands_on_the_one_that_stays(notebook: Notebook) -> None:
    notebook.notes.save_main(1, "Of the one.")
    notebook.notes.save_main(2, "Of the other.")
    notebook.duplicates.merge(1, 2)
    notebook.notes.save_main(2, "Of the other, longer.", base="Of the other.\n")
    notebook.notes.append(2, "And more.")
    notebook.notes.new(2, "Second", "Words.")
    bodies = [note.body for note in notebook.papers.entry(1).notes]
    for words in ("Of the one.", "Of the other.", "Of the other, longer.", "And more.", "Words."):
        assert any(words in body for body in bodies), words
    main = notebook.notes.main(2)
    assert main == notebook.notes.main(1)
    assert main is not None
    notebook.notes.save_main(2, f"{main.body}Written on.", base=main.body)
    written = notebook.notes.main(1)
    assert written is not None
    assert written.body == f"{main.body}Written on.\n"


def test_papers_that_lead_in_a_circle_are_found_all_the_same(notebook: Notebook) -> None:
    with notebook._tray.write() as connection:
        connection.execute("UPDATE paper SET merged_into = 3 - id WHERE id < 3")
    assert notebook.papers.find("10.1234/paths") in (1, 2)


PAPERS = 5
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["read", "skip", "starred", "inbox", "done", "tag", "note", "remove", "merge", "merge",
             "undo", "redo", "edit"]
        ),
        st.integers(1, PAPERS),
        st.integers(1, PAPERS),
    ),
    max_size=12,
)  # fmt: skip


def do(notebook: Notebook, verb: str, one: int, other: int) -> None:
    """Do one thing to a paper."""
    if verb == "merge":
        notebook.duplicates.merge(*(notebook.papers.find(str(paper)) for paper in (one, other)))
    elif verb == "done":
        notebook.papers.set_done([one])
    elif verb == "tag":
        notebook.papers.change_tags([one], add=[f"tag{other}"])
    elif verb == "note":
        notebook.notes.save_main(one, f"Note {other}")
    elif verb == "remove":
        notebook.papers.remove([one])
    elif verb == "edit":
        work = notebook.papers.entry(one).work
        notebook.papers.edit(one, replace(work, abstract=f"Text {other}"))
    elif verb in ("undo", "redo"):
        getattr(notebook.journal, verb)()
    else:
        notebook.papers.move([one], Pile(verb))


def like_a_family(number: int) -> dict[str, object]:
    """Return one of some records that can nearly all be merged."""
    record: dict[str, object] = {"title": f"Paper {number}", "authors": ["Ann Lee"]}
    if number % 2:
        record |= {"arxiv_id": f"2001.0000{number}v{number}", "abstract": f"Abstract {number}."}
        record["original"] = {"title": f"{{Paper}} {number}"} if number > 1 else {"abstract": "A"}
    if number in (2, 5):
        record |= {"doi": f"10.1234/{number}", "venue": f"Venue {number}", f"odd{number}": number}
    return record


@given(before=STEPS, last=st.tuples(st.integers(1, PAPERS), st.integers(1, PAPERS)))
@settings(max_examples=60, deadline=None)
def test_undo_restores_every_column_of_whatever_was_merged(
    before: list[tuple[str, int, int]], last: tuple[int, int]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_notebook(Path(folder), clock=SteppingClock()) as notebook,
    ):
        add_lines(notebook, map(like_a_family, range(1, PAPERS + 1)))
        for verb, one, other in [*before, ("merge", *last)]:
            was, newest = contents(notebook), notebook.journal.newest()
            keys = keys_of(notebook)
            try:
                do(notebook, verb, one, other)
            except UsageError:
                assert contents(notebook) == was
            if verb in ("undo", "redo") or notebook.journal.newest() == newest:
                continue
            became = contents(notebook)
            notebook.journal.undo()
            assert contents(notebook) == was
            assert keys.items() <= keys_of(notebook).items()
            notebook.journal.redo()
            assert contents(notebook) == became
        assert list(notebook.health.findings()) == []
        dois = notebook._tray.reader().execute(
            "SELECT count(DISTINCT value) FROM identifier WHERE scheme = 'doi' GROUP BY paper_id"
        )
        assert all(number == 1 for (number,) in dois)
