"""Queries made from queries: what of one can be ranked, and what of it notes are asked."""

from __future__ import annotations

from papertray.core.query import And, Form, Not, Or, Phrase, Query, TextField, Word, any_of
from papertray.store.index.text import PLAIN, is_paired, tokens


def is_ranked(query: Query) -> bool:
    """Return whether every hit gets a score of its own, from a whole word or a phrase.

    All beginnings and all typos score alike, and what is only left out scores nothing.
    """
    match query:
        case Word(text, _, form):
            return form is Form.WHOLE or (form is Form.PREFIX and not _is_one_beginning(text))
        case Phrase():
            return True
        case And(parts):
            return any(map(is_ranked, parts))
        case Or(parts):
            return all(map(is_ranked, parts))
        case _:
            return False


def ranked_part(query: Query) -> Query | None:
    """Return a query for hits of `query` that have scores of their own; None if none have.

    Beginnings and words with a typo are taken as whole words.
    """
    if is_ranked(query):
        return query
    match query:
        case Word(text, field):
            return Word(text, field)
        case And(parts):
            found = [(part, ranked_part(part)) for part in parts]
            if all(ranked is None for _, ranked in found):
                return None
            return And(tuple([part if ranked is None else ranked for part, ranked in found]))
        case Or(parts):
            ranked_parts = [ranked for part in parts if (ranked := ranked_part(part)) is not None]
            return any_of(ranked_parts) if ranked_parts else None
        case _:
            return None


def in_notes(query: Query) -> Query:
    """Return `query` as a note by itself is asked it: all that it has is the field `note`.

    The index answers that faster, since few documents have this field.
    """
    match query:
        case Word(text, None, form) if form is not Form.TYPO:
            return Word(text, TextField.NOTE, form)
        case Phrase(text, None):
            return Phrase(text, TextField.NOTE)
        case Not(part):
            return Not(in_notes(part))
        case And(parts):
            return And(tuple(map(in_notes, parts)))
        case Or(parts):
            return Or(tuple(map(in_notes, parts)))
        case _:
            return query


def _is_one_beginning(text: str) -> bool:
    """Whether a word that may go on is a single token; pairs are looked for as they are."""
    found = tokens(text, PLAIN)
    return len(found) == 1 and not (is_paired(found[0]) and len(found[0]) > 1)
