"""Moving a file that was read out of the way, so that nothing is ever overwritten."""

from __future__ import annotations

import os
from collections.abc import Container
from itertools import count

LONGEST_NAME = 255
"""Bytes that a name may have on the file systems that there are."""

WHY = ".why.txt"
"""Ends the name of the text that says why a file could not be read."""


def free_place(folder: str, path: str, taken: Container[str] = ()) -> str:
    """Return where in `folder` the file with the relative path `path` can go.

    With `` (2)`` and so on in its name where something lies there already, or a text beside it, or
    where the place is `taken` by another that is about to be moved.
    """
    above, name = os.path.split(path)
    stem, ending = os.path.splitext(name)
    for number in count(1):
        tried = os.path.join(folder, above, _fitting(stem, ending, number))
        is_there = os.path.lexists(tried) or os.path.lexists(text_beside(tried))
        if not is_there and tried not in taken:
            return tried
    raise AssertionError("numbers do not end")


def text_beside(path: str) -> str:
    """Return the path of the text that says why the file at `path` could not be read."""
    above, name = os.path.split(path)
    return os.path.join(above, _cut(name, LONGEST_NAME - len(WHY)) + WHY)


def move(path: str, place: str, why: str = "") -> None:
    """Move a file or folder to a free `place`, and say `why` in a text beside it, if that is given.

    The text comes first: a file that lies there without one would be a riddle. Raises OSError;
    then the file is still where it was.
    """
    os.makedirs(os.path.dirname(place), exist_ok=True)
    text = text_beside(place) if why else ""
    if text:
        open(text, "x").close()  # one that lies there is not ours to remove
    try:
        if text:
            with open(text, "w", encoding="utf-8", errors="replace") as file:
                file.write(why)
        os.rename(path, place)
    except OSError:
        if text:
            os.unlink(text)
        raise


def _fitting(stem: str, ending: str, number: int) -> str:
    """Return a name with its number; one that has a number leaves room for `WHY`."""
    if number == 1:
        return _cut(stem + ending, LONGEST_NAME)
    ending = _cut(f" ({number}){ending}", LONGEST_NAME // 2)
    return _cut(stem, LONGEST_NAME - len(WHY) - len(os.fsencode(ending))) + ending


def _cut(text: str, most: int) -> str:
    """Return as much of `text` as is `most` bytes in a file's name; no character is cut in two."""
    while len(os.fsencode(text)) > most:
        text = text[:-1]
    return text
