"""Functions for SQL, for whoever opens a database with sqlite-utils: a tray or any other.

sqlite-utils adds them to every database that it opens, so adding them reads and imports nothing.
No trigger, index or view of a tray uses them: other programs have none.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertray.core.model import Author


def add_functions(connection: sqlite3.Connection) -> None:
    """Add our functions to a connection.

    - ``papertray_title_key(title)``: the letters and digits of a title without accents and case,
      which two spellings of one title share.
    - ``papertray_citekey(authors, year, title)``: the citation key that a paper would get first
      by the usual formula. `authors` is JSON as in the column of a tray, or names as people write
      them; any of the three may be NULL, but not the authors and the title.
    - ``papertray_search(query)``: the numbers of the papers that a query of `papertray list` finds,
      the best first, as JSON for ``json_each``. The main database must be a tray, as it was
      committed last. It reads only.

    SQLite does not pass on what a function says when it fails: that goes to stderr.
    """
    main = next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")

    def search(query: object) -> str | None:
        return None if query is None else _search(main, str(query))

    connection.create_function("papertray_title_key", 1, _title_key, deterministic=True)
    connection.create_function("papertray_citekey", 3, _citekey, deterministic=True)
    connection.create_function("papertray_search", 1, search)


def _title_key(title: object) -> str | None:
    from papertray.core.identity import title_key

    return None if title is None else title_key(str(title))


def _citekey(authors: object, year: object, title: object) -> str | None:
    from papertray.core.citekeys import citekey
    from papertray.core.model import Work

    if authors is None and title is None:
        return None
    text = "" if title is None else str(title)
    number = int(year) if isinstance(year, int | str) and str(year).isdecimal() else None
    return citekey(Work(text, authors=_authors(authors), year=number), uid=text)


def _authors(value: object) -> tuple[Author, ...]:
    from papertray.core.names import parse_authors
    from papertray.store.rows import authors_from_text

    text = "" if value is None else str(value)
    if not text.lstrip().startswith("["):
        return parse_authors(text)
    items = json.loads(text)
    if all(isinstance(item, str) for item in items):
        return parse_authors(items)
    return authors_from_text(text)


def _search(database: str, query: str) -> str:
    from papertray.core.errors import PapertrayError

    try:
        return json.dumps(_found(Path(database), query))
    except PapertrayError as error:
        print(f"papertray_search: {error}", file=sys.stderr)
        raise


def _found(database: Path, query: str) -> list[int]:
    """Return the ids that a query finds. Raises `PapertrayError`."""
    from papertray.core.errors import UsageError
    from papertray.store.beginnings import is_current
    from papertray.store.places import find_places
    from papertray.store.search import Search
    from papertray.store.tray import Tray

    places = find_places(database.parent, os.environ)
    if database.name != places.database.name or not database.exists():
        raise UsageError(f"the main database is not that of a tray, {places.database.name}.")
    if not is_current(database):  # opening it would migrate it under the caller's feet
        raise UsageError(f"{database} is no tray of this version of papertray.")
    tray = Tray(places)
    try:
        return list(Search(tray).search(query).ids)
    finally:
        tray.close()
