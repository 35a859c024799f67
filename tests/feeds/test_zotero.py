"""Moving in from Zotero: what its database says, whoever has it open."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from feeds.golden import written
from feeds.zotero_library import ZoteroLibrary, better_bibtex, build_small
from papertray.core.errors import UnreadableSource
from papertray.core.model import Author, Item, LeftBehind, NoteText, Record, Unread
from papertray.feeds import zotero
from papertray.feeds.source import open_source
from papertray.feeds.zotero_snapshot import TRIES, copy_at_rest

EXPECTED = Path(__file__).parent / "zotero_small.expected.jsonl"


def read(folder: Path, home: Path | None = None) -> list[Item]:
    """Return what the library in `folder` holds."""
    return list(zotero.read_library(folder, home))


def records(folder: Path) -> list[Record]:
    """Return the records alone."""
    return [item for item in read(folder) if isinstance(item, Record)]


def one(tmp_path: Path, fill: Callable[[ZoteroLibrary], object]) -> Record:
    """Return the only record of a library that `fill` fills."""
    with ZoteroLibrary(tmp_path / "Zotero") as library:
        fill(library)
    (record,) = records(tmp_path / "Zotero")
    return record


# --- the whole


def test_a_library_gives_its_records_notes_and_what_stays_behind(tmp_path: Path) -> None:
    folder = build_small(tmp_path / "Zotero")
    lines = "".join(f"{line}\n" for line in written(read(folder), str(folder)))
    if os.environ.get("PAPERTRAY_NEW_GOLDEN"):
        EXPECTED.write_text(lines, encoding="utf-8")
    assert lines == EXPECTED.read_text(encoding="utf-8")


def test_the_folder_and_the_database_are_recognised_and_other_databases_are_not(
    tmp_path: Path,
) -> None:
    folder = build_small(tmp_path / "Zotero")
    (folder / "zotero.sqlite").rename(folder / "copy.db")
    assert zotero.recognise_path(folder / "copy.db")  # by its tables, whatever its name
    assert not zotero.recognise_path(folder)
    assert not zotero.recognise_path(folder / "better-bibtex.sqlite")
    (folder / "copy.db").rename(folder / "zotero.sqlite")
    assert zotero.recognise_path(folder)
    with open_source(str(folder), BytesIO()) as source:
        assert source.reader is zotero
        assert source.feed == "Zotero"


def test_neither_recognising_nor_reading_changes_anything(tmp_path: Path) -> None:
    folder = build_small(tmp_path / "Zotero")
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.glob("*.*")}
    assert zotero.recognise_path(folder)
    read(folder)
    assert before == {
        file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.glob("*.*")
    }


# --- one thing each


@pytest.mark.parametrize(
    ("type_", "fields", "expected"),
    [
        ("preprint", {"archiveID": "arXiv:2103.00002v3"}, ("preprint", "2103.00002", 3)),
        (
            "journalArticle",
            {"publicationTitle": "arXiv:1706.03762 [cs]"},
            ("preprint", "1706.03762", None),
        ),
        ("report", {"reportNumber": "arXiv:hep-ph/9609357"}, ("report", "hep-ph/9609357", None)),
        ("journalArticle", {"extra": "arXiv: 1706.1"}, ("article", "", None)),
        (
            "journalArticle",
            {"url": "http://arxiv.org/abs/1706.03762v2"},
            ("article", "1706.03762", 2),
        ),
        ("computerProgram", {}, ("software", "", None)),
        ("webpage", {}, ("misc", "", None)),
    ],
)
def test_types_and_arxiv_ids(
    tmp_path: Path, type_: str, fields: dict[str, str], expected: tuple[str, str, int | None]
) -> None:
    record = one(tmp_path, lambda z: z.item(type_, {"title": "A title of some length", **fields}))
    assert (record.work.type, record.work.arxiv_id, record.arxiv_version) == expected


@pytest.mark.parametrize(
    ("written_date", "expected", "kept"),
    [
        ("2017-06-12 June 12, 2017", (2017, 6, 12), True),
        ("2017-06-12 2017-06-12", (2017, 6, 12), False),
        ("2017-06-00 2017-06", (2017, 6, None), False),
        ("2017-00-00 2017", (2017, None, None), False),
        ("0000-00-00 forthcoming", (None, None, None), True),
        ("2017-13-40 odd", (2017, None, None), True),
    ],
)
def test_dates_are_for_a_machine_and_as_written(
    tmp_path: Path, written_date: str, expected: tuple[int | None, ...], kept: bool
) -> None:
    record = one(tmp_path, lambda z: z.item(fields={"title": "Any title", "date": written_date}))
    assert (record.work.year, record.work.month, record.work.day) == expected
    assert ("date" in _extra(record)) is kept


def _extra(record: Record) -> dict[str, object]:
    extra = record.extra["zotero"]
    assert isinstance(extra, dict)
    return dict(extra)


def test_names_keep_their_parts_and_editors_are_no_authors(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        lambda z: z.item(
            "book",
            {"title": "A book"},
            [("van der Maaten", "Laurens"), "OpenAI", ("Research", "John"), ("E", "D", "editor")],
        ),
    )
    assert record.work.authors == (
        Author("Maaten", "Laurens", "van der"),
        Author(literal="OpenAI"),
        Author("Research", "John"),
    )
    assert _extra(record)["creators"] == [
        {"creatorType": "editor", "firstName": "D", "lastName": "E"}
    ]


def test_a_field_that_has_no_place_is_kept(tmp_path: Path) -> None:
    fields = {"title": "A case", "archiveLocation": "Shelf 3", "rights": "mine", "ISSN": "1-2 3-4"}
    record = one(tmp_path, lambda z: z.item(fields=fields))
    assert _extra(record)["archiveLocation"] == "Shelf 3"
    assert _extra(record)["rights"] == "mine"
    assert ("issn", "1-2") in record.identifiers


@pytest.mark.parametrize(
    ("fields", "listed", "expected"),
    [
        ({"citationKey": "own1"}, "listed1", "own1"),
        ({"extra": "Citation Key: pinned1"}, "listed1", "pinned1"),
        ({}, "listed1", "listed1"),
        ({"citationKey": "not a key"}, "", ""),
    ],
)
def test_whose_citation_key_counts(
    tmp_path: Path, fields: dict[str, str], listed: str, expected: str
) -> None:
    if listed:
        (tmp_path / "Zotero").mkdir()
        better_bibtex(tmp_path / "Zotero", {"AAAA0001": (listed, 0)})
    record = one(tmp_path, lambda z: z.item(fields={"title": "Any", **fields}, key="AAAA0001"))
    assert record.citekey == expected


def test_keys_of_an_older_better_bibtex_are_found_in_its_json(tmp_path: Path) -> None:
    (tmp_path / "Zotero").mkdir()
    entries = [{"itemID": 1, "libraryID": 1, "itemKey": "AAAA0001", "citekey": "old2001"}]
    with closing(sqlite3.connect(tmp_path / "Zotero" / "better-bibtex.sqlite")) as connection:
        connection.execute('CREATE TABLE "better-bibtex" (name TEXT PRIMARY KEY, data TEXT)')
        connection.execute(
            'INSERT INTO "better-bibtex" VALUES (?, ?)',
            ("better-bibtex.citekey", json.dumps({"data": entries})),
        )
        connection.commit()
    record = one(tmp_path, lambda z: z.item(fields={"title": "Any"}, key="AAAA0001"))
    assert record.citekey == "old2001"


def test_collections_are_tags_by_their_paths_without_those_in_the_trash(tmp_path: Path) -> None:
    def fill(library: ZoteroLibrary) -> None:
        outer = library.collection("Machine learning")
        inner = library.collection("Ranking", outer)
        gone = library.collection("Gone")
        library.connection.execute("INSERT INTO deletedCollections VALUES (?, '')", (gone,))
        library.item(fields={"title": "Any"}, tags=["mine"], collections=[outer, inner, gone])

    record = one(tmp_path, fill)
    assert record.decisions.tags == ("mine", "Machine learning", "Machine learning/Ranking")


def test_collections_in_a_ring_have_an_end(tmp_path: Path) -> None:
    def fill(library: ZoteroLibrary) -> None:
        one_, other = library.collection("a"), library.collection("b")
        library.connection.execute("UPDATE collections SET parentCollectionID = ?", (other,))
        library.item(fields={"title": "Any"}, collections=[one_])

    assert one(tmp_path, fill).decisions.tags == ("b/a",)


@pytest.mark.parametrize(
    ("path", "mode", "expected"),
    [
        ("storage:a b.pdf", 0, "LIBRARY/storage/FILE0001/a b.pdf"),
        ("storage:../../../etc/passwd", 1, "LIBRARY/storage/FILE0001/passwd"),
        ("/home/me/paper.pdf", 2, "/home/me/paper.pdf"),
        ("C:\\papers\\a.pdf", 2, "C:\\papers\\a.pdf"),
        ("attachments:sub/a.pdf", 2, "attachments:sub/a.pdf"),
        (None, 3, None),
        ("storage:image.png", 4, None),
    ],
)
def test_where_a_file_lies(
    tmp_path: Path, path: str | None, mode: int, expected: str | None
) -> None:
    def fill(library: ZoteroLibrary) -> None:
        paper = library.item(fields={"title": "Any"})
        library.attach(path, paper, mode, key="FILE0001")

    found = [file.path for file in one(tmp_path, fill).attachments]
    assert found == ([expected.replace("LIBRARY", str(tmp_path / "Zotero"))] if expected else [])


def test_linked_files_begin_at_the_folder_that_the_profile_names(tmp_path: Path) -> None:
    with ZoteroLibrary(tmp_path / "Zotero") as library:
        library.attach("attachments:sub/../a.pdf", library.item(fields={"title": "Any"}), 2)
    profile = tmp_path / ".zotero" / "zotero" / "abc.default"
    profile.mkdir(parents=True)
    (profile / "prefs.js").write_text(
        'user_pref("extensions.zotero.baseAttachmentPath", "/base/dir");\n', encoding="utf-8"
    )
    (record,) = [r for r in read(tmp_path / "Zotero", tmp_path) if isinstance(r, Record)]
    assert [file.path for file in record.attachments] == ["/base/dir/sub/a.pdf"]


def test_notes_of_an_item_without_a_title_are_not_lost(tmp_path: Path) -> None:
    with ZoteroLibrary(tmp_path / "Zotero") as library:
        library.note("<p>About nothing</p>", library.item("letter"))
    items = read(tmp_path / "Zotero")
    assert [type(item) for item in items] == [Unread, NoteText]
    assert isinstance(items[0], Unread)
    assert items[0].place == "item KEY00001"


def test_what_was_marked_in_a_file_without_an_item_is_a_note_by_itself(tmp_path: Path) -> None:
    with ZoteroLibrary(tmp_path / "Zotero") as library:
        file = library.attach("storage:a.pdf", None, 0, fields={"title": "a.pdf"})
        library.annotate(file, 1, "marked", page="2")
    note, left = read(tmp_path / "Zotero")
    assert note == NoteText("> marked (p. 2)", "Annotations: a.pdf")
    assert isinstance(left, LeftBehind)
    assert (left.what, left.number) == ("files without an item", 1)


def test_a_note_in_the_trash_stays_there(tmp_path: Path) -> None:
    with ZoteroLibrary(tmp_path / "Zotero") as library:
        paper = library.item(fields={"title": "Any"})
        library.trash(library.note("<p>gone</p>", paper))
    record, left = read(tmp_path / "Zotero")
    assert isinstance(record, Record)
    assert not record.decisions.notes
    assert isinstance(left, LeftBehind)
    assert left.what == "notes and files in the trash"


def test_a_library_with_the_tables_of_zotero_5_alone_is_read(tmp_path: Path) -> None:
    with ZoteroLibrary(tmp_path / "Zotero") as library:
        library.item(fields={"title": "Any"})
        for table in ("itemAnnotations", "retractedItems", "deletedCollections", "itemRelations"):
            library.connection.execute(f"DROP TABLE {table}")
    assert len(records(tmp_path / "Zotero")) == 1


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        ("ALTER TABLE itemNotes RENAME COLUMN parentItemID TO sourceItemID", "Zotero 5 or newer"),
        ("DROP TABLE creators", "Zotero 5 or newer"),
    ],
)
def test_a_library_that_is_too_old_is_said_in_a_sentence(
    tmp_path: Path, spoil: str, expected: str
) -> None:
    with ZoteroLibrary(tmp_path / "Zotero") as library:
        library.connection.execute("DROP INDEX itemNotes_parentItemID")
        library.connection.execute(spoil)
    with pytest.raises(UnreadableSource, match=expected):
        read(tmp_path / "Zotero")


def test_what_is_no_library_of_zotero_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text("@article{a, title = {A}}\n")
    with pytest.raises(UnreadableSource, match=r"refs\.bib is no database of Zotero's"):
        read(tmp_path / "refs.bib")
    with pytest.raises(UnreadableSource, match=r"There is no zotero\.sqlite in "):
        read(tmp_path)


def test_the_date_that_zotero_added_an_item_is_kept(tmp_path: Path) -> None:
    record = one(tmp_path, lambda library: library.item(fields={"title": "Sage"}, key="SAGE0001"))
    kept = {"key": "SAGE0001", "dateAdded": "2024-03-01T09:30:00.000Z"}
    assert record.extra == {"zotero": kept}


def test_an_item_without_title_is_told_by_what_zotero_shows_of_it(tmp_path: Path) -> None:
    with ZoteroLibrary(tmp_path / "Zotero") as library:
        library.item("letter", {"date": "1999-00-00 1999"}, [("Nobody", "Ned")], key="A")
        library.item("webpage", key="B")
    told = [item.reason for item in read(tmp_path / "Zotero") if isinstance(item, Unread)]
    assert told == ["it has no title (letter, Nobody, 1999)", "it has no title (webpage)"]


def test_a_damaged_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    folder = build_small(tmp_path / "Zotero")
    data = bytearray((folder / "zotero.sqlite").read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    (folder / "zotero.sqlite").write_bytes(data)
    with pytest.raises(UnreadableSource, match="is damaged"):
        read(folder)


def test_bytes_that_flipped_end_in_items_or_in_a_sentence(tmp_path: Path) -> None:
    database = build_small(tmp_path / "Zotero") / "zotero.sqlite"
    whole = database.read_bytes()
    chance = random.Random(9)
    sentences = set()
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(30):
            data[chance.randrange(len(data))] = chance.randrange(256)
        database.write_bytes(data)
        try:
            read(database)
        except UnreadableSource as error:
            sentences.add(str(error))
    assert all(sentence.startswith(str(database)) for sentence in sentences)
    assert len(sentences) > 1


# --- while Zotero runs


@contextmanager
def rival(folder: Path, journal: str, locking: str) -> Iterator[None]:
    """Have another process hold the database open and write to it."""
    program = Path(__file__).with_name("zotero_rival.py")
    process = subprocess.Popen(
        [sys.executable, str(program), str(folder / "zotero.sqlite"), journal, locking],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "writing\n"
        yield
    finally:
        process.stdin.close()
        process.stdout.close()
        assert process.wait(20) == 0


MANY = 1500
"""Papers that are renamed at once: so many that no copy is made between two renamings."""

HOWEVER = [("WAL", "NORMAL"), ("WAL", "EXCLUSIVE"), ("DELETE", "EXCLUSIVE"), ("DELETE", "NORMAL")]
"""Journal and locking: Zotero's are the second and the third, by its version."""


