"""What `doctor` finds and `--repair` mends: each thing is broken by plain SQL, as a tool would."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from papertray.core.errors import TrayDamaged
from papertray.core.model import Pile
from papertray.core.subscriptions import FeedState
from papertray.notebook.health import repair
from papertray.notebook.rules import Action
from papertray.store import salvage
from papertray.store.awaited import all_awaited
from papertray.store.connection import statements
from papertray.store.places import throw_away_places
from papertray.store.seen_files import SeenFile, remember, seen_files
from papertray.store.subscriptions import save_state

from trays import SteppingClock, add_lines, open_notebook, works


@dataclass(frozen=True)
class Broken:
    """A way to break a tray: what a tool does, and words of the sentence that explains it."""

    statements: str
    words: str


DAMAGE = {
    "trigger": Broken("DROP TRIGGER paper_update", "trigger paper_update is missing"),
    "foreign trigger": Broken(
        "DROP TRIGGER note_insert;\n"
        "CREATE TRIGGER note_insert AFTER INSERT ON note BEGIN SELECT 1; END",
        "trigger note_insert is not the one",
    ),
    "index": Broken("DROP INDEX standing_pile", "index standing_pile is missing"),
    "view": Broken("DROP VIEW reading_list", "view reading_list is missing"),
    "epoch": Broken("DELETE FROM meta WHERE name = 'epoch'", "meta has no epoch"),
    "count": Broken("UPDATE pile_count SET papers = 7 WHERE pile = 'inbox'", "inbox says 7 papers"),
    "count of done": Broken("UPDATE pile_count SET done = 5 WHERE pile = 'read'", "5 of them done"),
    "standing": Broken("DELETE FROM standing WHERE paper_id = 3", "Paper 3 lies in no pile"),
    "moved": Broken("UPDATE standing SET pile = 'skip' WHERE paper_id = 2", "journal says inbox"),
    "undated": Broken("UPDATE standing SET decided = NULL WHERE paper_id = 1", "no date of decis"),
    "dated": Broken("UPDATE standing SET decided = added WHERE paper_id = 2", "still has the date"),
    "note text": Broken("UPDATE note SET body = 'other\n'", "text of its last revision"),
    "note gone": Broken("UPDATE note SET revision = NULL", "counts as gone"),
    "note revision": Broken("DELETE FROM note_revision", "row of note_revision that does not"),
    "note lost": Broken("DELETE FROM note", "Row 1 of note_revision points to a row of note"),
    "note orphaned": Broken("UPDATE note SET paper_id = 99", "belongs to a paper that does not"),
    "main notes": Broken(
        "INSERT INTO note(uid, paper_id, is_main, created, updated)"
        " SELECT 'another', paper_id, 1, created, updated FROM note",
        "more than one main note",
    ),
    "tag": Broken("INSERT INTO tag VALUES (99, 'x')", "tag points to a row of paper"),
    "identifier": Broken("INSERT INTO identifier VALUES ('doi', 'x', 99)", "row of identifier"),
    "paper": Broken("DELETE FROM paper WHERE id = 1", "standing points to a row of paper"),
    "undecided paper": Broken("DELETE FROM paper WHERE id = 3", "Row 3 of standing points"),
    "batch": Broken("DELETE FROM batch WHERE id = 2", "of op points to a row of batch"),
    "feed": Broken("DELETE FROM feed", "listing points to a row of feed"),
    "feed's settings": Broken("UPDATE feed SET settings = '{\"tags\": '", "settings of the feed"),
    "merged": Broken("UPDATE paper SET merged_into = 99 WHERE id = 2", "paper points to a row of"),
    "merged in a circle": Broken(
        "UPDATE paper SET merged_into = 3 WHERE id = 2;\n"
        "UPDATE paper SET merged_into = 2 WHERE id = 3",
        "Paper 2 counts as part of another one, which leads back to it",
    ),
    "merged by a detour": Broken(
        "UPDATE paper SET merged_into = 2 WHERE id = 3;\n"
        "UPDATE paper SET merged_into = 1 WHERE id = 2",
        "Paper 3 is part of paper 1, but leads there by a detour",
    ),
    "note on a merged paper": Broken(
        "UPDATE paper SET merged_into = 2 WHERE id = 1",
        "Note 1 lies on paper 1, which is not shown",
    ),
    "DOI of arXiv": Broken(
        "INSERT INTO identifier VALUES ('doi', '10.48550/arxiv.2401.00001', 2)",
        "Paper 2 is filed under 10.48550/arxiv.2401.00001",
    ),
    "fetched file": Broken(
        "INSERT INTO fetched_file(paper_id, url, at) VALUES (99, 'https://example.org/a.pdf', '')",
        "row of fetched_file points to a row of paper",
    ),
    "seen file": Broken(
        "INSERT INTO seen_file(feed_id, path, digest, at) VALUES (99, 'a.bib', 'd', '')",
        "row of seen_file points to a row of feed",
    ),
    "awaited": Broken(
        "INSERT INTO awaited(paper_id, scheme, value, asked) VALUES (99, 'doi', '10.1/x', '')",
        "Row 99 of awaited points to a row of paper",
    ),
    "awaited by no name": Broken(
        "INSERT INTO awaited(paper_id, scheme, value, asked) VALUES (2, 'isbn', 'x', '')",
        "Paper 2 waits for isbn x, which nobody can be asked for",
    ),
    "only a name": Broken(
        "UPDATE paper SET title = 'arXiv:2401.00001' WHERE id = 2",
        "Paper 2 is only a name, arXiv:2401.00001, and nobody is asked for the rest",
    ),
    "rule": Broken(
        "INSERT INTO rule(uid, query, action) VALUES ('u', 'x', '[1]')",
        "Rule 1 does nothing that can be read",
    ),
    "folding": Broken(
        "UPDATE citekey SET folded = 'elsewhere' WHERE paper_id = 1", "is filed wrongly"
    ),
    "rival key": Broken(
        "INSERT INTO citekey VALUES ('other', 'other', 1, 'pinned')", "more than one citation key"
    ),
    "no key": Broken("DELETE FROM citekey", "has no citation key"),
    "arxiv id": Broken("DELETE FROM identifier WHERE paper_id = 2", "by its arXiv id 2401.00001"),
}


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tray with three papers: 1 starred and noted, 2 and 3 in the inbox."""
    folder = tmp_path_factory.mktemp("pattern")
    with open_notebook(folder) as notebook:
        add_lines(notebook, works(3))
        notebook.papers.move([1], Pile.STARRED)
        notebook.notes.save_main(1, "A thought.")
    return folder


