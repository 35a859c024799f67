"""A whole tray as JSON Lines: exported and added to an empty one it is the same tray."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.errors import PapertrayError
from papertray.core.model import Attachment, Author, Pile
from papertray.exporters.exporter import ExportOptions
from papertray.notebook.feeds import AddOptions, AddReport
from papertray.notebook.notebook import Notebook
from papertray.notebook.rules import Action
from papertray.store.attachments import attach
from papertray.store.journal import Batch, Origin
from papertray.store.tray import Connection
from papertray.store.writing import decide

from trays import SteppingClock, add_lines, open_notebook, works

EVERYTHING = ExportOptions(notes=True, private=True)
DECISIONS = AddOptions(decisions=True)

_TABLES = {
    "paper": "SELECT *, id AS paper_id, 0 AS id FROM paper WHERE merged_into IS NULL"
    " ORDER BY paper_id",
    "standing": "SELECT s.* FROM standing s JOIN paper p ON p.id = paper_id"
    " WHERE merged_into IS NULL ORDER BY paper_id",
    # Every uid that leads to a paper, whichever way: as its own, as one that joined it, by a merge.
    "identifier": "SELECT scheme, value, paper_id FROM identifier WHERE scheme <> 'uid' UNION"
    " SELECT 'uid', value, paper_id FROM identifier WHERE scheme = 'uid' UNION"
    " SELECT 'uid', uid, coalesce(merged_into, id) FROM paper ORDER BY 1, 2",
    "feed": "SELECT uid, name, kind, location, settings, removed FROM feed ORDER BY id",
    "listing": "SELECT paper_id, name, seen, rank, votes, is_first FROM listing"
    " JOIN feed ON feed.id = feed_id ORDER BY paper_id, listing.id",
    "original": "SELECT o.* FROM original o JOIN paper p ON p.id = paper_id"
    " WHERE merged_into IS NULL ORDER BY 1, 2",
    "versions": "SELECT v.* FROM versions v JOIN paper p ON p.id = paper_id"
    " WHERE merged_into IS NULL ORDER BY 1, 2",
    "citekey": "SELECT folded, key, coalesce(merged_into, paper_id) AS paper_id,"
    " iif(merged_into IS NULL, state, 'old') FROM citekey JOIN paper p ON p.id = paper_id"
    " ORDER BY folded",
    "tag": "SELECT t.* FROM tag t JOIN paper p ON p.id = paper_id WHERE merged_into IS NULL"
    " ORDER BY 1, 2",
    "note": "SELECT uid, paper_id, title, body, is_main, created, updated FROM note"
    " WHERE revision IS NOT NULL ORDER BY paper_id, is_main DESC, id",
    "attachment": "SELECT paper_id, path, media_type, digest, source, added FROM attachment"
    " ORDER BY paper_id, id",
    "saved_search": "SELECT uid, name, query, row_number() OVER (ORDER BY position, id)"
    " FROM saved_search WHERE removed IS NULL ORDER BY position, id",
    "rule": "SELECT uid, query, action FROM rule WHERE removed IS NULL ORDER BY id",
}
"""What of each table makes the tray, with papers by the order in which they came."""

_ASIDE = {
    "batch", "op", "note_revision", "change", "meta", "_sqlite_migrations", "sqlite_sequence",
    "pile_count", "quarantine", "exported_file", "exported_field", "seen_file", "fetched_file",
    "awaited",
}  # fmt: skip
"""The journal, revisions, the index's own, files of this machine, how far things were fetched."""


def rows(notebook: Notebook) -> dict[str, list[dict[str, object]]]:
    """Return the tray table by table, ids of papers replaced by their places."""
    reader = notebook._tray.reader()
    ids = reader.execute("SELECT id FROM paper WHERE merged_into IS NULL ORDER BY id")
    place = {id_: number for number, (id_,) in enumerate(ids)}

    def read(name: str, value: Any) -> object:
        if name == "paper_id" and value is not None:
            return place[value]
        return json.loads(value) if name in ("extra", "settings", "action") else value

    found = {}
    for table, sql in _TABLES.items():
        cursor = reader.execute(sql)
        names = [column[0] for column in cursor.description]
        found[table] = [
            {name: read(name, value) for name, value in zip(names, row, strict=True)}
            for row in cursor
        ]
    return found


def exported(notebook: Notebook, options: ExportOptions = EVERYTHING) -> str:
    exports = notebook.exports
    ids = exports.whole_tray()
    return "".join(exports.text(ids, exports.find("jsonl"), options, whole=True))


def added(notebook: Notebook, text: str, options: AddOptions = DECISIONS) -> AddReport:
    report = notebook.feeds.add(["-"], io.BytesIO(text.encode()), options)
    assert not report.failures, report.failures
    return report


def open_copy(folder: Path) -> Notebook:
    """Open another tray, some days later."""
    clock = SteppingClock()
    clock.moment = clock.moment.replace(year=clock.moment.year + 1)
    return open_notebook(folder, clock=clock)


