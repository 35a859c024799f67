"""Random queries over made-up papers: the same hits as an oracle in plain Python finds.

The whole language, answered four ways: by the index, by the database alone, by both while the index
lags, and by sieving hits afterwards.
"""

from __future__ import annotations

import random
import re
import sqlite3
import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pytest

from papertray.core.model import Pile
from papertray.core.query import (
    And,
    DateField,
    Dates,
    Everything,
    Form,
    Not,
    Or,
    Phrase,
    Query,
    TextField,
    Value,
    ValueField,
    Word,
    Years,
    all_of,
    any_of,
    negation,
)
from papertray.core.query_dates import resolve
from papertray.store import search_words
from papertray.store.search import Search
from papertray.store.tray import Tray

from made_up_papers import HAN, NAMES, WORDS, MadeUp, add_batch, made_up


@cache
def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFD", text.replace("Ł", "L"))
    return re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)).lower())


def _stem(word: str) -> str:
    return word.removesuffix("s")


def _texts(paper: MadeUp, field: TextField | None) -> list[str]:
    by_field = {
        TextField.TITLE: [paper.title],
        TextField.AUTHOR: list(paper.authors),
        TextField.ABSTRACT: [paper.abstract],
        TextField.NOTE: list(paper.notes),
        TextField.COMMENT: [paper.comment],
        TextField.VENUE: [paper.venue],
    }
    if field is not None:
        return by_field[field]
    return [text for name in list(by_field)[:4] for text in by_field[name]]


def _run_in(wanted: list[str], found: list[str]) -> bool:
    return any(found[i : i + len(wanted)] == wanted for i in range(len(found) - len(wanted) + 1))


@cache
def _one_typo(word: str) -> set[str]:
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    letters = string.ascii_lowercase
    return {
        word,
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + c + b[1:] for a, b in cuts if b for c in letters),
        *(a + c + b for a, b in cuts for c in letters),
    }