@pytest.fixture
def folder(pattern: Path, tmp_path: Path) -> Path:
    """A copy of that tray, to be broken."""
    shutil.copytree(pattern, tmp_path, dirs_exist_ok=True)
    return tmp_path


def sentences(folder: Path) -> list[str]:
    with open_notebook(folder) as notebook:
        return [finding.sentence for finding in notebook.health.findings()]


def database(folder: Path) -> Path:
    return throw_away_places(folder).database


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}


def mend(folder: Path) -> Path | None:
    return repair(throw_away_places(folder), lambda done, total: None, SteppingClock(60)).aside


def test_a_sound_tray_is_left_alone(folder: Path) -> None:
    before = dump(database(folder))
    assert sentences(folder) == []
    assert mend(folder) is None
    assert dump(database(folder)) == before


@pytest.mark.parametrize("name", DAMAGE)
def test_each_damage_is_explained_and_mended(folder: Path, name: str) -> None:
    broken = DAMAGE[name]
    before = dump(database(folder))
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        for statement in statements(f"{broken.statements};"):
            connection.execute(statement)
    found = sentences(folder)
    assert any(broken.words in sentence for sentence in found), found
    aside = mend(folder)
    assert sentences(folder) == []
    assert aside is not None
    assert aside.exists(), "what was there before is kept"
    after = dump(database(folder))
    texts = {row[3] for row in after["note_revision"]} | {row[4] for row in after["note"]}
    assert {row[3] for row in before["note_revision"]} <= texts, "no text of the user is lost"
    ops = {row[0]: row for row in after["op"]}
    assert all(ops[row[0]] == row for row in before["op"]), "the journal only grows"
    assert {row[:2] for row in before["tag"]} <= {row[:2] for row in after["tag"]}


