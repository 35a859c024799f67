"""Random queries over made-up papers: the same hits as an oracle in plain Python finds.

Four ways to answer: the index, the database alone, both while the index lags, and filtering hits
afterwards.
"""

from __future__ import annotations

import random
import re
import string
import unicodedata
from dataclasses import replace

import pytest

from papertray.core.model import Pile
from papertray.core.query import (
    And,
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
from papertray.store import search_words
from papertray.store.search import Search
from papertray.store.tray import Tray

from made_up_papers import HAN, NAMES, WORDS, MadeUp, made_up


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


def _matches(query: Query, paper: MadeUp) -> bool:
    match query:
        case Everything():
            return True
        case Word(text, field, form):
            return _has_text(paper, text, field, form)
        case Phrase(text, field):
            return _has_text(paper, text, field, Form.WHOLE)
        case Not(part):
            return not _matches(part, paper)
        case And(parts):
            return all(_matches(part, paper) for part in parts)
        case Or(parts):
            return any(_matches(part, paper) for part in parts)
        case Years(first, last):
            return paper.year is not None and (first or 0) <= paper.year <= (last or 9999)
        case Value(ValueField.TAG, value):
            return any(tag == value or tag.startswith(f"{value}/") for tag in paper.tags)
        case Value(ValueField.PILE, value):
            return paper.pile == value
        case Value(ValueField.HAS, _):
            return bool(paper.notes)
        case Value(ValueField.IS, _):
            return paper.done
    raise AssertionError(query)


def _query(chance: random.Random, depth: int = 0) -> Query:
    if depth < 3 and chance.random() < 0.55:
        parts = [_query(chance, depth + 1) for _ in range(chance.choice((2, 2, 3)))]
        return chance.choice((all_of, all_of, any_of))(parts)
    if chance.random() < 0.15:
        return negation(_query(chance, depth + 1))
    if chance.random() < 0.3:
        return chance.choice(
            (
                Value(ValueField.TAG, chance.choice(("red", "green", "blue"))),
                Value(ValueField.PILE, chance.choice(list(Pile)).value),
                Value(ValueField.HAS, "note"),
                Value(ValueField.IS, "done"),
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


def _agree(search: Search, papers: list[MadeUp], seed: int, number: int) -> None:
    chance = random.Random(seed)
    several = 0
    for _ in range(number):
        query = _query(chance)
        expected = {p.id for p in papers if not p.is_gone and _matches(query, p)}
        hits = search.search(str(query), typing=False)
        assert set(hits.ids) == expected, str(query)
        assert len(hits.ids) == len(expected)
        piles = [p.pile for p in papers if p.id in expected]
        assert hits.total == {pile: piles.count(pile) for pile in Pile if pile in piles}
        several += 0 < len(expected) < len(papers) / 2
    assert several > number / 3  # the queries are not all trivial


def test_the_index_finds_what_the_oracle_finds(tray: Tray) -> None:
    with tray.write() as connection:
        papers = made_up(connection, 200, seed=1)
    search = Search(tray)
    assert search.follow() > 0
    _agree(search, papers, seed=2, number=250)
    assert search.search("robot").notice == ""


def test_the_database_alone_finds_what_the_oracle_finds(tray: Tray) -> None:
    with tray.write() as connection:
        papers = made_up(connection, 120, seed=3)
    search = Search(tray)
    _agree(search, papers, seed=4, number=150)
    assert "index is missing" in search.search("robot").notice


def test_what_the_index_has_not_followed_is_found_too(tray: Tray) -> None:
    with tray.write() as connection:
        papers = made_up(connection, 80, seed=5)
    search = Search(tray)
    search.follow()
    with tray.write() as connection:
        papers += made_up(connection, 40, seed=6)
        for place in range(0, 80, 7):
            old = papers[place]
            papers[place] = replace(old, title=f"{old.title} robot", notes=())
            connection.execute(
                "UPDATE paper SET title = ? WHERE id = ?", (papers[place].title, old.id)
            )
            connection.execute("UPDATE note SET revision = NULL WHERE paper_id = ?", (old.id,))
    assert search.behind() > 0
    _agree(search, papers, seed=7, number=150)
    search.follow()
    assert search.behind() == 0
    _agree(search, papers, seed=7, number=60)


def test_large_sets_of_candidates_are_filtered_afterwards(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tray.write() as connection:
        papers = made_up(connection, 150, seed=8)
    search = Search(tray)
    search.follow()
    monkeypatch.setattr(search_words, "MOST_CANDIDATES", 3)
    _agree(search, papers, seed=9, number=100)
