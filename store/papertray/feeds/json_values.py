"""JSON values from a stream, one after the other: an array's elements, lines, or a single one.

No more is in memory than the longest value needs, so a file of any size can be read. The standard
library's decoder does the decoding; here is only where a value begins and whether it is all there.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Callable, Iterator
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
_NEXT = re.compile(r"[}\]]\s*,?\s*(?=\{)|,\s*(?=\{)|\n\s*(?=\{)")
_NEAR_END = 32


def values(stream: BinaryIO, belongs: Callable[[Json], bool]) -> Iterator[Value | Broken]:
    """Yield the values of a stream in UTF-8, and a Broken where it is none.

    Behind a broken place it goes on at the next value that `belongs`: what is only a part of the
    broken one must not pass for a whole.
    """
    yield from _Scanner(stream, belongs).scan()


class _Scanner:
    """Reads on as it needs to. `text` from `position` on is what is still to be decoded."""

    def __init__(self, stream: BinaryIO, belongs: Callable[[Json], bool]) -> None:
        self._stream = stream
        self._belongs = belongs
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text = ""
        self._position = 0
        self._line = 1
        self._number = 0
        self._at_end = False
        self._is_array = False

    def scan(self) -> Iterator[Value | Broken]:
        self._more(1)
        self._open()
        while self._skip_space() and not self._is_closed():
            found = self._next()
            yield found
            if isinstance(found, Broken) and not self._resume():
                return
        if self._is_array and not self._is_closed():
            yield Broken(self._number + 1, self._line, "the array is not closed: it was cut", "")

    def _more(self, wanted: int) -> bool:
        """Read until `wanted` characters are at hand; False when there are no more at all."""
        if self._at_end:
            return False
        self._text = self._text[self._position :]
        self._position = 0
        before = len(self._text)
        while len(self._text) < wanted and not self._at_end:
            data = self._stream.read(CHUNK)
            self._at_end = not data
            self._text += self._decoder.decode(data, final=self._at_end)
        return len(self._text) > before

    def _open(self) -> None:
        """Step into the array, if there is one: bare, or the ``items`` of an object."""
        self._more(CHUNK)
        begin = _OPENING.match(self._text)
        if begin is not None:
            self._is_array = True
            self._step(begin.end())

    def _step(self, position: int) -> None:
        self._line += self._text.count("\n", self._position, position)
        self._position = position

    def _skip_space(self) -> bool:
        """Step to the next value; False at the end of the stream."""
        while True:
            space = _SPACE.match(self._text, self._position)
            self._step(space.end() if space else self._position)
            if self._position < len(self._text):
                return True
            if not self._more(1):
                return False

    def _is_closed(self) -> bool:
        return self._is_array and self._text.startswith("]", self._position)

    def _next(self) -> Value | Broken:
        """Decode the value at hand, reading on while it is not all there.

        The text to try again with grows by half each time, which keeps the sum linear.
        """
        self._number += 1
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._position)
                # A number at the very end may go on.
                if end < len(self._text) or isinstance(value, dict | list) or self._at_end:
                    return self._found(value, end)
                reason = "it was cut"
            except RecursionError:
                return self._broken("nested too deep")
            except json.JSONDecodeError as error:
                reason = error.msg
                if not self._may_go_on(error):
                    return self._broken(reason)
            have = len(self._text) - self._position
            if have > LONGEST or not self._more(have + max(have // 2, CHUNK)):
                return self._broken(reason)

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Tell whether more text may mend an error: a string that is open, a break at the end."""
        is_open = error.msg.startswith("Unterminated string")
        return is_open or error.pos > len(self._text) - _NEAR_END

    def _found(self, value: Json, end: int) -> Value:
        found = Value(self._number, self._line, value, self._text[self._position : end])
        self._step(end)
        return found

    def _broken(self, reason: str) -> Broken:
        kept = self._text[self._position : self._position + KEPT]
        what = "the array" if self._is_array else "the file"
        reason = f"{what} is broken or cut here ({reason[:80]})"
        return Broken(self._number, self._line, reason, kept)

    def _resume(self) -> bool:
        """Step to the next value that belongs, behind a broken one; False when there is none."""
        start = self._position + 1
        while True:
            found = _NEXT.search(self._text, start)
            if found is not None:
                self._step(found.end())
                if self._begins_one():
                    return True
                start = self._position + 1
            else:
                # Keep a little: what is searched for may lie across the border.
                self._step(max(self._position, len(self._text) - _NEAR_END))
                if not self._more(len(self._text) - self._position + CHUNK):
                    return False
                start = self._position

    def _begins_one(self) -> bool:
        while True:
            try:
                value, _ = DECODER.raw_decode(self._text, self._position)
                return self._belongs(value)
            except RecursionError:
                return False
            except json.JSONDecodeError as error:
                have = len(self._text) - self._position
                if have > LONGEST or not self._may_go_on(error):
                    return False
                if not self._more(have + max(have // 2, CHUNK)):
                    return False


_OPENING = re.compile(r"\s*(?:\{\s*\"items\"\s*:\s*)?\[")


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
