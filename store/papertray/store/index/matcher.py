"""Whether one text matches a query, by the same rules as the index but without one.

For papers that changed since the index last followed, and for all of them while there is no index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeAlias, assert_never

from papertray.core.query import (
    And,
    Condition,
    Dates,
    Everything,
    Form,
    Not,
    Or,
    Phrase,
    Query,
    TextField,
    Value,
    Word,
    Years,
    conjuncts,
)
from papertray.store.index.compiler import WEIGHTS, typos
from papertray.store.index.documents import NoteText, PaperText
from papertray.store.index.text import ENGLISH, PLAIN, analyzer, is_paired, prepared, tokens

Holds: TypeAlias = Callable[[Condition, int], bool]
"""Whether a condition holds for the paper with this id."""

_PLAIN_FIELDS = (TextField.AUTHOR, TextField.VENUE)

# What may be folded to ASCII: all but ASCII itself, Greek, Cyrillic, Hebrew and Arabic, marks of
# punctuation and mathematics, Chinese, Japanese and Korean. JSON may write it as an escape.
_FOLDED = re.compile(
    r"\\u|[^\x00-\x7f\u0370-\u06ff\u2000-\u206f\u2190-\u23ff\u3000-\u9fff\uac00-\ud7af]"
)


class Matcher:
    """Decides for one query. Any thread may use it."""

    def __init__(self, query: Query, holds: Holds) -> None:
        """Match `query`; `holds` answers the conditions that stand beside words."""
        self._query = query
        self._holds = holds
        self._needles = tuple(sorted(set(_needles(query)), key=len, reverse=True))

    @property
    def can_tell(self) -> bool:
        """Whether `may_match` ever says no."""
        return bool(self._needles)

    def may_match(self, text: str) -> bool:
        """Return whether a paper could match that has all its texts in `text`, in any order."""
        lowered = text.lower()
        if all(needle in lowered for needle in self._needles):
            return True
        # Other letters would have to be folded first; most texts have none of these.
        return _FOLDED.search(text) is not None

    def paper(self, paper: PaperText) -> bool:
        """Return whether a paper matches."""
        return self.document(document_of(paper))

    def document(self, document: Document) -> bool:
        """Return whether a paper matches that other queries may look at too."""
        return self._matches(self._query, document)

    def note(self, note: NoteText) -> bool:
        """Return whether a note by itself matches; conditions are asked of its paper."""
        paper_id = -1 if note.paper_id is None else note.paper_id
        return self._matches(self._query, Document(paper_id, {TextField.NOTE: (note.text,)}))

    def _matches(self, query: Query, document: Document) -> bool:
        match query:
            case Everything():
                return True
            case Word(text, field, form):
                if _stands_in(text, field, document):
                    return True
                if form is Form.PREFIX:
                    return _begins_in(text, field, document)
                return form is Form.TYPO and _nearly_in(text, field, document)
            case Phrase(text, field):
                return _stands_in(text, field, document)
            case Value() | Years() | Dates():
                return self._holds(query, document.paper_id)
            case Not(part):
                return not self._matches(part, document)
            case And(parts):
                return all(self._matches(part, document) for part in parts)
            case Or(parts):
                return any(self._matches(part, document) for part in parts)
        assert_never(query)


class Document:
    """The texts of one document, cut into tokens when first asked for."""

    def __init__(self, paper_id: int, fields: dict[TextField, tuple[str, ...]]) -> None:
        """`fields` are its texts."""
        self.paper_id = paper_id
        self._fields = fields
        self._tokens: dict[TextField, list[list[str]]] = {}
        self._known: dict[TextField, frozenset[str]] = {}
        self._words: dict[TextField | None, set[str]] = {}

    def known(self, field: TextField) -> frozenset[str]:
        """Return the tokens of a field, each once."""
        if field not in self._known:
            self._known[field] = frozenset(chain.from_iterable(self.tokens(field)))
        return self._known[field]

    def tokens(self, field: TextField) -> list[list[str]]:
        """Return the tokens of each text of a field."""
        if field not in self._tokens:
            name = PLAIN if field in _PLAIN_FIELDS else ENGLISH
            self._tokens[field] = [tokens(text, name) for text in self._fields.get(field, ())]
        return self._tokens[field]

    def words(self, field: TextField | None) -> set[str]:
        """The unstemmed words of one field, or of all the usual ones."""
        if field not in self._words:
            names: Iterable[TextField] = WEIGHTS if field is None else (field,)
            texts = (text for name in names for text in self._fields.get(name, ()))
            analyze = analyzer(PLAIN).analyze
            self._words[field] = {
                word for text in texts for word in analyze(prepared(text, with_ends=True))
            }
        return self._words[field]


def document_of(paper: PaperText) -> Document:
    """Return a paper for `Matcher.document`: its texts are cut once for however many queries."""
    fields = {
        TextField.TITLE: (paper.title,),
        TextField.AUTHOR: paper.authors,
        TextField.ABSTRACT: (paper.abstract,),
        TextField.NOTE: paper.notes,
        TextField.COMMENT: (paper.comment,),
        TextField.VENUE: paper.venue,
    }
    return Document(paper.id, fields)


def _needles(query: Query) -> Iterable[str]:
    """What a text must hold, letter by letter, to match: spares cutting most texts into tokens.

    A word begins like its stem, but for the last two letters (probability has probabl) and for
    short ones (dying has die).
    """
    for part in conjuncts(query):
        if isinstance(part, Phrase) or (isinstance(part, Word) and part.form is not Form.TYPO):
            for token in _wanted(part.text, ENGLISH):
                if len(token) >= 5 and token.isascii():
                    yield token[:-2]


def _stands_in(text: str, field: TextField | None, document: Document) -> bool:
    names: Iterable[TextField] = WEIGHTS if field is None else (field,)
    for name in names:
        wanted = _wanted(text, PLAIN if name in _PLAIN_FIELDS else ENGLISH)
        if not wanted:
            continue
        if len(wanted) == 1 and len(wanted[0]) == 1 and is_paired(wanted[0]):
            if any(token.startswith(wanted[0]) for token in document.known(name)):
                return True
        elif wanted[0] in document.known(name) and (
            len(wanted) == 1 or any(_holds_run(found, wanted) for found in document.tokens(name))
        ):
            return True
    return False


@lru_cache(maxsize=512)
def _wanted(text: str, name: str) -> tuple[str, ...]:
    return tuple(tokens(text, name))


def _holds_run(found: Sequence[str], wanted: tuple[str, ...]) -> bool:
    first, length = wanted[0], len(wanted)
    return any(
        tuple(found[i : i + length]) == wanted for i, token in enumerate(found) if token == first
    )


def _begins_in(text: str, field: TextField | None, document: Document) -> bool:
    *whole, last = _wanted(text, PLAIN) or ("",)
    if not last or (whole and not _stands_in(" ".join(whole), field, document)):
        return False
    if is_paired(last) and len(last) > 1:
        return False  # pairs are looked for as they are
    if any(word.startswith(last) for word in document.words(field)):
        return True
    # Stems in titles and in a stemmed field of its own count too, as they do in the index.
    stemmed = TextField.TITLE if field is None and not whole else field
    return stemmed is not None and any(
        token.startswith(last) for found in document.tokens(stemmed) for token in found
    )


def _nearly_in(text: str, field: TextField | None, document: Document) -> bool:
    stemmed = field is not None and field not in _PLAIN_FIELDS
    wanted = _wanted(text, ENGLISH if stemmed else PLAIN)
    if stemmed and field is not None:
        words = {token for found in document.tokens(field) for token in found}
    else:
        words = document.words(field)
    return bool(wanted) and all(
        any(distance_within(token, word, typos(token)) for word in words) for token in wanted
    )


@lru_cache(maxsize=50_000)  # texts have most of their words in common
def distance_within(one: str, other: str, most: int) -> bool:
    """Whether `most` letters changed, left out, put in or swapped with the next make one of the
    two words the other."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1] <= most