def _has_text(paper: MadeUp, text: str, field: TextField | None, form: Form) -> bool:
    for found in _texts(paper, field):
        stems = field not in (TextField.AUTHOR, TextField.VENUE)
        if text in HAN:
            if text in found:
                return True
            continue
        wanted, words = _tokens(text), _tokens(found)
        if text not in NAMES and stems:
            wanted, whole = [_stem(w) for w in wanted], [_stem(w) for w in words]
        else:
            whole = words
        if _run_in(wanted, whole):
            return True
        if form is Form.PREFIX and any(w.startswith(_tokens(text)[-1]) for w in words):
            return True
        if form is Form.TYPO and _one_typo(_tokens(text)[0]) & set(words):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to a paper: when it came and from where, how it was decided, its names."""

    added: str
    decided: str
    feed: str
    reason: str
    key: str
    doi: str
    has_code: bool
    has_pdf: bool
    is_snoozed: bool


DAYS = ("2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01")
FEEDS = ("arXiv cs.CL", "Blog")
REASONS = ("", "too long", "off topic")
TODAY = date(2026, 1, 1)
SEARCHES: dict[str, Query] = {
    "robots": Or((Word("robot"), Value(ValueField.TAG, "red"))),
    "to read": And((Value(ValueField.IS, "todo"), Not(Word("gard", form=Form.PREFIX)))),
}


def _tell(connection: sqlite3.Connection, papers: list[MadeUp], seed: int) -> dict[int, Story]:
    """Give each paper a story, always the same for one seed."""
    chance = random.Random(seed)
    connection.execute(
        "INSERT OR IGNORE INTO feed(id, uid, name) VALUES (1, 'f1', ?), (2, 'f2', ?)", FEEDS
    )
    connection.executemany(
        "INSERT OR IGNORE INTO saved_search(uid, name, query) VALUES (?1, ?1, ?2)",
        [(name, str(query)) for name, query in SEARCHES.items()],
    )
    stories = {}
    for paper in papers:
        at, decided = (f"{chance.choice(DAYS)}T12:00:00.000Z" for _ in range(2))
        feed, reason = chance.choice(FEEDS), chance.choice(REASONS)
        story = Story(
            at[:10], decided[:10], feed, reason, f"Key{paper.id}", f"10.1000/{paper.id}",
            has_code=chance.random() < 0.2,
            has_pdf=chance.random() < 0.2,
            is_snoozed=paper.pile == "inbox" and chance.random() < 0.2,
        )  # fmt: skip
        stories[paper.id] = story
        connection.execute(
            "UPDATE standing SET added = ?, decided = ?, snoozed = ? WHERE paper_id = ?",
            (at, decided, "2999-01-01" if story.is_snoozed else "2025-01-01", paper.id),
        )
        connection.execute(
            "UPDATE paper SET code_urls = ?, pdf_url = ? WHERE id = ?",
            ('["https://a.b"]' if story.has_code else "[]", "x" * story.has_pdf, paper.id),
        )
        batch = add_batch(connection, reason)
        connection.execute(
            "INSERT INTO op(batch, kind, ref, field) VALUES (?, 'paper', ?, 'pile')",
            (batch, paper.id),
        )
        connection.execute(
            "INSERT INTO listing(paper_id, feed_id, batch, seen) VALUES (?, ?, ?, '')",
            (paper.id, FEEDS.index(feed) + 1, batch),
        )
        connection.execute(
            "INSERT INTO citekey VALUES (?, ?, ?, 'final')",
            (story.key.casefold(), story.key, paper.id),
        )
        connection.execute("INSERT INTO identifier VALUES ('doi', ?, ?)", (story.doi, paper.id))
    return stories


def _happened(query: Dates, story: Story, pile: str) -> bool:
    day = story.added if query.field is DateField.ADDED else story.decided
    wanted_pile = {DateField.SKIPPED: "skip", DateField.STARRED: "starred"}.get(query.field, pile)
    first, after = resolve(query.expression, TODAY)
    is_within = (first is None or first.isoformat() <= day) and (
        after is None or day < after.isoformat()
    )
    return is_within and pile == wanted_pile


def _matches(query: Query, paper: MadeUp, story: Story | None) -> bool:
    match query:
        case Dates():
            assert story is not None
            return _happened(query, story, paper.pile)
        case Value(
            ValueField.FEED | ValueField.REASON | ValueField.KEY | ValueField.ID as field, v
        ):
            assert story is not None
            return {
                ValueField.FEED: story.feed.lower() == v.lower(),
                ValueField.REASON: v in story.reason,
                ValueField.KEY: story.key.lower().startswith(v.lower()),
                ValueField.ID: v in (story.key, story.doi, str(paper.id)),
            }[field]
        case Everything():
            return True
        case Word(text, field, form):
            return _has_text(paper, text, field, form)
        case Phrase(text, field):
            return _has_text(paper, text, field, Form.WHOLE)
        case Not(part):
            return not _matches(part, paper, story)
        case And(parts):
            return all(_matches(part, paper, story) for part in parts)
        case Or(parts):
            return any(_matches(part, paper, story) for part in parts)
        case Years(first, last):
            return paper.year is not None and (first or 0) <= paper.year <= (last or 9999)
        case Value(ValueField.TAG, value):
            return any(tag == value or tag.startswith(f"{value}/") for tag in paper.tags)
        case Value(ValueField.PILE, value):
            return paper.pile == value
        case Value(ValueField.HAS, "note"):
            return bool(paper.notes)
        case Value(ValueField.HAS, value):
            assert story is not None
            return story.has_code if value == "code" else story.has_pdf
        case Value(ValueField.IS, "snoozed"):
            return story is not None and story.is_snoozed
        case Value(ValueField.IS, value):
            return paper.done if value == "done" else paper.pile == "read" and not paper.done
        case Value(ValueField.SEARCH, name):
            return _matches(SEARCHES[name], paper, story)
    raise AssertionError(query)


def _happening(chance: random.Random) -> Query:
    number = chance.randrange(1, 30)
    return chance.choice(
        (
            Dates(
                chance.choice(list(DateField)),
                chance.choice(("2025-02", ">2025-02-01", "<=2025-02-01", "2025-01..2025-02")),
            ),
            Value(ValueField.FEED, chance.choice(("ARXIV cs.CL", "Blog", "arXiv"))),
            Value(ValueField.REASON, chance.choice(("long", "o", "topic"))),
            Value(ValueField.KEY, chance.choice(("key", f"KEY{number}"))),
            Value(ValueField.ID, chance.choice((f"Key{number}", f"10.1000/{number}", "2"))),
            Value(ValueField.HAS, chance.choice(("code", "pdf"))),
            Value(ValueField.IS, "snoozed"),
            Value(ValueField.SEARCH, chance.choice(list(SEARCHES))),
        )
    )


def _query(chance: random.Random, depth: int = 0, *, stories: bool) -> Query:
    if depth < 3 and chance.random() < 0.55:
        parts = [
            _query(chance, depth + 1, stories=stories) for _ in range(chance.choice((2, 2, 3)))
        ]
        return chance.choice((all_of, all_of, any_of))(parts)
    if chance.random() < 0.15:
        return negation(_query(chance, depth + 1, stories=stories))
    if stories and chance.random() < 0.15:
        return _happening(chance)
    if chance.random() < 0.3:
        return chance.choice(
            (
                Value(ValueField.TAG, chance.choice(("red", "green", "blue"))),
                Value(ValueField.PILE, chance.choice(list(Pile)).value),
                Value(ValueField.HAS, "note"),
                Value(ValueField.IS, chance.choice(("done", "todo"))),
                Years(2020, chance.choice((2020, 2022, None))),
            )
        )
    return _text_leaf(chance)


def _text_leaf(chance: random.Random) -> Query:
    field = chance.choice((None, None, None, *TextField))
    kind = chance.random()
    if kind < 0.1:
        return Word(chance.choice(HAN), field)
    if kind < 0.2:
        return Phrase(chance.choice(NAMES), chance.choice((None, TextField.AUTHOR)))
    word = chance.choice(WORDS) + "s" * (chance.random() < 0.3)
    if kind < 0.35:
        return Phrase(f"{word} {chance.choice(WORDS)}", field)
    if kind < 0.5:
        return Word(word[: chance.randrange(1, len(word) + 1)], field, Form.PREFIX)
    if kind < 0.6:
        wrong = word[:2] + word[3] + word[2] + word[4:]
        return Word(wrong[:7], None, Form.TYPO)
    return Word(word, field)


def _agree(
    search: Search,
    papers: list[MadeUp],
    seed: int,
    number: int,
    stories: Mapping[int, Story] | None = None,
) -> None:
    known = stories or {}
    chance = random.Random(seed)
    several = 0
    for _ in range(number):
        query = _query(chance, stories=stories is not None)
        expected = {p.id for p in papers if not p.is_gone and _matches(query, p, known.get(p.id))}
        hits = search.search(str(query), typing=False)
        assert set(hits.ids) == expected, str(query)
        assert len(hits.ids) == len(expected)
        piles = [p.pile for p in papers if p.id in expected]
        assert hits.total == {pile: piles.count(pile) for pile in Pile if pile in piles}
        several += 0 < len(expected) < len(papers) / 2
    assert several > number / 3  # the queries are not all trivial


# (seed, papers, queries)
_SIZES = [
    pytest.param(1, 500, 250),
    *(pytest.param(seed, 2_000, 1_000, marks=pytest.mark.long) for seed in range(2, 4)),
]


@pytest.mark.parametrize(("seed", "papers", "queries"), _SIZES)
def test_the_index_finds_what_the_oracle_finds(
    tray: Tray, seed: int, papers: int, queries: int
) -> None:
    with tray.write() as connection:
        made = made_up(connection, papers, seed)
        stories = _tell(connection, made, seed)
    search = Search(tray)
    assert search.follow() > 0
    _agree(search, made, seed, queries, stories)
    assert search.search("robot").notice == ""


@pytest.mark.parametrize(("seed", "papers", "queries"), _SIZES)
def test_the_database_alone_finds_what_the_oracle_finds(
    tray: Tray, seed: int, papers: int, queries: int
) -> None:
    with tray.write() as connection:
        made = made_up(connection, papers, seed)
        stories = _tell(connection, made, seed)
    search = Search(tray)
    _agree(search, made, seed, queries // 6, stories)
    assert "index is missing" in search.search("robot").notice


@pytest.mark.parametrize(("seed", "papers", "queries"), _SIZES)
def test_what_the_index_has_not_followed_is_found_too(
    tray: Tray, seed: int, papers: int, queries: int
) -> None:
    with tray.write() as connection:
        made = made_up(connection, papers * 4 // 5, seed)
    search = Search(tray)
    search.follow()
    with tray.write() as connection:
        made += made_up(connection, papers // 5, seed + 100)
        for place in range(0, papers * 4 // 5, 7):
            old = made[place]
            made[place] = replace(old, title=f"{old.title} robot", notes=())
            connection.execute(
                "UPDATE paper SET title = ? WHERE id = ?", (made[place].title, old.id)
            )
            connection.execute("UPDATE note SET revision = NULL WHERE paper_id = ?", (old.id,))
        stories = _tell(connection, made, seed)
    assert search.behind() > 0
    _agree(search, made, seed, queries // 2, stories)
    search.follow()
    assert search.behind() == 0
    _agree(search, made, seed, queries // 4, stories)


@pytest.mark.parametrize(("few", "some"), [(3, 3), (3, 30_000)])
def test_large_sets_of_candidates_are_sieved_afterwards(
    tray: Tray, monkeypatch: pytest.MonkeyPatch, few: int, some: int
) -> None:
    with tray.write() as connection:
        papers = made_up(connection, 150, seed=8)
    search = Search(tray)
    search.follow()
    monkeypatch.setattr(search_words, "FEW", few)
    monkeypatch.setattr(search_words, "SOME", some)
    _agree(search, papers, seed=9, number=100)