def assert_same(folder: Path, notebook: Notebook) -> None:
    text = exported(notebook)
    with open_copy(folder) as copy:
        added(copy, text)
        theirs = rows(copy)
        for table, ours in rows(notebook).items():
            assert theirs[table] == ours, table
        assert exported(copy) == text


def test_every_table_is_compared_or_left_aside(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        found = notebook._tray.reader().execute("SELECT name FROM sqlite_master WHERE type='table'")
        assert {name for (name,) in found} == _TABLES.keys() | _ASIDE


Do = Callable[[Notebook, int, int], object]
"""Something that a user does with two papers, or with one of them, or with none."""


def _edit(notebook: Notebook, one: int, other: int) -> None:
    work = notebook.papers.entry(one).work
    changed = replace(work, title=f"{work.title} ({other})", year=None, authors=(Author("Ø", "Å"),))
    notebook.papers.edit(one, changed)


def _new_version(notebook: Notebook, one: int, other: int) -> None:
    version = {
        **works(1, one - 1)[0],
        "arxiv_id": f"2401.{one - 1:05d}v{other}",
        "abstract": f"Now {other}.",
    }
    add_lines(notebook, [version, {"title": f"A Work Without Any Name {other}", "x": other}])


def _attach(notebook: Notebook, one: int, other: int) -> None:
    def action(connection: Connection, batch: Batch) -> int:
        return attach(connection, batch, [(one, Attachment(f"files/{other}.pdf", "", "", "x"))])

    decide(notebook._tray, Origin.COMMAND, "attach", action)


DOINGS: dict[str, Do] = {
    "move": lambda n, a, b: n.papers.move([a], list(Pile)[b % 4]),
    "done": lambda n, a, b: n.papers.set_done([a], done=bool(b % 3)),
    "snooze": lambda n, a, b: n.papers.snooze([a], f"2026-12-{b + 1:02d}"),
    "remove": lambda n, a, b: n.papers.remove([a]),
    "tag": lambda n, a, b: n.papers.change_tags([a, b], add=[f"tag {b}"]),
    "untag": lambda n, a, b: n.papers.change_tags([a], remove=[f"tag {b}"]),
    "note": lambda n, a, b: n.notes.append(a, f"Seen {b}.\n\n## private\n\nSecret\x0b."),
    "unnote": lambda n, a, b: n.notes.save_main(a, ""),
    "more": lambda n, a, b: n.notes.new(a, f"Title {b % 2}", "" if b % 3 else "Same.\n"),
    "free": lambda n, a, b: n.notes.new(None, f"Idea {b % 2}", "" if b % 3 else "Same.\n"),
    "edit": _edit,
    "key": lambda n, a, b: n.papers.edit(a, n.papers.entry(a).work, citekey=f"own{a}x{b}"),
    "merge": lambda n, a, b: n.duplicates.merge(a, b),
    "apart": lambda n, a, b: n.duplicates.keep_apart(a, b),
    "version": _new_version,
    "attach": _attach,
    "search": lambda n, a, b: n.searches.save(f"Find {b % 3}", f"year:{2000 + a}"),
    "unsearch": lambda n, a, b: n.searches.remove(f"Find {b % 3}"),
    "rule": lambda n, a, b: n.rules.add(f"title:{b}", Action(tag=f"about {b}")),
    "feed": lambda n, a, b: n.subscriptions.add(
        f"https://example.org/{b % 3}.xml", f"Feed {b % 3}", expire=b, tags=["daily"]
    ),
    "unfeed": lambda n, a, b: n.subscriptions.remove([f"Feed {b % 3}"]),
    "again": lambda n, a, b: add_lines(n, works(2, a), AddOptions(tags=("again",))),
    "undo": lambda n, a, b: n.journal.undo(),
    "redo": lambda n, a, b: n.journal.redo(),
    "export": lambda n, a, b: n.papers.use_citekeys([a]),
}


def use(notebook: Notebook, doings: Iterable[tuple[str, int, int]]) -> None:
    """Do these things; what is refused was nothing to do."""
    add_lines(notebook, works(6))
    add_lines(notebook, [
        {**works(1)[0], "votes": 3, "id": 7, "note to self": None, "extra": {"a": 1}},
        {"title": "A Work Without Any Name of Its Own", "abstract": "Same.", "year": 2020},
        {"title": "Preface", "url": "https://example.org/1", "published": "in spring"},
        {"title": "Preface", "url": "https://example.org/2", "summary": "S", "abstract": "A"},
        {"title": "Versioned", "authors": ["Å Ø"], "arxiv_id": "2402.00001v2", "abstract": "One.",
         "original": {"title": "{V}ersioned"}, "identifiers": ["acl:N18-1001", "issn:1234-5678"]},
    ])  # fmt: skip
    for name, one, other in doings:
        with suppress(PapertrayError):
            DOINGS[name](notebook, one, other)


def test_a_tray_in_which_everything_was_done_comes_back(tmp_path: Path) -> None:
    with open_notebook(tmp_path / "tray") as notebook:
        use(notebook, [(name, n % 9 + 1, n % 7 + 2) for n, name in enumerate(3 * [*DOINGS])])
        assert all(rows(notebook).values()), "something of everything"
        assert_same(tmp_path / "copy", notebook)


_NUMBERS = st.integers(1, 10)


@pytest.mark.long
@settings(max_examples=250, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(DOINGS)), _NUMBERS, _NUMBERS), max_size=25))
def test_any_tray_comes_back(doings: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as folder, open_notebook(Path(folder) / "tray") as notebook:
        use(notebook, doings)
        assert_same(Path(folder) / "copy", notebook)


def test_the_same_again_adds_nothing(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        use(notebook, [(name, 2, 3) for name in ("note", "free", "tag", "search", "rule", "feed")])
        text = exported(notebook)
        before = rows(notebook)
        report = added(notebook, text)
        assert (report.batch, report.left_behind) == (None, [])
        assert rows(notebook) == before


def test_a_tray_with_things_of_its_own_keeps_them(tmp_path: Path) -> None:
    with open_notebook(tmp_path / "one") as one, open_notebook(tmp_path / "two") as two:
        use(one, [("move", 1, 1), ("note", 1, 5), ("search", 1, 3), ("feed", 1, 3), ("rule", 1, 1)])
        add_lines(two, works(1))
        two.papers.move([1], Pile.SKIP)
        two.searches.save("find 0", "mine")
        two.subscriptions.add("https://example.org/mine.xml", "Feed 0")
        report = added(two, exported(one))

        assert two.papers.entry(1).pile is Pile.SKIP, "a decided paper never moves"
        assert [note.body[:6] for note in two.papers.entry(1).notes] == ["Seen 5"]
        assert [search.query for search in two.searches.all()] == ["mine"]
        assert [feed.location for feed, *_ in two.subscriptions.all()] == [
            "https://example.org/mine.xml"
        ]
        assert [rule.query for rule in two.rules.all()] == ["title:1"]
        assert [(left.what, left.number) for left in report.left_behind] == [
            ("feeds, searches and rules", 2)
        ]

        assert report.batch is not None
        two.journal.undo_batch(report.batch)
        assert two.rules.all() == []
        assert two.papers.entry(1).notes == ()


def test_without_decisions_only_papers_come(tmp_path: Path) -> None:
    with open_notebook(tmp_path / "one") as one, open_copy(tmp_path / "two") as two:
        use(one, [("free", 1, 3), ("search", 1, 3), ("feed", 1, 3), ("rule", 1, 1)])
        report = added(two, exported(one), AddOptions())
        assert report.counts.added == one.papers.number()
        told = {
            name: report.untaken[name] for name in ("notes", "feeds", "saved searches", "rules")
        }
        assert set(told.values()) == {1}, told
        found = rows(two)
        assert not any(found[table] for table in ("note", "saved_search", "rule", "attachment"))
        assert two.subscriptions.all() == []
        named = {listing["name"] for listing in found["listing"]}
        assert named == {"stdin"} == {feed["name"] for feed in found["feed"]}


def test_feeds_that_lie_nowhere_and_rules_that_say_nothing_are_left(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"record": "feed", "name": "f", "kind": "url", "location": "file:///etc/passwd"},
        {"record": "feed", "name": "g", "kind": "url", "location": "javascript:alert(1)"},
        {"record": "feed", "name": "h", "kind": "folder", "location": "here"},
        {"record": "search", "name": "s", "query": "yaer:2020"},
        {"record": "search", "name": 'a "b"', "query": "x"},
        {"record": "rule", "query": "x", "action": {"run": "rm"}},
        {"record": "rule", "query": "yaer:1", "action": {"tag": "x"}},
        {"title": "A paper"},
    ]
    with open_notebook(tmp_path) as notebook:
        report = add_lines(notebook, lines, DECISIONS)
        assert [left.number for left in report.left_behind] == [7]
        assert notebook.subscriptions.all() == []
        assert notebook.searches.all() == []
        assert notebook.rules.all() == []


def test_what_was_edited_stays_edited(tmp_path: Path) -> None:
    with open_notebook(tmp_path / "one") as one, open_copy(tmp_path / "two") as two:
        use(one, [("version", 1, 2), ("edit", 1, 7)])
        added(two, exported(one))
        _new_version(two, 1, 9)
        entry = two.papers.entry(1)
        assert entry.work.title.endswith("(7)"), "hers"
        assert entry.work.abstract == "Now 9.", "the newest version's"


def test_private_parts_stay(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        use(notebook, [("note", 1, 5), ("more", 1, 1), ("free", 1, 1)])
        notebook.notes.new(None, "Private", "Secret.")
        text = exported(notebook, ExportOptions(notes=True))
        assert "Secret" not in text
        assert "Seen 5" in text
        assert notebook.exports.notes_in_tray(ExportOptions(notes=True)) == (3, 2)
        assert notebook.exports.notes_in_tray(EVERYTHING) == (4, 0)
        assert '"note"' not in exported(notebook, ExportOptions(notes=False))
