"""Broken copies of files, made by chance from a seed: what a disk, a network or a person does."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Change = Callable[[random.Random, bytearray], None]


def mutated(whole: bytes, seed: int) -> bytes:
    """Return `whole` after one to six changes that `seed` chooses."""
    chance = random.Random(seed)
    data = bytearray(whole)
    for _ in range(chance.randint(1, 6)):
        chance.choice(_CHANGES)(chance, data)
    return bytes(data)


def _flip(chance: random.Random, data: bytearray) -> None:
    for _ in range(chance.randint(1, 8)):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(chance: random.Random, data: bytearray) -> None:
    del data[chance.randint(0, len(data)) :]


def _drop(chance: random.Random, data: bytearray) -> None:
    begin = chance.randint(0, len(data))
    del data[begin : begin + chance.randint(1, 40)]


def _repeat(chance: random.Random, data: bytearray) -> None:
    begin = chance.randint(0, len(data))
    piece = data[begin : begin + chance.randint(1, 200)]
    data[begin:begin] = piece * chance.randint(1, 4)


def _move(chance: random.Random, data: bytearray) -> None:
    begin = chance.randint(0, len(data))
    piece = data[begin : begin + chance.randint(1, 200)]
    del data[begin : begin + len(piece)]
    place = chance.randint(0, len(data))
    data[place:place] = piece


def _insert(chance: random.Random, data: bytearray) -> None:
    place = chance.randint(0, len(data))
    data[place:place] = chance.choice(_PIECES)


def _swap_number(chance: random.Random, data: bytearray) -> None:
    """Put a strange number where there was a digit."""
    digits = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    if digits:
        place = chance.choice(digits)
        data[place : place + 1] = chance.choice(_NUMBERS)


def _noise(chance: random.Random, data: bytearray) -> None:
    place = chance.randint(0, len(data))
    data[place:place] = chance.randbytes(chance.randint(1, 60))


_CHANGES: tuple[Change, ...] = (_flip, _cut, _drop, _repeat, _move, _insert, _swap_number, _noise)

_PIECES = (
    b"\x00", b"\x00" * 300, b"\r", b"\n\n", b"\r\n", b"\x1b[31m", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b'"', b"'", b"\\", b"{", b"}", b"{{{{", b"[", b"]", b"[" * 300, b"<", b">",
    b"<a>", b"</a>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE a [", b"&", b"&lol;",
    b"&#0;", b"&#xd800;", b"&#99999999;", b"\\ud800", b"null", b"true", b"{}", b"[]", b"-1",
    b"1e999", b"NaN", b"$", b"%", b"@", b"@article{", b"#", b"~", b"\\'", b"TY  - ", b"ER  - ",
    b"\t", b";", b",,,,", b" " * 2000, b"a" * 5000, "\u202e\u0301\U0001f600".encode(),
)  # fmt: skip
_NUMBERS = (b"-", b"0", b"999999999999999999999", b"1e400", b"\xd9\xa3", b"a", b"", b"0.5", b"null")


def hostile(whole: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (what it is, data): `whole` with something of a size that nobody expects inside it."""
    middle = len(whole) // 2
    head, tail = whole[:middle], whole[middle:]
    for name, piece in _HUGE:
        yield name, head + piece + tail
        yield f"{name}, after it", whole + piece
    yield "the file a hundred times", whole * 100


_BOMB = b"<!DOCTYPE a [<!ENTITY l0 'lol'>" + b"".join(
    b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12)
) + b"<!ENTITY file SYSTEM 'file:///etc/passwd'>]><a>&l11;&file;</a>"  # fmt: skip

_HUGE = (
    ("brackets", b"[" * 100_000),
    ("braces", b"{" * 100_000),
    ("objects", b'{"a":' * 50_000),
    ("elements", b"<a>" * 50_000),
    ("closing elements", b"</a>" * 50_000),
    ("an entity bomb", _BOMB),
    ("NULs", b"\x00" * 500_000),
    ("blanks", b" " * 1_000_000),
    ("lines", b"\n" * 500_000),
    ("one word", b"a" * 2_000_000),
    ("quotes", b'"' * 100_000),
    ("backslashes", b"\\" * 100_000),
    ("dollars", b"$ " * 50_000),
    ("ampersands", b"&" * 100_000),
    ("at signs", b"@a{" * 30_000),
    ("at signs on lines", b"\n@a{b, c = {" * 20_000),
    ("tags", b"\nTY  - a" * 30_000),
    ("continued lines", b"\n      a" * 60_000),
    ("commas", b"," * 200_000),
    ("ands", b" and " * 50_000),
    ("sups", b"<sup>" * 50_000),
    ("math", b"<mml:mrow>" * 20_000),
)
