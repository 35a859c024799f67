"""Builds Zotero libraries for tests: a folder with a database in Zotero's own schema, and files.

Tables and columns are called as in Zotero (userdata schema 123); only what no reader could need is
left out. Run as ``python zotero_library.py FOLDER ITEMS`` it builds a big one.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

SCHEMA = """
CREATE TABLE version (schema TEXT PRIMARY KEY, version INT NOT NULL);
CREATE TABLE settings (setting TEXT, key TEXT, value, PRIMARY KEY (setting, key));
CREATE TABLE libraries (libraryID INTEGER PRIMARY KEY, type TEXT NOT NULL, editable INT NOT NULL,
  filesEditable INT NOT NULL, version INT NOT NULL DEFAULT 0, storageVersion INT NOT NULL DEFAULT 0,
  lastSync INT NOT NULL DEFAULT 0, archived INT NOT NULL DEFAULT 0);
CREATE TABLE groups (groupID INTEGER PRIMARY KEY, libraryID INT NOT NULL UNIQUE, name TEXT NOT NULL,
  description TEXT NOT NULL, version INT NOT NULL);
CREATE TABLE feeds (libraryID INTEGER PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL UNIQUE);
CREATE TABLE itemTypes (itemTypeID INTEGER PRIMARY KEY, typeName TEXT, templateItemTypeID INT,
  display INT DEFAULT 1);
CREATE TABLE itemTypesCombined (itemTypeID INT NOT NULL, typeName TEXT NOT NULL,
  display INT DEFAULT 1 NOT NULL, custom INT NOT NULL, PRIMARY KEY (itemTypeID));
CREATE TABLE fields (fieldID INTEGER PRIMARY KEY, fieldName TEXT, fieldFormatID INT);
CREATE TABLE fieldsCombined (fieldID INT NOT NULL, fieldName TEXT NOT NULL, label TEXT,
  fieldFormatID INT, custom INT NOT NULL, PRIMARY KEY (fieldID));
CREATE TABLE creatorTypes (creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT);
CREATE TABLE items (itemID INTEGER PRIMARY KEY, itemTypeID INT NOT NULL,
  dateAdded TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  dateModified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  clientDateModified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, libraryID INT NOT NULL,
  key TEXT NOT NULL, version INT NOT NULL DEFAULT 0, synced INT NOT NULL DEFAULT 0,
  UNIQUE (libraryID, key));
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID, PRIMARY KEY (itemID, fieldID));
CREATE TABLE itemNotes (itemID INTEGER PRIMARY KEY, parentItemID INT, note TEXT, title TEXT);
CREATE INDEX itemNotes_parentItemID ON itemNotes(parentItemID);
CREATE TABLE itemAttachments (itemID INTEGER PRIMARY KEY, parentItemID INT, linkMode INT,
  contentType TEXT, charsetID INT, path TEXT, syncState INT DEFAULT 0, storageModTime INT,
  storageHash TEXT, lastProcessedModificationTime INT);
CREATE INDEX itemAttachments_parentItemID ON itemAttachments(parentItemID);
CREATE TABLE itemAnnotations (itemID INTEGER PRIMARY KEY, parentItemID INT NOT NULL,
  type INTEGER NOT NULL, authorName TEXT, text TEXT, comment TEXT, color TEXT, pageLabel TEXT,
  sortIndex TEXT NOT NULL, position TEXT NOT NULL, isExternal INT NOT NULL);
