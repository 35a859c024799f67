"""Reading the tables of Zotero's database (Zotero 5 and newer; userdata schema from 77 on).

The schema is https://github.com/zotero/zotero/blob/main/resource/schema/userdata.sql. Tables that
came later (annotations, retractions, deleted collections) are read where they are. Items come in
ranges of their numbers, so that no library fills the memory.

This is the one place outside `papertray.store` with SQL: the database is a file of somebody else's
in a format that happens to be SQLite, and what is opened is a private copy of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from papertray.core.errors import UnreadableSource
from papertray.core.model import LeftBehind
from papertray.feeds.zotero_left import LEFT_BEHIND, NOT_WORKS
from papertray.feeds.zotero_words import (
    LinkMode,
    ZoteroAnnotation,
    ZoteroAttachment,
    ZoteroCreator,
    ZoteroItem,
    ZoteroNote,
)

MAGIC = b"SQLite format 3\x00"
"""What every SQLite database begins with."""

_DAMAGE = (sqlite3.Error, UnicodeDecodeError)
"""What is raised on a damaged file: names of tables and messages are decoded strictly."""

RANGE = 400
"""Items that are read at once."""

_TABLES = frozenset(
    "items itemData itemDataValues itemNotes itemAttachments itemCreators itemTags creators "
    "collections collectionItems deletedItems libraries fields itemTypes creatorTypes tags".split()
)
"""What a Zotero database has and this needs."""


def is_zotero(path: Path) -> bool:
    """Tell whether a file is a database of Zotero's, by its tables, whoever has it open.

    It is looked at as if nobody could change it, which takes no lock and makes no file beside it.
    What of the tables is still in the log only is not seen: then the name decides.
    """
    try:
        with open(path, "rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return False
        with closing(_connect(path, "immutable=1")) as connection:
            tables = _names(connection)
    except (OSError, *_DAMAGE):
        return path.name == "zotero.sqlite"
    return tables >= _TABLES or (not tables and path.name == "zotero.sqlite")


def _connect(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?{how}", uri=True, check_same_thread=False
    )
    # One broken text is no reason to leave a library behind.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _names(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    return {name for (name,) in rows}


@contextmanager
def opened(copy: Path, database: Path) -> Iterator[ZoteroDatabase]:
    """Open the private `copy` of `database`; a log or journal beside it is worked in first.

    Raises UnreadableSource, whose sentence names `database`, if it is none of Zotero's, of a
    version before 5, or damaged; the last also while it is read.
    """
    try:
        with closing(_connect(copy, "mode=rw")) as connection:
            tables = _names(connection)
            if not tables >= _TABLES or "parentItemID" not in _columns(connection, "itemNotes"):
                raise UnreadableSource(
                    f"{database} is no library of Zotero 5 or newer; open it once in a newer "
                    "Zotero, or export it as BibTeX."
                )
            yield ZoteroDatabase(connection, tables)
    except _DAMAGE as error:
        raise UnreadableSource(
            f"{database} is damaged ({error}); Zotero keeps older copies of it beside it."
        ) from error


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


class ZoteroDatabase:
    """A private copy of Zotero's database; `opened` makes one.

    Only the user's own library is read, without what lies in the trash.
    """

    def __init__(self, connection: sqlite3.Connection, tables: set[str]) -> None:
        """Read the small tables; `tables` are the names of those that there are."""
        self._connection = connection
        self._tables = tables
        self._fields = self._pairs("fieldID, fieldName", "fieldsCombined", "fields")
        self._types = self._pairs("itemTypeID, typeName", "itemTypesCombined", "itemTypes")
        self._creator_types = self._pairs("creatorTypeID, creatorType", "creatorTypes")
        # A number by the schema's word, so that it can stand in SQL.
        own = self._connection.execute("SELECT libraryID FROM libraries WHERE type = 'user'")
        self._libraries = f"({', '.join(str(row[0]) for row in own)})"
        self._collections = self._collection_paths()
        self.account = self._local_user()

    def _pairs(self, columns: str, *tables: str) -> dict[int, str]:
        """Return a small table as a dictionary, from the first of `tables` that is there."""
        table = next(name for name in tables if name in self._tables)
        return dict(self._connection.execute(f"SELECT {columns} FROM {table}").fetchall())

    def _local_user(self) -> str:
        """Return the name that Zotero gave to this library, so that its keys are unique."""
        if "settings" not in self._tables:
            return ""
        row = self._connection.execute(
            "SELECT value FROM settings WHERE setting = 'account' AND key = 'localUserKey'"
        ).fetchone()
        return str(row[0]) if row and row[0] else ""

    def _collection_paths(self) -> dict[int, str]:
        """Return the path of each collection that is not in the trash: ``parent/child``."""
        rows = self._connection.execute(
            "SELECT collectionID, collectionName, parentCollectionID FROM collections"
        ).fetchall()
        deleted = set()
        if "deletedCollections" in self._tables:
            deleted = {
                row[0]
                for row in self._connection.execute("SELECT collectionID FROM deletedCollections")
            }
        known = {number: (str(name), parent) for number, name, parent in rows}
        paths = {}
        for number in known:
            names: list[str] = []
            seen: set[int] = set()
            at: int | None = number
            while at is not None and at in known and at not in seen:  # a ring would have no end
                seen.add(at)
                name, parent = known[at]
                names.insert(0, name)
                at = parent
            if seen.isdisjoint(deleted):
                paths[number] = "/".join(names)
        return paths

    # --- items

    def items(self) -> Iterator[ZoteroItem]:
        """Yield the items of the user's own library, in the order in which they were added."""
        last = -1
        while rows := self._connection.execute(
            "SELECT itemID, itemTypeID, key, dateAdded FROM items"
            f" WHERE itemID > ? AND {self._is_taken('items')} AND itemTypeID NOT IN"
            f" (SELECT itemTypeID FROM itemTypes WHERE typeName IN {NOT_WORKS})"
            " ORDER BY itemID LIMIT ?",
            (last, RANGE),
        ).fetchall():
            first, last = rows[0][0], rows[-1][0]
            yield from self._range(first, last, rows)

    def _is_taken(self, table: str) -> str:
        """Return, as SQL, that an item is the user's own and does not lie in the trash."""
        # The plus: by the index of libraries each range would go through all of the library.
        return (
            f"+{table}.libraryID IN {self._libraries}"
            f" AND {table}.itemID NOT IN (SELECT itemID FROM deletedItems)"
        )

    def _range(
        self, first: int, last: int, rows: Sequence[tuple[int, int, str, str]]
    ) -> Iterator[ZoteroItem]:
        fields = self._field_values(f"d.itemID BETWEEN {first} AND {last}")
        creators = self._creators(first, last)
        tags, automatic = self._tags(f"t.itemID BETWEEN {first} AND {last}")
        notes = self._notes(f"n.parentItemID BETWEEN {first} AND {last}")
        attachments = self._attachments(f"a.parentItemID BETWEEN {first} AND {last}")
        retracted = self._retracted(first, last)
        collections: dict[int, list[str]] = defaultdict(list)
        for item, collection in self._connection.execute(
            "SELECT itemID, collectionID FROM collectionItems WHERE itemID BETWEEN ? AND ?"
            " ORDER BY itemID, collectionID",
            (first, last),
        ):
            if collection in self._collections:
                collections[item].append(self._collections[collection])
        for number, type_, key, added in rows:
            yield ZoteroItem(
                key=str(key),
                type=self._types.get(type_, ""),
                fields=fields.get(number, {}),
                creators=tuple(creators.get(number, ())),
                tags=tuple(tags.get(number, ())),
                automatic_tags=tuple(automatic.get(number, ())),
                collections=tuple(collections.get(number, ())),
                notes=tuple(notes.get(number, ())),
                attachments=tuple(attachments.get(number, ())),
                added=_instant(added),
                retracted=retracted.get(number, ""),
            )

    def _field_values(self, condition: str) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for item, field_, value in self._connection.execute(
            "SELECT d.itemID, d.fieldID, v.value FROM itemData d JOIN itemDataValues v"
            f" ON v.valueID = d.valueID WHERE {condition}"
        ):
            if value is not None and field_ in self._fields:
                found[item][self._fields[field_]] = str(value)
        return found

    def _creators(self, first: int, last: int) -> dict[int, list[ZoteroCreator]]:
        found: dict[int, list[ZoteroCreator]] = defaultdict(list)
        for item, type_, first_name, last_name, mode in self._connection.execute(
            "SELECT i.itemID, i.creatorTypeID, c.firstName, c.lastName, c.fieldMode"
            " FROM itemCreators i JOIN creators c ON c.creatorID = i.creatorID"
            " WHERE i.itemID BETWEEN ? AND ? ORDER BY i.itemID, i.orderIndex",
            (first, last),
        ):
            found[item].append(
                ZoteroCreator(
                    self._creator_types.get(type_, ""),
                    str(first_name or ""),
                    str(last_name or ""),
                    mode == 1,
                )
            )
        return found

    def _tags(self, condition: str) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
        """Return the tags that the owner gave, and those that came with the items."""
        given: dict[int, list[str]] = defaultdict(list)
        automatic: dict[int, list[str]] = defaultdict(list)
        for item, name, type_ in self._connection.execute(
            "SELECT t.itemID, g.name, t.type FROM itemTags t JOIN tags g ON g.tagID = t.tagID"
            f" WHERE {condition} ORDER BY t.itemID, g.name"
        ):
            (automatic if type_ == 1 else given)[item].append(str(name))
        return given, automatic

    def _notes(self, condition: str) -> dict[int | None, list[ZoteroNote]]:
        found: dict[int | None, list[ZoteroNote]] = defaultdict(list)
        for parent, title, html, created, updated in self._connection.execute(
            "SELECT n.parentItemID, n.title, n.note, i.dateAdded, i.dateModified FROM itemNotes n"
            " JOIN items i ON i.itemID = n.itemID JOIN itemTypes y ON y.itemTypeID = i.itemTypeID"
            f" WHERE {condition} AND {self._is_taken('i')} AND y.typeName = 'note'"
            " ORDER BY n.itemID"
        ):
            note = ZoteroNote(
                str(title or ""), str(html or ""), _instant(created), _instant(updated)
            )
            found[parent].append(note)
        return found

    def _attachments(self, condition: str) -> dict[int | None, list[ZoteroAttachment]]:
        rows = self._connection.execute(
            "SELECT a.itemID, a.parentItemID, i.key, a.linkMode, a.contentType, a.path, n.note"
            " FROM itemAttachments a JOIN items i ON i.itemID = a.itemID"
            " LEFT JOIN itemNotes n ON n.itemID = a.itemID"
            f" WHERE {condition} AND {self._is_taken('i')} ORDER BY a.itemID"
        ).fetchall()
        numbers = json.dumps([row[0] for row in rows])
        values = self._field_values(f"d.itemID IN (SELECT value FROM json_each('{numbers}'))")
        annotations = self._annotations(numbers)
        found: dict[int | None, list[ZoteroAttachment]] = defaultdict(list)
        for number, parent, key, mode, media_type, path, note in rows:
            attachment = ZoteroAttachment(
                key=str(key),
                title=values.get(number, {}).get("title", ""),
                path=str(path or ""),
                media_type=str(media_type or ""),
                link_mode=mode if isinstance(mode, int) else LinkMode.IMPORTED_FILE,
                url=values.get(number, {}).get("url", ""),
                note=str(note or ""),
                annotations=tuple(annotations.get(number, ())),
            )
            found[parent].append(attachment)
        return found

    def _annotations(self, attachments: str) -> dict[int, list[ZoteroAnnotation]]:
        if "itemAnnotations" not in self._tables:
            return {}
        rows = self._connection.execute(
            "SELECT a.itemID, a.parentItemID, a.type, a.text, a.comment, a.pageLabel"
            " FROM itemAnnotations a JOIN items i ON i.itemID = a.itemID"
            " WHERE a.parentItemID IN (SELECT value FROM json_each(?))"
            f" AND {self._is_taken('i')} ORDER BY a.parentItemID, a.sortIndex, a.itemID",
            (attachments,),
        ).fetchall()
        numbers = json.dumps([row[0] for row in rows])
        tags, _ = self._tags(f"t.itemID IN (SELECT value FROM json_each('{numbers}'))")
        found: dict[int, list[ZoteroAnnotation]] = defaultdict(list)
        for number, attachment, type_, text, comment, page in rows:
            annotation = ZoteroAnnotation(
                type=type_ if isinstance(type_, int) else 0,
                text=str(text or ""),
                comment=str(comment or ""),
                page=str(page or ""),
                tags=tuple(tags.get(number, ())),
            )
            found[attachment].append(annotation)
        return found

    def _retracted(self, first: int, last: int) -> dict[int, str]:
        if "retractedItems" not in self._tables:
            return {}
        rows = self._connection.execute(
            "SELECT itemID, data FROM retractedItems WHERE itemID BETWEEN ? AND ?", (first, last)
        )
        return {item: str(data or "{}") for item, data in rows}

    # --- what belongs to no item, and what stays behind

    def free_notes(self) -> list[ZoteroNote]:
        """Return the notes that stand by themselves."""
        return self._notes("n.parentItemID IS NULL").get(None, [])

    def loose_files(self) -> list[ZoteroAttachment]:
        """Return the files that belong to no item, without the pictures of notes."""
        found = self._attachments("a.parentItemID IS NULL").get(None, [])
        return [one for one in found if one.link_mode != LinkMode.EMBEDDED_IMAGE]

    def left_behind(self) -> Iterator[LeftBehind]:
        """Yield what a tray does not take from the tables, with counts."""
        for what, table, rest, reason in LEFT_BEHIND:
            if self._tables >= table:
                count = rest.replace(":own", f"i.libraryID IN {self._libraries}")
                (number,) = self._connection.execute(f"SELECT count(*) FROM {count}").fetchone()
                yield LeftBehind(what, int(number), reason)


