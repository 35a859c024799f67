"""Papers, notes and the like put into a tray by plain SQL, and a small library made up at random.

Import with ``from made_up_papers import add_paper, add_note, made_up``.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

_numbers = count(1)

ADDED = "2026-11-20T08:00:00.000Z"


def add_paper(
    connection: sqlite3.Connection,
    title: str,
    *,
    abstract: str = "",
    authors: Sequence[str] = (),
    tags: Sequence[str] = (),
    pile: str = "inbox",
    added: str = ADDED,
    decided: str | None = None,
    done: str | None = None,
    snoozed: str | None = None,
    removed: str | None = None,
    **fields: object,
) -> int:
    """Insert a paper with its standing and tags; return its id. `fields` are columns of paper."""
    people = [{"literal": name} for name in authors]
    columns = {"uid": f"made-up-{next(_numbers)}", "title": title, "abstract": abstract}
    values = {**columns, "authors": json.dumps(people), **fields}
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    cursor = connection.execute(
        f"INSERT INTO paper({names}) VALUES ({marks})", tuple(values.values())
    )
    paper_id = cursor.lastrowid
    assert paper_id is not None
    connection.execute(
        "INSERT INTO standing(paper_id, pile, added, decided, done, snoozed, removed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (paper_id, pile, added, decided, done, snoozed, removed),
    )
    connection.executemany(
        "INSERT INTO tag(paper_id, tag) VALUES (?, ?)", [(paper_id, tag) for tag in tags]
    )
    return paper_id


def add_batch(connection: sqlite3.Connection, reason: str = "") -> int:
    """Insert a batch; return its id."""
    number = next(_numbers)
    cursor = connection.execute(
        "INSERT INTO batch(uid, device, number, hlc, at, origin, reason)"
        " VALUES (?, 'made-up', ?, '', ?, 'command', ?)",
        (f"batch-{number}", number, ADDED, reason),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def add_note(
    connection: sqlite3.Connection, body: str, paper_id: int | None = None, title: str = ""
) -> int:
    """Insert a live note; return its id."""
    cursor = connection.execute(
        "INSERT INTO note(uid, paper_id, title, body, created, updated) VALUES (?, ?, ?, '', ?, ?)",
        (f"note-{next(_numbers)}", paper_id, title, ADDED, ADDED),
    )
    note_id = cursor.lastrowid
    assert note_id is not None
    edit_note(connection, note_id, body)
    return note_id


def edit_note(connection: sqlite3.Connection, note_id: int, body: str | None) -> None:
    """Give a note a new text, or none: then it is gone."""
    if body is None:
        connection.execute("UPDATE note SET revision = NULL WHERE id = ?", (note_id,))
        return
    uid = f"revision-{next(_numbers)}"
    connection.execute(
        "INSERT INTO note_revision(uid, note_id, body, batch) VALUES (?, ?, ?, ?)",
        (uid, note_id, body, add_batch(connection)),
    )
    connection.execute("UPDATE note SET body = ?, revision = ? WHERE id = ?", (body, uid, note_id))


# Words whose only other form is the plural, which has the same stem; none begins another.
WORDS = (
    "robot planet garden window pocket rabbit magnet carpet lantern signal kernel tensor vector"
    " ticket basket tunnel dragon ribbon"
).split()
NAMES = ("Müller", "Öztürk", "Łukasz", "Smith", "de la Cruz", "O'Brien")
HAN = ("深度学习", "图像分割", "学习", "度量", "自然語言")
TAGS = ("red", "green", "green/dark", "blue")
PILES = ("inbox", "read", "starred", "skip")


@dataclass(frozen=True, slots=True)
class MadeUp:
    """What a made-up paper was made of."""

    id: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    venue: str
    comment: str
    notes: tuple[str, ...]
    tags: tuple[str, ...]
    pile: str
    year: int | None
    done: bool
    is_gone: bool


def made_up(connection: sqlite3.Connection, number: int, seed: int) -> list[MadeUp]:
    """Insert `number` papers, always the same for one seed, and return what they hold."""
    chance = random.Random(seed)
    return [_one(connection, chance) for _ in range(number)]


def _text(chance: random.Random, words: int) -> str:
    found = []
    for _ in range(words):
        word = chance.choice(WORDS) + "s" * (chance.random() < 0.3)
        found.append(word.capitalize() if chance.random() < 0.2 else word)
        if chance.random() < 0.06:
            found.append(chance.choice(HAN))
        if chance.random() < 0.1:
            found[-1] += chance.choice((",", ".", ":", "—", " &"))
    return " ".join(found)


def _one(connection: sqlite3.Connection, chance: random.Random) -> MadeUp:
    title, abstract = _text(chance, 3), _text(chance, chance.choice((0, 6, 12)))
    authors = tuple(chance.sample(NAMES, chance.randrange(3)))
    venue, comment = _text(chance, chance.randrange(3)), _text(chance, chance.randrange(2))
    notes = tuple(_text(chance, 4) for _ in range(chance.choice((0, 0, 0, 1, 2))))
    tags = tuple(sorted(chance.sample(TAGS, chance.choice((0, 0, 1, 2)))))
    pile = chance.choices(PILES, (60, 15, 5, 20))[0]
    year = chance.choice((None, *range(2018, 2025)))
    done = pile == "read" and chance.random() < 0.5
    is_gone = chance.random() < 0.05
    paper_id = add_paper(
        connection,
        title,
        abstract=abstract,
        authors=authors,
        tags=tags,
        pile=pile,
        year=year,
        venue=venue,
        comment=comment,
        done="2026-11-21" if done else None,
        removed=ADDED if is_gone else None,
    )
    for note in notes:
        add_note(connection, note, paper_id)
    return MadeUp(
        paper_id, title, abstract, authors, venue, comment, notes, tags, pile, year, done, is_gone
    )