CREATE INDEX itemAnnotations_parentItemID ON itemAnnotations(parentItemID);
CREATE TABLE tags (tagID INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE itemTags (itemID INT NOT NULL, tagID INT NOT NULL, type INT NOT NULL,
  PRIMARY KEY (itemID, tagID));
CREATE TABLE relationPredicates (predicateID INTEGER PRIMARY KEY, predicate TEXT UNIQUE);
CREATE TABLE itemRelations (itemID INT NOT NULL, predicateID INT NOT NULL, object TEXT NOT NULL,
  PRIMARY KEY (itemID, predicateID, object));
CREATE TABLE creators (creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, fieldMode INT,
  UNIQUE (lastName, firstName, fieldMode));
CREATE TABLE itemCreators (itemID INT NOT NULL, creatorID INT NOT NULL,
  creatorTypeID INT NOT NULL DEFAULT 1, orderIndex INT NOT NULL DEFAULT 0,
  PRIMARY KEY (itemID, creatorID, creatorTypeID, orderIndex), UNIQUE (itemID, orderIndex));
CREATE TABLE collections (collectionID INTEGER PRIMARY KEY, collectionName TEXT NOT NULL,
  parentCollectionID INT DEFAULT NULL,
  clientDateModified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, libraryID INT NOT NULL,
  key TEXT NOT NULL, version INT NOT NULL DEFAULT 0, synced INT NOT NULL DEFAULT 0,
  UNIQUE (libraryID, key));
CREATE TABLE collectionItems (collectionID INT NOT NULL, itemID INT NOT NULL,
  orderIndex INT NOT NULL DEFAULT 0, PRIMARY KEY (collectionID, itemID));
CREATE INDEX collectionItems_itemID ON collectionItems(itemID);
CREATE TABLE feedItems (itemID INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, readTime TIMESTAMP);
CREATE TABLE savedSearches (savedSearchID INTEGER PRIMARY KEY, savedSearchName TEXT NOT NULL,
  libraryID INT NOT NULL, key TEXT NOT NULL);
CREATE TABLE deletedCollections (collectionID INTEGER PRIMARY KEY, dateDeleted);
CREATE TABLE deletedItems (itemID INTEGER PRIMARY KEY,
  dateDeleted DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE TABLE retractedItems (itemID INTEGER PRIMARY KEY, data TEXT, flag INT DEFAULT 0);
"""

TYPES = (
    "note book bookSection journalArticle magazineArticle newspaperArticle thesis letter "
    "manuscript interview film artwork webpage attachment report bill case hearing patent statute "
    "email map blogPost instantMessage forumPost audioRecording presentation videoRecording "
    "tvBroadcast radioBroadcast podcast computerProgram conferencePaper document "
    "encyclopediaArticle dictionaryEntry annotation preprint dataset standard"
).split()
FIELDS = (
    "url rights series volume issue edition place publisher pages ISBN publicationTitle ISSN date "
    "section callNumber archiveLocation distributor extra journalAbbreviation DOI accessDate "
    "seriesTitle seriesNumber institution reportType reportNumber university thesisType "
    "abstractNote title caseName nameOfAct subject proceedingsTitle bookTitle shortTitle numPages "
    "conferenceName encyclopediaTitle language repository archiveID archive citationKey "
    "versionNumber company programmingLanguage dateDecided court docketNumber libraryCatalog genre"
).split()
CREATORS = (
    "author contributor editor translator seriesEditor interviewee director programmer bookAuthor "
    "inventor presenter"
).split()

USER, GROUP, FEED = 1, 2, 3
"""The libraries that there are."""

ADDED = "2024-03-01 09:30:00"


class ZoteroLibrary:
    """A Zotero library under construction; `close` leaves it as Zotero does when it ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.database = folder / "zotero.sqlite"
        self.connection = sqlite3.connect(self.database, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(SCHEMA)
        self.connection.execute("BEGIN")
        self._fill()
        self._keys = 0

    def _fill(self) -> None:
        execute, many = self.connection.execute, self.connection.executemany
        execute("INSERT INTO version VALUES ('userdata', 123)")
        execute("INSERT INTO settings VALUES ('account', 'localUserKey', 'q1w2e3r4')")
        many(
            "INSERT INTO libraries(libraryID, type, editable, filesEditable) VALUES (?, ?, 1, 1)",
            [(USER, "user"), (GROUP, "group"), (FEED, "feed")],
        )
        types = [(number, name) for number, name in enumerate(TYPES, 1)]
        many("INSERT INTO itemTypes(itemTypeID, typeName) VALUES (?, ?)", types)
        many("INSERT INTO itemTypesCombined VALUES (?, ?, 1, 0)", types)
        fields = [(number, name) for number, name in enumerate(FIELDS, 1)]
        many("INSERT INTO fields(fieldID, fieldName) VALUES (?, ?)", fields)
        many("INSERT INTO fieldsCombined VALUES (?, ?, NULL, NULL, 0)", fields)
        many("INSERT INTO creatorTypes VALUES (?, ?)", list(enumerate(CREATORS, 1)))
        execute("INSERT INTO relationPredicates VALUES (2, 'dc:relation')")

    def __enter__(self) -> ZoteroLibrary:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Write it down."""
        self.connection.execute("COMMIT")
        self.connection.close()

    # --- what a library holds

    def item(
        self,
        type_: str = "journalArticle",
        fields: Mapping[str, str] | None = None,
        creators: Sequence[tuple[str, str] | tuple[str, str, str] | str] = (),
        *,
        tags: Sequence[str] = (),
        automatic: Sequence[str] = (),
        collections: Sequence[int] = (),
        library: int = USER,
        key: str = "",
    ) -> int:
        """Add an item; a creator is (last, first), (last, first, type) or a whole name."""
        self._keys += 1
        cursor = self.connection.execute(
            "INSERT INTO items(itemTypeID, dateAdded, dateModified, libraryID, key)"
            " VALUES (?, ?, ?, ?, ?)",
            (TYPES.index(type_) + 1, ADDED, ADDED, library, key or f"KEY{self._keys:05}"),
        )
        number = cursor.lastrowid
        assert number is not None
        for name, value in (fields or {}).items():
            self.field(number, name, value)
        for place, creator in enumerate(creators):
            last, first, kind = _name(creator)
            self._creator(number, place, last, first, kind, is_whole=isinstance(creator, str))
        for tag in tags:
            self.tag(number, tag)
        for tag in automatic:
            self.tag(number, tag, type_=1)
        self.connection.executemany(
            "INSERT INTO collectionItems(collectionID, itemID) VALUES (?, ?)",
            [(collection, number) for collection in collections],
        )
        return number

    def field(self, item: int, name: str, value: str) -> None:
        """Give an item a field."""
        execute = self.connection.execute
        execute("INSERT OR IGNORE INTO itemDataValues(value) VALUES (?)", (value,))
        (row,) = execute("SELECT valueID FROM itemDataValues WHERE value = ?", (value,)).fetchone()
        execute("INSERT INTO itemData VALUES (?, ?, ?)", (item, FIELDS.index(name) + 1, row))

    def _creator(
        self, item: int, place: int, last: str, first: str, kind: str, *, is_whole: bool
    ) -> None:
        execute = self.connection.execute
        name = (first, last, int(is_whole))
        execute(
            "INSERT OR IGNORE INTO creators(firstName, lastName, fieldMode) VALUES (?, ?, ?)", name
        )
        (row,) = execute(
            "SELECT creatorID FROM creators WHERE firstName = ? AND lastName = ? AND fieldMode = ?",
            name,
        ).fetchone()
        execute(
            "INSERT INTO itemCreators VALUES (?, ?, ?, ?)",
            (item, row, CREATORS.index(kind) + 1, place),
        )

    def tag(self, item: int, name: str, *, type_: int = 0) -> None:
        """Tag an item; type 1 is a tag that came with it."""
        execute = self.connection.execute
        execute("INSERT OR IGNORE INTO tags(name) VALUES (?)", (name,))
        (row,) = execute("SELECT tagID FROM tags WHERE name = ?", (name,)).fetchone()
        execute("INSERT INTO itemTags VALUES (?, ?, ?)", (item, row, type_))

    def note(self, html: str, parent: int | None = None, title: str = "") -> int:
        """Add a note, on an item or by itself."""
        number = self.item("note")
        self.connection.execute(
            "INSERT INTO itemNotes VALUES (?, ?, ?, ?)", (number, parent, html, title)
        )
        return number

    def attach(
        self,
        path: str | None,
        parent: int | None = None,
        mode: int = 0,
        media_type: str = "application/pdf",
        fields: Mapping[str, str] | None = None,
        *,
        content: bytes = b"",
        key: str = "",
    ) -> int:
        """Add an attachment; with `content`, what is ``storage:`` lies in the folder, too."""
        number = self.item("attachment", fields, key=key)
        self.connection.execute(
            "INSERT INTO itemAttachments(itemID, parentItemID, linkMode, contentType, path)"
            " VALUES (?, ?, ?, ?, ?)",
            (number, parent, mode, media_type, path),
        )
        if content and path:
            file = self.folder / "storage" / key / path.removeprefix("storage:")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return number

    def annotate(
        self, attachment: int, type_: int, text: str = "", comment: str = "", page: str = "1",
        order: str = "00000|000000|00000",
    ) -> int:  # fmt: skip
        """Mark something in an attached file."""
        number = self.item("annotation")
        self.connection.execute(
            "INSERT INTO itemAnnotations(itemID, parentItemID, type, text, comment, color,"
            " pageLabel, sortIndex, position, isExternal)"
            " VALUES (?, ?, ?, ?, ?, '#ffd400', ?, ?, '{}', 0)",
            (number, attachment, type_, text, comment, page, order),
        )
        return number

    def collection(self, name: str, parent: int | None = None) -> int:
        """Add a collection."""
        self._keys += 1
        cursor = self.connection.execute(
            "INSERT INTO collections(collectionName, parentCollectionID, libraryID, key)"
            " VALUES (?, ?, ?, ?)",
            (name, parent, USER, f"COL{self._keys:05}"),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def trash(self, item: int) -> None:
        """Throw an item away."""
        self.connection.execute("INSERT INTO deletedItems(itemID) VALUES (?)", (item,))

    def retract(self, item: int, data: str) -> None:
        """Say that a work was retracted."""
        self.connection.execute("INSERT INTO retractedItems VALUES (?, ?, 0)", (item, data))

    def relate(self, item: int, other: str) -> None:
        """Link an item to another."""
        self.connection.execute("INSERT INTO itemRelations VALUES (?, 2, ?)", (item, other))

    def saved_search(self, name: str) -> None:
        """Save a search."""
        self.connection.execute(
            "INSERT INTO savedSearches VALUES (NULL, ?, 1, 'SRCH0001')", (name,)
        )


def _name(creator: tuple[str, ...] | str) -> tuple[str, str, str]:
    if isinstance(creator, str):
        return creator, "", "author"
    last, first, *kind = creator
    return last, first, kind[0] if kind else "author"


def better_bibtex(folder: Path, keys: Mapping[str, tuple[str, int]]) -> None:
    """Write Better BibTeX's database: item key → (citation key, whether it is pinned)."""
    with closing(sqlite3.connect(folder / "better-bibtex.sqlite")) as connection:
        connection.execute(
            "CREATE TABLE citationkey (itemID NOT NULL PRIMARY KEY, itemKey NOT NULL,"
            " libraryID NOT NULL, citationKey NOT NULL, pinned CHECK (pinned in (0, 1)),"
            " UNIQUE (libraryID, itemKey))"
        )
        connection.executemany(
            "INSERT INTO citationkey VALUES (?, ?, 1, ?, ?)",
            [(n, item, key, pinned) for n, (item, (key, pinned)) in enumerate(keys.items())],
        )
        connection.commit()


def build_small(folder: Path) -> Path:
    """Build a library with some of everything; return its folder."""
    with ZoteroLibrary(folder) as library:
        learning = library.collection("ml")
        ranking = library.collection("ranking", learning)
        attention = library.item(
            "conferencePaper",
            {
                "title": "Attention in <i>very</i> small gardens",
                "abstractNote": "We look at gardens.",
                "date": "2017-06-12 June 12, 2017",
                "proceedingsTitle": "Proceedings of the Garden Conference",
                "pages": "1-9",
                "DOI": "10.1000/Garden.17",
                "url": "https://example.org/garden",
                "extra": "arXiv: 1706.00001 [cs]\nPMID: 123\nZSCC: 0000012",
                "language": "en",
            },
            [("van der Bloem", "Anna"), "Garden Consortium", ("Rake", "Rob", "editor")],
            tags=["to read", "gardens, small"],
            automatic=["Computer Science - Learning"],
            collections=[ranking],
            key="GARDEN01",
        )
        library.note("<h1>First</h1><p>What <b>I</b> think.</p>", attention, "First")
        library.note("<p>Second thoughts</p>", attention, "Second thoughts")
        pdf = library.attach(
            "storage:garden.pdf", attention, 1, fields={"title": "Full Text PDF"},
            content=b"%PDF-1.4", key="PDFGARD1",
        )  # fmt: skip
        library.annotate(pdf, 1, "later words", page="7", order="00006|000000|00000")
        library.annotate(pdf, 1, "Marked <EOS> words", "My comment", "3", "00002|000000|00000")
        library.annotate(pdf, 3, comment="a figure", page="4", order="00003|000000|00000")
        library.attach(None, attention, 3, "text/html", {"title": "Page", "url": "https://e.org/p"})
        library.attach("attachments:papers/linked.pdf", attention, 2)
        library.item(
            "preprint",
            {
                "title": "Rakes & hoes",
                "date": "2021-03-00 March 2021",
                "repository": "arXiv",
                "archiveID": "arXiv:2103.00002",
                "DOI": "10.48550/arXiv.2103.00002",
                "citationKey": "ownKey2021",
            },
            [("Hoe", "Henry")],
            key="RAKES001",
        )
        book = library.item(
            "book",
            {"title": "On Spades", "date": "1999-00-00 1999", "publisher": "Shed Press",
             "ISBN": "978-3-16-148410-0 0-306-40615-2", "extra": "Citation Key: spade1999"},
            [("Plato", "")],
            key="SPADES01",
        )  # fmt: skip
        library.retract(book, '{"urls": ["https://example.org/retracted"]}')
        library.relate(book, "http://zotero.org/users/local/q1w2e3r4/items/GARDEN01")
        library.item("letter", {"date": "0000-00-00 n.d."}, [("Nobody", "Ned")], key="NOTITLE1")
        library.note("<p>A thought of its own</p>", None, "A thought of its own")
        library.attach("storage:loose.pdf", None, 0, fields={"title": "loose.pdf"}, key="LOOSE001")
        library.trash(library.item(fields={"title": "Thrown away"}, key="TRASHED1"))
        library.item(fields={"title": "The group's"}, library=GROUP)
        library.item(fields={"title": "News"}, library=FEED)
        library.saved_search("recent")
    better_bibtex(folder, {"GARDEN01": ("bloemAttention2017", 0), "SPADES01": ("other", 1)})
    return folder


def build_big(folder: Path, items: int) -> Path:
    """Build a library of so many papers, each with abstract, note, file, tags and highlights."""
    sentence = "We study how gardens grow when nobody looks, and what that costs. "
    with ZoteroLibrary(folder) as library:
        places = [library.collection(f"collection {number}") for number in range(20)]
        for number in range(items):
            paper = library.item(
                "journalArticle",
                {
                    "title": f"On the growth of garden number {number} when nobody looks",
                    "abstractNote": f"Number {number}. {sentence * 15}",
                    "date": f"{2000 + number % 25}-05-01 May {2000 + number % 25}",
                    "publicationTitle": f"Journal of Gardens {number % 50}",
                    "volume": str(number % 40), "pages": f"{number}-{number + 9}",
                    "DOI": f"10.1000/garden.{number}", "url": f"https://example.org/{number}",
                    "extra": f"Citation Key: garden{number}",
                },
                [(f"Author{number % 3000}", "Ada"), (f"Writer{number % 2000}", "Bob")],
                tags=[f"tag {number % 30}"], automatic=[f"automatic {number % 100}"],
                collections=[places[number % 20]],
            )  # fmt: skip
            if number % 4 == 0:
                library.note(f"<p>{sentence * 8}<b>{number}</b></p>", paper, "We study")
            pdf = library.attach(f"storage:{number}.pdf", paper, key=f"P{number:07}")
            for mark in range(3 if number % 5 == 0 else 0):
                library.annotate(pdf, 1, f"{sentence} {mark}", "yes", str(mark))
    return folder


if __name__ == "__main__":
    build_big(Path(sys.argv[1]), int(sys.argv[2]))