@pytest.fixture(scope="module")
def generations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of many papers, as the rival wants them."""
    folder = tmp_path_factory.mktemp("generations") / "Zotero"
    with ZoteroLibrary(folder) as library:
        for number in range(MANY):
            library.item(fields={"title": f"Paper {number} {'x' * 2000}, generation 0"})
    return folder


@pytest.mark.parametrize(("journal", "locking"), HOWEVER)
def test_a_library_is_read_as_of_one_moment_while_zotero_writes(
    generations: Path, journal: str, locking: str
) -> None:
    with rival(generations, journal, locking):
        assert zotero.recognise_path(generations)
        titles = [record.work.title for record in records(generations)]
    assert len(titles) == MANY
    assert len({title.rpartition(" ")[2] for title in titles}) == 1


@pytest.mark.long
@pytest.mark.parametrize(("journal", "locking"), HOWEVER)
def test_no_copy_is_torn(generations: Path, tmp_path: Path, journal: str, locking: str) -> None:
    # Without the comparison some seven in a hundred copies with a rollback journal are.
    with rival(generations, journal, locking):
        for _ in range(60):
            copy = copy_at_rest(generations / "zotero.sqlite", tmp_path)
            with closing(sqlite3.connect(copy)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                rows = connection.execute("SELECT value FROM itemDataValues")
                assert len({value.rpartition(" ")[2] for (value,) in rows}) == 1


NEW_EACH_TIME = Path("/proc/sys/kernel/random/uuid")


@pytest.mark.skipif(not NEW_EACH_TIME.exists(), reason="needs a file that is new each time")
@pytest.mark.parametrize("restless", ["zotero.sqlite", "zotero.sqlite-wal"])
def test_a_database_that_never_rests_is_said_in_a_sentence(tmp_path: Path, restless: str) -> None:
    folder = build_small(tmp_path / "Zotero")
    (folder / restless).unlink(missing_ok=True)
    (folder / restless).symlink_to(NEW_EACH_TIME)
    (tmp_path / "copies").mkdir()
    pauses: list[float] = []
    with pytest.raises(UnreadableSource, match="all the time"):
        copy_at_rest(folder / "zotero.sqlite", tmp_path / "copies", pauses.append)
    assert pauses == sorted(pauses)
    assert len(pauses) == TRIES - 1
