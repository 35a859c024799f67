"""From typed text to a syntax tree: strict for commands, lenient while somebody is typing."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass

from papertray.core.errors import QueryError
from papertray.core.model import Pile
from papertray.core.query import (
    QUOTES,
    DateField,
    Dates,
    Form,
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
    unescaped,
)
from papertray.core.query_dates import MONTHS, is_date

FIELDS = (*TextField, *ValueField, *DateField, "year", "not")
"""Every name that may stand before a colon."""

VALUES: dict[str, tuple[str, ...]] = {
    "pile": tuple(Pile),
    "has": ("note", "code", "pdf"),
    "is": ("done", "todo", "snoozed", "expired"),
}
"""The values of those fields that know only a few."""


DEEPEST = 40
"""How many brackets may stand inside each other."""

_ALWAYS_WHOLE = (ValueField.ID, ValueField.SEARCH)
# What people paste: "arXiv:2401.00001" and "doi:10.1000/x" name a paper.
_OTHER_NAMES = {"arxiv": "id", "doi": "id"}
# What would mean something else outside of the quotation marks.
_APART = str.maketrans("():", "   ")
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<bracket>[()])"
    rf"|[{QUOTES}](?P<quoted>(?:\\[\\{QUOTES}]|[^{QUOTES}])*)(?P<close>[{QUOTES}]?)"
    rf"|(?P<bare>[^\s{QUOTES}()]+)"
)
_FIELD = re.compile(r"([A-Za-z]+):(.*)", re.DOTALL)
_BEGUN_YEARS = re.compile(r"[<>]?=?\d{0,4}|\d{0,4}\.\.?\d{0,4}")
_NAMES_OF_DAYS = (*MONTHS, "today", "yesterday")
_BEGUN_DAY = "|".join(
    (r"\d{0,5}[dwmy]?", r"[12]\d{3}-(0?[1-9]?|1[0-2])(-(0?[1-9]?|[12]\d|3[01]))?",
     *sorted({name[:end] for name in _NAMES_OF_DAYS for end in range(1, len(name) + 1)}))
)  # fmt: skip
_BEGUN_DATES = re.compile(rf"[<>]?=?({_BEGUN_DAY})|({_BEGUN_DAY})\.\.?({_BEGUN_DAY})")
_YEARS = re.compile(r"(>=|<=|>|<)?([1-9]\d{3})|([1-9]\d{3})?\.\.([1-9]\d{3})?")


@dataclass(frozen=True, slots=True)
class Understood:
    """What half-typed text means. `remarks` say in sentences what of it cannot be understood."""

    query: Query
    remarks: tuple[str, ...]


def understand(text: str) -> Understood:
    """Return the syntax tree of text that is still being typed, as `parse`, with remarks.

    There is no remark on what may become right when more is typed.
    """
    parser = _Parser(_presentable(text), typing=True)
    query = parser.query()
    return Understood(query, tuple(parser.remarks))


def parse(text: str, *, typing: bool) -> Query:
    """Return the syntax tree of `text`.

    Arguments: `typing` True is for text that is still being typed: nothing is an error, what
    cannot be understood becomes words or, at the end, is left out until there is more of it, and
    the last word stands for all words that begin so. False raises `QueryError` with one sentence
    that names the nearest thing that would have been right.
    """
    return _Parser(_presentable(text), typing).query()


def _presentable(text: str) -> str:
    """NFC, without lone surrogates (no UTF-8, no database has them)."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # bracket, quoted, bare
    text: str
    is_glued: bool  # no space before it
    is_last: bool  # nothing, not even a space, after it
    is_closed: bool = True

    @property
    def is_or(self) -> bool:
        return self.kind == "bare" and self.text == "OR"

    @property
    def is_close(self) -> bool:
        return self.kind == "bracket" and self.text == ")"


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    is_glued = False
    for piece in _TOKEN.finditer(text):
        kind = "quoted" if piece["close"] is not None else str(piece.lastgroup)
        if kind == "space":
            is_glued = False
            continue
        content = unescaped(piece["quoted"]) if kind == "quoted" else piece[0]
        is_last = piece.end() == len(text)
        found.append(_Token(kind, content, is_glued, is_last, piece["close"] != ""))
        is_glued = True
    return found


