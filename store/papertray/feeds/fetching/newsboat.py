"""newsboat's list of feeds: https://newsboat.org/releases/2.38/docs/newsboat.html#_newsboat.

One feed a line: its address, then its tags, in quotation marks where they hold blanks. A tag that
begins with ``~`` is the feed's title, one that begins with ``!`` hides it from newsboat's list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os.path import isfile  # Path.is_file raises for a folder that may not be entered
from pathlib import Path

from papertray.core.errors import UsageError
from papertray.core.model import Unread
from papertray.feeds.fetching.listed import ListedFeed, name_of, once_each
from papertray.feeds.fetching.locations import parse_listed

_PLACES = (".newsboat/urls", ".config/newsboat/urls")
_WORD = re.compile(r'\s*+(?:(#.*)|"((?:\\.|[^"\\])*+)"?|(\S++))', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def find_newsboat(home: Path) -> Path | None:
    """Return the list of feeds that newsboat keeps for the user whose folder is `home`, if any."""
    return next((home / place for place in _PLACES if isfile(home / place)), None)


def read_newsboat(text: str) -> tuple[list[ListedFeed], list[Unread]]:
    """Return the feeds of a list, each once, and the lines that cannot be one, with reasons.

    Queries about what newsboat holds, and programs that it runs, are among the latter.
    """
    feeds: list[ListedFeed] = []
    unread: list[Unread] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        words = list(_words(line))
        if not words:
            continue
        try:
            feeds.append(_feed(*words))
        except UsageError as error:
            unread.append(Unread(f"line {number}", str(error)))
    return once_each(feeds), unread


def _words(line: str) -> Iterator[str]:
    """Yield the words of a line up to a comment. A quotation mark within a word is a sign of it."""
    for comment, quoted, plain in _WORD.findall(line):
        if comment:
            return
        yield plain or _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), quoted)


def _feed(address: str, *labels: str) -> ListedFeed:
    place = parse_listed(address)
    titles = [" ".join(label[1:].split()) for label in labels if label.startswith("~")]
    tags = [" ".join(label.split()) for label in labels if not label.startswith(("~", "!"))]
    name = next(filter(None, titles), "") or name_of(place)
    return ListedFeed(name, place, tuple(dict.fromkeys(filter(None, tags))))
