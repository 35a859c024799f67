"""JSON values from a stream, one after the other: lines, arrays, or the answers of services.

No more is in memory than the longest value needs, so a file of any size can be read. The standard
library's decoder does the decoding; here is only where a value begins and whether it is all there.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, overload

from papertray.core.model import Json

CHUNK = 1 << 16
LONGEST = 1 << 24
"""Characters that one value may have."""

DEEPEST = 100
"""Deeper nesting is refused: what is kept must be writable again from any depth of calls."""

KEPT = 1 << 16
"""Bytes of a piece that cannot be read that are kept to look at."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value: the how manieth from 1, the line it begins in, how it was written."""

    number: int
    line: int
    value: Json
    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A place that is no JSON. `text` is how it begins."""

    number: int
    line: int
    reason: str
    text: str


def _number(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


# NaN and numbers beyond all bounds are no JSON, and could not be written back.
DECODER = json.JSONDecoder(parse_constant=lambda _: None, parse_float=_number)

_SPACE = re.compile(r"[\s,]*")
# Each blank belongs to one way of matching only, or many of them would take for ever.
_NEXT = re.compile(r"[}\]]\s*+,?\s*+(?=\{)|[,\[]\s*+(?=\{)|\n[^\S\n]*+(?=\{)")
_NEAR_END = 32

_DEEPEST_ANSWER = 6
"""Containers that are stepped into, one in the other: an array of answers that hold a message."""

_TOO_MANY_DIGITS = "a number has more digits than can be read"

_CLOSING = {"[": "]", "{": "}"}
_STRING_BEGUN = re.compile(r'"(?:[^"\\]++|\\.)*+', re.DOTALL)
_OBJECT = re.compile(r'\{\s*"')
_COLON = re.compile(r"\s*:\s*(?=\S)")
_COMMA = re.compile(r'\s*,\s*"')
_PIECE = re.compile(rf'{_STRING_BEGUN.pattern}"|[\[{{\]}},]|[^"\[{{\]}},]++', re.DOTALL)


def values(
    stream: BinaryIO, belongs: Callable[[Json], bool], open_at: Sequence[str] = ("items",)
) -> Iterator[Value | Broken]:
    """Yield the values of a stream in UTF-8, and a Broken where it is none.

    The stream may hold one value, values one a line or merely one after the other, and arrays of
    them, however long. An object that has one of the members `open_at` and does not itself belong
    is the answer of a service: what that member holds is stepped into, be it an array of values
    (``{"total": 2, "data": [...]}``), a single value, or an object that is again an answer
    (Crossref's ``message`` with its ``items``). Its other members are passed. Answers too may come
    one after the other or in an array.

    Arguments: `belongs` tells a value of the kind that is looked for. Behind a broken place it
    goes on at the next value that `belongs`: what is only a part of the broken one must not pass
    for a whole.
    """
    yield from _Scanner(stream, belongs, open_at).scan()


class _Scanner:
    """Reads on as it needs to. `text` from `position` on is what is still to be decoded.

    `open` holds the brackets of the arrays and answers that were stepped into.
    """

    def __init__(
        self, stream: BinaryIO, belongs: Callable[[Json], bool], open_at: Sequence[str]
    ) -> None:
        self._stream = stream
        self._belongs = belongs
        self._open_at = frozenset(open_at)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text = ""
        self._position = 0
        self._line = 1
        self._number = 0
        self._at_end = False
        self._open: list[str] = []
        self._was_broken = False
        self._read = 0
        self._effort = 0

    def scan(self) -> Iterator[Value | Broken]:
        while self._skip_space():
            if self._close():
                continue
            found = self._member() if self._open[-1:] == ["{"] else self._next()
            if found is None:
                continue
            yield found
            if isinstance(found, Broken) and not self._resume():
                return
        if self._open and not self._was_broken:
            yield Broken(self._number + 1, self._line, f"{self._what()} is not closed: cut", "")

    def _more(self, wanted: int) -> bool:
        """Read until `wanted` characters are at hand; False when there are no more at all."""
        if self._at_end:
            return False
        pieces = [self._text[self._position :]]
        have = before = len(pieces[0])
        self._position = 0
        while have < wanted and not self._at_end:
            data = self._stream.read(CHUNK)
            self._at_end = not data
            pieces.append(self._decoder.decode(data, final=self._at_end))
            have += len(pieces[-1])
        self._text = "".join(pieces)
        self._read += have - before
        return have > before

    def _step(self, position: int) -> None:
        self._line += self._text.count("\n", self._position, position)
        self._position = position

    def _skip_space(self) -> bool:
        """Step to what comes next; False at the end of the stream."""
        while True:
            space = _SPACE.match(self._text, self._position)
            self._step(space.end() if space else self._position)
            if self._position < len(self._text):
                return True
            if not self._more(1):
                return False

    def _step_into(self) -> None:
        self._open.append(self._text[self._position])
        self._step(self._position + 1)

    def _close(self) -> bool:
        """Step out of what closes here. Behind a broken place it may be what never opened."""
        closing = self._text[self._position]
        if closing not in "]}":
            return False
        if self._open and _CLOSING[self._open[-1]] == closing:
            self._open.pop()
        elif not self._was_broken:
            return False
        self._step(self._position + 1)
        return True

    def _member(self) -> Value | Broken | None:
        """Read a member of an answer: step to what it holds if that is wanted, else pass it."""
        name = self._string()
        if name is None or not self._skip_space() or self._text[self._position] != ":":
            return self._broken("no member")
        self._step(self._position + 1)
        if not self._skip_space():
            return self._broken("cut")
        if name in self._open_at and self._text[self._position] in "[{":
            return self._next()
        if not self._pass_value():
            return self._broken("cut")
        return None

    def _string(self) -> str | None:
        """Return the string that begins here, and step behind it; None if there is none."""
        while self._text[self._position] == '"':
            try:
                text, end = DECODER.raw_decode(self._text, self._position)
            except json.JSONDecodeError as error:
                have = len(self._text) - self._position
                if have > KEPT or not self._may_go_on(error) or not self._more(have + CHUNK):
                    return None
            else:
                self._step(end)
                return str(text)
        return None

    def _pass_value(self) -> bool:
        """Step behind a value that is not asked for; False if the stream ends in it.

        Only strings and brackets are told apart, so it may be longer than any memory.
        """
        depth = 0
        while True:
            found = _PIECE.match(self._text, self._position)
            if found is None:
                begun = _STRING_BEGUN.match(self._text, self._position)
                if begun and begun.end() > self._position + CHUNK:
                    self._step(begun.end())
                    self._text, self._position = '"' + self._text[begun.end() :], 0
                elif not self._more(len(self._text) - self._position + CHUNK):
                    return False
                continue
            piece = self._text[found.start()]
            if depth == 0 and piece in ",}]":
                return True
            depth += (piece in "[{") - (piece in "]}")
            self._step(found.end())
            if depth == 0 and piece in '"]}':
                return True

    def _next(self) -> Value | Broken | None:
        """Decode the value at hand, reading on while it is not all there; None for a container
        that was stepped into.

        The text to try again with grows by half each time, which keeps the sum linear.
        """
        may_open = len(self._open) < _DEEPEST_ANSWER
        if may_open and self._text[self._position] == "[":
            self._step_into()
            return None
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._position)
                # A number at the very end may go on.
                if end < len(self._text) or isinstance(value, dict | list) or self._at_end:
                    if may_open and self._is_answer(value):
                        self._step_into()
                        return None
                    return self._found(value, end)
                reason, may_go_on = "it was cut", True
            except RecursionError:
                reason, may_go_on = "nested too deep", False
            except json.JSONDecodeError as error:
                reason, may_go_on = error.msg, self._may_go_on(error)
            except ValueError:
                reason, may_go_on = _TOO_MANY_DIGITS, False
            # An answer that is not all there, or broken somewhere, still has values that are whole.
            if may_open and self._begins_answer():
                self._step_into()
                return None
            have = len(self._text) - self._position
            if not may_go_on or have > LONGEST or not self._more(have + max(have // 2, CHUNK)):
                return self._broken(reason)

    def _is_answer(self, value: Json) -> bool:
        return (
            isinstance(value, dict)
            and any(isinstance(value.get(name), dict | list) for name in self._open_at)
            and not self._belongs(value)
        )

    def _begins_answer(self) -> bool:
        """Tell an answer by its members up to the one that is stepped into."""
        members: dict[str, Json] = {}
        found = _OBJECT.match(self._text, self._position)
        while found:
            try:
                name, end = DECODER.raw_decode(self._text, found.end() - 1)
                colon = _COLON.match(self._text, end)
                if colon is None:
                    return False
                if name in self._open_at and self._text[colon.end()] in "[{":
                    return not self._belongs(members)
                members[name], end = DECODER.raw_decode(self._text, colon.end())
            except (ValueError, RecursionError):
                return False
            found = _COMMA.match(self._text, end)
        return False

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Tell whether more text may mend an error: a string that is open, a break at the end."""
        is_open = error.msg.startswith("Unterminated string")
        return is_open or error.pos > len(self._text) - _NEAR_END

    def _found(self, value: Json, end: int) -> Value:
        self._number += 1
        found = Value(self._number, self._line, value, self._text[self._position : end])
        self._step(end)
        return found

    def _what(self) -> str:
        return "the array" if self._open else "the file"

    def _broken(self, reason: str) -> Broken:
        self._number += 1
        kept = self._text[self._position : self._position + KEPT]
        reason = f"{self._what()} is broken or cut here ({reason[:80]})"
        return Broken(self._number, self._line, reason, kept)

    def _resume(self) -> bool:
        """Step to the next value that belongs, behind a broken one; False when there is none."""
        self._was_broken = True
        start = self._position + 1
        while self._effort < 4 * (self._read + LONGEST):
            found = _NEXT.search(self._text, start)
            if found is not None:
                self._step(found.end())
                passed = self._length_of_other()
                if passed is None:
                    while self._open[-1:] == ["{"]:  # values lie in arrays
                        self._open.pop()
                    return True
                start = self._position + max(passed, 1) - 1
            else:
                # Keep a little: what is searched for may lie across the border.
                self._step(max(self._position, len(self._text) - _NEAR_END))
                if not self._more(len(self._text) - self._position + CHUNK):
                    return False
                start = self._position
        return False

    def _length_of_other(self) -> int | None:
        """Return how many characters to pass here, or None if this is a value that belongs.

        What was decoded in vain is counted: it must not grow faster than what was read.
        """
        while True:
            have = len(self._text) - self._position
            try:
                value, end = DECODER.raw_decode(self._text, self._position)
            except json.JSONDecodeError as error:
                self._effort += error.pos - self._position
                if have > LONGEST or not self._may_go_on(error):
                    return 0
                if not self._more(have + max(have // 2, CHUNK)):
                    return 0
            except (ValueError, RecursionError):
                self._effort += have
                return 0
            else:
                if self._belongs(value) or self._is_answer(value):
                    return None
                return end - self._position


def is_shallow(value: Json) -> bool:
    """Tell whether a value is nested no deeper than `DEEPEST`."""
    level: list[Json] = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False


@overload
def without_surrogates(value: dict[str, Json]) -> dict[str, Json]: ...
@overload
def without_surrogates(value: Json) -> Json: ...
def without_surrogates(value: Json) -> Json:
    """Return `value` with halves of characters, which no file can hold, replaced everywhere."""
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_whole(name): without_surrogates(item) for name, item in value.items()}
    return value


def _whole(text: str) -> str:
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


_SURROGATE = re.compile("[\ud800-\udfff]")