class _Parser:
    """Recursive descent; each method returns None where there is nothing to search for."""

    def __init__(self, text: str, typing: bool) -> None:
        self._text = text
        self._typing = typing
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0
        self.remarks: dict[str, None] = {}

    def query(self) -> Query:
        parts: list[Query] = []
        while self._at < len(self._tokens):
            found = self._either("")
            if found is not None:
                parts.append(found)
            if self._at < len(self._tokens):  # only a bracket that nobody opened stops before
                self._complain("A `)` closes nothing; put a `(` before, or take it out.")
                self._at += 1
        if not parts and self._tokens and not self._typing:
            raise QueryError(f"There is no word to search for in `{self._text}`.")
        return all_of(parts)

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _complain(self, message: str, *, is_lasting: bool = False) -> None:
        """Raise, or while somebody is typing remark on it if typing more will not mend it."""
        if not self._typing:
            raise QueryError(message)
        if is_lasting:
            self.remarks[message] = None

    def _either(self, field: str) -> Query | None:
        parts: list[Query] = []
        while True:
            found = self._together(field)
            if found is not None:
                parts.append(found)
            token = self._peek()
            has_more = token is not None and token.is_or
            if found is None and (has_more or parts):
                self._complain(
                    "`OR` needs a search on both sides; write it as or to find the word."
                )
            if not has_more:
                return any_of(parts) if parts else None
            self._at += 1

    def _together(self, field: str) -> Query | None:
        parts: list[Query] = []
        while (token := self._peek()) is not None and not token.is_or and not token.is_close:
            found = self._one(field)
            if found is not None:
                parts.append(found)
        return all_of(parts) if parts else None

    def _one(self, field: str) -> Query | None:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "bracket":
            return self._group(field)
        if token.kind == "quoted":
            return self._quoted(field, token)
        return self._bare(field, token.text, token)

    def _group(self, field: str) -> Query | None:
        if self._depth == DEEPEST:
            self._complain(f"More than {DEEPEST} brackets stand inside each other.")
            return None
        self._depth += 1
        found = self._either(field)
        self._depth -= 1
        if self._peek() is None:
            self._complain("A `(` is never closed; put a `)` where it ends.")
        else:
            self._at += 1
        return found

    def _bare(self, field: str, text: str, token: _Token) -> Query | None:
        if text == "AND":
            return None  # what stands side by side must match anyway
        if text == "NOT":
            return self._not(field)
        is_negated = False
        while text[:1] == "-" or text[:4].lower() == "not:":
            is_negated = not is_negated
            text = text.lstrip("-") if text[0] == "-" else text[4:]
        if text:
            found = self._named(field, text, token)
        else:
            found = self._glued(field)
            if found is None and token.text[-1] == ":":
                self._complain("`not:` needs something right after the colon.")
        return negation(found) if is_negated and found is not None else found

    def _not(self, field: str) -> Query | None:
        """What stands after ``NOT``, as other catalogues write a minus."""
        is_negated = True
        while (token := self._peek()) is not None and token.kind == "bare" and token.text == "NOT":
            is_negated = not is_negated
            self._at += 1
        found = None if token is None or token.is_or or token.is_close else self._one(field)
        if found is None:
            self._complain("`NOT` needs what to leave out after it; write not to find the word.")
            return None
        return negation(found) if is_negated else found

    def _named(self, field: str, text: str, token: _Token) -> Query | None:
        """A word or a condition, after the `-` if there was one. `field` is that of the group."""
        named = _FIELD.fullmatch(text)
        name = "" if named is None else named[1].lower()
        name = _OTHER_NAMES.get(name, name)
        if named is None or (field and name not in FIELDS):
            return self._leaf(field, text, token)
        rest = named[2]
        if name not in FIELDS:
            return self._unknown_field(named[1], rest, text, token)
        found = self._leaf(name, rest, token) if rest else self._glued(name)
        if found is None and not rest:
            self._complain(f"`{name}:` needs something right after the colon.")
        return found

    def _glued(self, field: str) -> Query | None:
        """What stands right after a `-` or `field:`: a phrase or a group."""
        token = self._peek()
        if token is None or not token.is_glued or token.kind == "bare" or token.is_close:
            return None
        return self._one(field)

    def _unknown_field(self, name: str, rest: str, text: str, token: _Token) -> Query | None:
        if rest.startswith("//") or (rest == "/" and token.is_last):  # an address
            return self._leaf("", text, token)
        if not rest:  # "BERT: pre-training", as titles have it
            return self._leaf("", name, token)
        near = difflib.get_close_matches(name.lower(), FIELDS, 1)
        hint = f"did you mean `{near[0]}:`?" if near else f"there are {', '.join(FIELDS)}."
        self._complain(f"There is no field `{name}:`; {hint}", is_lasting=True)
        return self._as_words(name, rest, token)

    def _as_words(self, name: str, rest: str, token: _Token | None) -> Query | None:
        # One after the other, not one inside the other: there may be thousands of colons.
        pieces = [name, *rest.translate(_APART).split()]
        ends = [None] * (len(pieces) - 1) + [token]
        words = [
            self._leaf("", piece.lstrip("-"), end) for piece, end in zip(pieces, ends, strict=True)
        ]
        return all_of([word for word in words if word is not None])

    def _leaf(self, field: str, text: str, token: _Token | None) -> Query | None:
        """A word, or the value of a field. `token` is where it ends, None when more follows."""
        is_end = token is not None and token.is_last
        if field in (*TextField, ""):
            return self._word(TextField(field) if field else None, text, is_end)
        value = text.rstrip("*")
        if field in tuple(ValueField):
            is_prefix = value != text or (self._typing and is_end)
            return self._value(ValueField(field), value, is_prefix, is_end)
        return self._time(field, value, is_end)

    def _word(self, field: TextField | None, text: str, is_end: bool) -> Query | None:
        word = text.rstrip("*~")
        if not _has_letters(word):
            return None
        sign = text[len(word) :]
        form = Form.TYPO if "~" in sign else Form.PREFIX if sign else Form.WHOLE
        if form is Form.WHOLE and self._typing and is_end:
            form = Form.PREFIX
        if field is None and form is Form.WHOLE and word in ("OR", "AND", "NOT"):
            word = word.lower()
        return Word(word, field, form)

    def _value(self, field: ValueField, value: str, is_prefix: bool, is_end: bool) -> Query | None:
        if not value.strip():
            return None
        if field not in VALUES:
            # A name that is still being typed may go on; a whole one in a command may not.
            return Value(field, value, is_prefix and field not in _ALWAYS_WHOLE)
        if value.lower() in VALUES[field]:
            return Value(field, value.lower())
        near = difflib.get_close_matches(value.lower(), VALUES[field], 1)
        hint = f"; did you mean `{field}:{near[0]}`?" if near else "."
        may_go_on = is_end and any(known.startswith(value.lower()) for known in VALUES[field])
        self._complain(
            f"`{field}:` is {_any(VALUES[field])}, not {value}{hint}", is_lasting=not may_go_on
        )
        return self._not_understood(field, value, is_end)

    def _time(self, field: str, value: str, is_end: bool) -> Query | None:
        if field == "year":
            if (years := _years(value)) is not None:
                return years
            hint = "write year:2020, year:>2020, year:2020..2024 or year:..2019."
        else:
            if is_date(value):
                return Dates(DateField(field), value.lower())
            near = difflib.get_close_matches(value.lower(), _NAMES_OF_DAYS, 1)
            hint = f"did you mean `{field}:{near[0]}`?" if near else (
                f"write {field}:2026-03-31, {field}:>2025, {field}:7d, {field}:march or "
                f"{field}:2025..2026-02."
            )  # fmt: skip
        noun, begins = ("year", _BEGUN_YEARS) if field == "year" else ("date", _BEGUN_DATES)
        may_go_on = is_end and begins.fullmatch(value.lower()) is not None
        self._complain(f"`{field}:{value}` is no {noun}; {hint}", is_lasting=not may_go_on)
        return self._not_understood(field, value, is_end)

    def _not_understood(self, field: str, value: str, is_end: bool) -> Query | None:
        if is_end:  # half typed: wait for the rest
            return None
        return self._as_words(field, value, None)

    def _quoted(self, field: str, token: _Token) -> Query | None:
        if not token.is_closed:
            self._complain(f"The quotation mark before `{token.text}` is never closed.")
        if field not in (*TextField, ""):
            return self._quoted_value(field, token)
        text_field = TextField(field) if field else None
        text = " ".join(token.text.split())
        if token.is_closed or not token.is_last or token.text[-1:].isspace():
            return Phrase(text, text_field) if _has_letters(text) else None
        whole, _, last = text.rpartition(" ")
        parts: list[Query] = [Phrase(whole, text_field)] if _has_letters(whole) else []
        # The word at the cursor is no part of the phrase until it is finished.
        ending = [word.lstrip("-") for word in last.translate(_APART).split()]
        for word in ending:
            found = self._word(text_field, word, is_end=word is ending[-1])
            if found is not None:
                parts.append(found)
        return all_of(parts) if parts else None

    def _quoted_value(self, field: str, token: _Token) -> Query | None:
        star = self._peek()
        has_star = star is not None and star.is_glued and star.text == "*"
        if has_star:
            self._at += 1
        if field in tuple(ValueField):
            is_open = self._typing and not token.is_closed
            return self._value(ValueField(field), token.text, has_star or is_open, token.is_last)
        return self._time(field, token.text.strip(), token.is_last)


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _any(values: tuple[str, ...]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"


def _years(value: str) -> Years | None:
    found = _YEARS.fullmatch(value)
    if found is None or value == "..":
        return None
    operator, one, first, last = found.groups()
    if one is None:
        return Years(int(first) if first else None, int(last) if last else None)
    year = int(one)
    match operator:
        case ">":
            return Years(min(year + 1, 9999), None)
        case ">=":
            return Years(year, None)
        case "<":
            return Years(None, max(year - 1, 1000))
        case "<=":
            return Years(None, year)
        case _:
            return Years(year, year)