@pytest.mark.parametrize(
    "name", ["trigger", "index", "view", "count", "undated", "arxiv id", "DOI of arXiv"]
)
def test_mending_changes_nothing_else(folder: Path, name: str) -> None:
    before = dump(database(folder))
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute(DAMAGE[name].statements)
    mend(folder)
    after = dump(database(folder))
    changed = {table for table in before if before[table] != after[table]}
    # Which device writes here is for each folder to say; missed changes mean a new index.
    assert changed <= {"meta", "change", "sqlite_sequence"}


def test_a_starred_paper_that_was_deleted_comes_back_with_its_identifier(folder: Path) -> None:
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute("DELETE FROM paper WHERE id = 1")
    mend(folder)
    with open_notebook(folder) as notebook:
        entry = notebook.papers.entry(1)
        assert (entry.pile, entry.work.arxiv_id) == (Pile.STARRED, "2401.00000")
        assert add_lines(notebook, works(1)).counts.added == 0, "a feed that brings it joins it"


def test_what_another_tool_moved_can_be_undone_as_a_repair(folder: Path) -> None:
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute("UPDATE standing SET pile = 'skip', decided = added WHERE paper_id = 2")
    mend(folder)
    with open_notebook(folder) as notebook:
        newest = notebook.journal.history()[0]
        assert newest.origin == "repair"
        notebook.journal.undo_batch(newest.id)
        assert notebook.papers.counts().inbox == 2


def test_a_paper_that_was_only_a_name_is_asked_for_again(folder: Path) -> None:
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute("UPDATE paper SET title = 'arXiv:2401.00001' WHERE id = 2")
        connection.execute(
            "INSERT INTO awaited(paper_id, scheme, value, asked)"
            " VALUES (99, 'doi', '10.1234/X', '')"
        )
    mend(folder)
    with open_notebook(folder) as notebook:
        waiting = {one.paper_id: one.named.title for one in all_awaited(notebook._tray.reader())}
        assert waiting == {2: "arXiv:2401.00001", 99: "doi:10.1234/X"}
        assert notebook.papers.find("10.1234/x") == 99
        assert notebook.papers.entry(99).work.title == "doi:10.1234/X"


def test_feeds_are_read_again_where_papers_were_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salvage, "MOST_PROBES", 1000)  # the damage is at the end of the table
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(300))
        one = notebook.subscriptions.add("arxiv:cs.CL", "CL").subscription
        state = FeedState(etag="e", digest="d", read_until="2026-11-22", fetched="2026-11-23")
        with notebook._tray.write() as connection:
            save_state(connection, one.id, state)
            remember(connection, one.id, [SeenFile("a.bib", "m")], "2026-11-23")
        assert notebook.rules.add("number", Action(tag="n")) is not None
    assert damage(database(tmp_path), b"Number 299 and What") > 0

    repair(throw_away_places(tmp_path), lambda done, total: None, SteppingClock(60))

    with open_notebook(tmp_path) as notebook:
        ((_, now, _),) = notebook.subscriptions.all()
        assert now == FeedState(read_until="2026-11-15", fetched="2026-11-23")
        assert seen_files(notebook._tray.reader(), one.id) == {}
        report = add_lines(notebook, works(300))
        assert report.rules.tagged == report.counts.added > 0, "also to numbers that papers had"


LIBRARY = (
    '[{"id": "smith20", "type": "book", "title": "What a Library Holds", "issued": {"raw": "2020"},'
    ' "author": [{"family": "Smith", "given": "J"}]}]'
)