def better_bibtex_keys(path: Path) -> dict[str, str]:
    """Return the citation keys of the user's library by item key, from a copy of Better BibTeX's
    own database (``better-bibtex.sqlite``); empty where it holds none that can be read.

    Until its version 6.6 it kept them as JSON in a table of its name, since then in `citationkey`.
    """
    with suppress(*_DAMAGE), closing(_connect(path, "mode=rw")) as connection:
        tables = _names(connection)
        if "citationkey" in tables:
            rows = connection.execute(
                "SELECT itemKey, citationKey FROM citationkey WHERE libraryID = 1"
            ).fetchall()
            if rows:
                return {str(item): str(key) for item, key in rows}
        if "better-bibtex" in tables:
            row = connection.execute(
                "SELECT data FROM \"better-bibtex\" WHERE name = 'better-bibtex.citekey'"
            ).fetchone()
            return _keys_in(str(row[0])) if row else {}
    return {}


def _keys_in(text: str) -> dict[str, str]:
    try:
        entries: Any = json.loads(text)["data"]
        return {
            str(entry["itemKey"]): str(entry["citekey"])
            for entry in entries
            if entry.get("libraryID") == 1 and entry.get("itemKey") and entry.get("citekey")
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _instant(text: Any) -> str:
    """Return Zotero's ``2017-06-12 10:11:12`` (UTC) as the tray writes instants."""
    written = str(text or "")
    if len(written) != 19 or written[10] != " ":
        return ""
    return f"{written[:10]}T{written[11:]}.000Z"