def test_what_a_library_brought_is_no_damage_and_comes_back_to_read(tmp_path: Path) -> None:
    (tmp_path / "library.json").write_text(LIBRARY)
    with open_notebook(tmp_path) as notebook:
        notebook.feeds.add([str(tmp_path / "library.json")], BytesIO())
        before = dump(database(tmp_path))["standing"]
        assert before[0][1] == "read"
    assert sentences(tmp_path) == []
    with closing(sqlite3.connect(database(tmp_path), isolation_level=None)) as connection:
        connection.execute("DELETE FROM standing")
    mend(tmp_path)
    assert dump(database(tmp_path))["standing"] == before
    assert sentences(tmp_path) == []


def test_a_lost_standing_comes_back_with_all_that_was_decided(folder: Path) -> None:
    with open_notebook(folder, clock=SteppingClock(30)) as notebook:
        notebook.papers.set_done([1], done=True)
        notebook.papers.remove([2])
        before = dump(database(folder))["standing"]
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute("DELETE FROM standing")
    mend(folder)
    assert dump(database(folder))["standing"] == before
    assert sentences(folder) == []


def test_search_follows_after_changes_that_no_trigger_saw(folder: Path) -> None:
    with open_notebook(folder) as notebook:
        notebook.search.follow()
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER paper_update")
        connection.execute("UPDATE paper SET title = 'Zebras' WHERE id = 2")
    mend(folder)
    with open_notebook(folder) as notebook:
        notebook.search.follow()
        hits = notebook.search.search("zebras")
        assert (list(hits.ids), hits.notice) == ([2], "")


def test_a_clock_that_jumped_is_only_told(folder: Path) -> None:
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute("UPDATE batch SET at = '2020-01-01T00:00:00.000Z' WHERE id = 2")
        connection.execute("UPDATE batch SET at = '2031-01-01T00:00:00.000Z' WHERE id = 3")
    with open_notebook(folder) as notebook:
        found = list(notebook.health.findings())
    assert [finding.is_harm for finding in found] == [False, False]
    assert "went back before batch 2" in found[0].sentence
    assert "Batch 3" in found[1].sentence
    assert mend(folder) is None


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_decided_and_undone_is_well(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(6))
        for _ in range(60):
            paper = chance.randrange(1, 7)
            what = chance.randrange(8)
            if what < 3:
                notebook.papers.move([paper], chance.choice(list(Pile)))
            elif what == 3:
                notebook.papers.set_done([paper], done=chance.random() < 0.7)
            elif what == 4:
                notebook.notes.save_main(paper, chance.choice(["", "one", "two"]))
            elif what == 5:
                notebook.journal.redo()
            else:
                notebook.journal.undo()
        assert [finding.sentence for finding in notebook.health.findings()] == []


def damage(path: Path, words: bytes) -> int:
    """Overwrite the pages that hold `words`; return how many."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    pages = [start for start in range(4096, len(data), 4096) if words in data[start : start + 4096]]
    for start in pages:
        data[start : start + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    return len(pages)


def test_what_a_damaged_page_leaves_is_kept(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(300))
        notebook.papers.move(range(1, 300, 2), Pile.STARRED)
        notebook.notes.save_main(1, "A thought.")
    assert damage(database(tmp_path), b"Number 150 and What") > 0
    assert any("damaged" in sentence for sentence in sentences(tmp_path))

    repaired = repair(throw_away_places(tmp_path), lambda done, total: None, SteppingClock(60))

    assert sentences(tmp_path) == []
    losses = {loss.table: loss.kept for loss in repaired.losses}
    assert 250 < losses["paper"] < 300
    with open_notebook(tmp_path) as notebook:
        counts = notebook.papers.counts()
        assert counts.starred == 150, "what was decided about is kept, if only by its number"
        note = notebook.notes.main(1)
        assert note is not None
        assert note.body == "A thought.\n"
        assert notebook.journal.undo() is not None


def test_a_damaged_index_is_built_anew(folder: Path) -> None:
    path = database(folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        (sql,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'standing_added'"
        ).fetchone()
        connection.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX standing_added ON standing(paper_id)'"
            " WHERE name = 'standing_added'"
        )
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("REINDEX standing_added")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'standing_added'", (sql,))
    before = dump(path)["paper"]
    assert any("index standing_added" in sentence for sentence in sentences(folder))

    repaired = repair(throw_away_places(folder), lambda done, total: None, SteppingClock(60))

    assert (sentences(folder), list(repaired.losses)) == ([], [])
    assert dump(path)["paper"] == before


TABLES = ("meta", "op", "standing", "note_revision", "listing", "rule", "change", "pile_count")


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_told_and_made_anew(folder: Path, table: str) -> None:
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute(f"DROP TABLE {table}")
    if table == "meta":  # without it no tray opens
        with pytest.raises(TrayDamaged, match=r"no such table: meta.*doctor --repair"):
            sentences(folder)
    else:
        assert any(f"The table {table} is missing" in sentence for sentence in sentences(folder))
    assert mend(folder) is not None
    assert sentences(folder) == []
    with open_notebook(folder) as notebook:
        note = notebook.notes.main(1)
        assert note is not None
        assert note.body == "A thought.\n"


def test_text_that_is_no_utf8_is_told_and_mended(folder: Path) -> None:
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        for table in ("note", "note_revision"):
            connection.execute(f"UPDATE {table} SET body = CAST(x'41FF42' AS TEXT)")
    assert any("note_revision holds text that is not UTF-8" in said for said in sentences(folder))
    assert mend(folder) is not None
    assert sentences(folder) == []
    with open_notebook(folder) as notebook:
        note = notebook.notes.main(1)
        assert note is not None
        assert note.body == "A\ufffdB"
        assert notebook.papers.counts().starred == 1


def without_check(path: Path, table: str, change: tuple[str, str], statement: str) -> None:
    """Run a statement while the schema of a table says something else, as damage does."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        (sql,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
        ).fetchone()
        assert change[0] in sql
        put = "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?"
        connection.execute(put, (sql.replace(*change), table))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(put, (sql, table))


def test_a_text_that_a_flipped_bit_made_bytes_is_text_again(folder: Path) -> None:
    without_check(
        database(folder), "paper", (") STRICT", ")"), "UPDATE paper SET venue = x'41' WHERE id = 2"
    )
    assert any("non-TEXT value" in sentence for sentence in sentences(folder))
    assert mend(folder) is not None
    assert sentences(folder) == []
    with open_notebook(folder) as notebook:
        assert notebook.papers.entry(2).work.venue.name == "A"


def test_rows_that_an_index_cannot_keep_apart_are_told_as_a_loss(folder: Path) -> None:
    path = database(folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        name = "sqlite_autoindex_paper_1"
        row = connection.execute("SELECT * FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'paper'").fetchone()
        connection.execute("DELETE FROM sqlite_master WHERE name = ?", (name,))
        put = "UPDATE sqlite_master SET sql = ? WHERE name = 'paper'"
        connection.execute(put, (sql.replace("uid TEXT NOT NULL UNIQUE", "uid TEXT NOT NULL"),))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE paper SET uid = (SELECT uid FROM paper WHERE id = 3)"
                           " WHERE id = 2")  # fmt: skip
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(put, (sql,))
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
    repaired = repair(throw_away_places(folder), lambda done, total: None, SteppingClock(60))
    assert [(loss.table, loss.kept) for loss in repaired.losses] == [("paper", 2)]
    assert sentences(folder) == []


def test_a_file_of_which_nothing_is_left_is_said_to_be_so(folder: Path) -> None:
    path = database(folder)
    path.write_bytes(b"\xa5" * 100_000)
    with pytest.raises(TrayDamaged, match="restore a backup"):
        mend(folder)
    assert path.read_bytes() == b"\xa5" * 100_000
