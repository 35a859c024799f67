"""The page saved from a trending-papers site: a title line, an abstract line, and so on.

Two lines that invite to a mailing list come first, then ``Subscribe`` glued to the first title.
There is nothing else: no identifiers, authors or dates. The order of the page is its ranking.

A page is often cut short or has lost a line. What belongs together is decided by order and length:

* A line of 400 characters or more is an abstract (563 to 1,875 were seen), whatever was due.
* A line of up to 250 characters where an abstract is due is the next title (23 to 124 were seen)
  if an abstract follows it, and also if it does not read as prose: then the title before it has
  lost its abstract. Otherwise it is a short abstract.
* In all other cases the line is what is due.

Where the page ends, nobody can tell a whole abstract from one that was cut: not all end with a
full stop. A last abstract of less than 400 characters is taken for cut, unless it reads as prose
and its line is ended; a longer one is taken as it is.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from papertray.core.links import find_links
from papertray.core.model import Record, Sighting, Unread, Work
from papertray.core.tex import decode_tex
from papertray.feeds.reader import numbered_lines

NAME = "trending-page"
DESCRIPTION = "a saved page of trending papers: title and abstract lines in turn"
TAKES = "title, abstract, place in the page, links to code and project"
LOSES = "nothing the page holds; it has no authors, dates or identifiers"
IS_LIBRARY = False
FEED = "trending"

LONGEST_TITLE = 250
SHORTEST_ABSTRACT = 400
LONGEST_LINE = 1 << 20

_HEADER = "Get trending papers in your email inbox"
_SUBSCRIBE = "Subscribe"
_LEADING = 20  # lines of navigation that may stand before the header
_PAIRS_TO_RECOGNISE = 4
_END = re.compile(r"""[.!?)\]}"'”’]$|[/.]\S*$""")
"""How a text ends that was not broken off: as a sentence does, or with a link."""
_SENTENCE_END = re.compile(r"[\w)]{3}\. +[A-Z]")


def recognise(head: bytes, name: str) -> bool:
    """Tell a saved page by its header, by the glued ``Subscribe``, or by four clean pairs."""
    text = _decode(head.removeprefix(codecs.BOM_UTF8), False)
    all_lines = [line.strip() for line in text.strip().split("\n")]
    lines = [line for line in all_lines if line]
    if any(line.startswith(_HEADER) for line in lines[: _LEADING + 1]):
        return True
    if len(lines) > 1 and _glued(lines[0]) and _is_long(lines[1]):
        return True
    # Blank lines between short and long ones are rather headings and paragraphs of an article.
    return len(lines) == len(all_lines) and (_has_pairs(lines) or _has_pairs(lines[1:]))


def _has_pairs(lines: list[str]) -> bool:
    pairs = list(zip(lines[::2], lines[1::2], strict=False))[:_PAIRS_TO_RECOGNISE]
    return len(pairs) == _PAIRS_TO_RECOGNISE and all(
        len(title) <= LONGEST_TITLE
        and " " in title
        and title[0].isalnum()
        and not title.endswith(".")
        and _is_long(abstract)
        for title, abstract in pairs
    )


def read(stream: BinaryIO) -> Iterator[Record | Unread]:
    """Yield a record for each title with its abstract, an Unread for what lost its partner.

    Every title counts for the rank, so that a lost abstract does not move the papers after it.
    """
    title: _Line | None = None
    rank = 0
    for line, following in _with_following(_content(stream)):
        if line.problem:
            yield _unread(line, line.problem)
        elif title is None:
            rank += 1
            if _is_long(line.text):
                yield _unread(line, "an abstract without a title before it")
            else:
                title = line
        elif not _is_abstract(line, following):
            yield _unread(title, "a title without an abstract after it")
            title = line
            rank += 1
        elif following is None and _is_cut(line):
            yield _unread(line, "the page ends in the middle of this abstract", title)
            title = None
        else:
            yield _record(title, line.text, rank)
            title = None
    if title is not None:
        yield _unread(title, "the page ends after this title, before its abstract")


class _Line(NamedTuple):
    number: int
    text: str
    ended: bool = True
    problem: str = ""


def _with_following(lines: Iterable[_Line]) -> Iterator[tuple[_Line, _Line | None]]:
    before: _Line | None = None
    for line in lines:
        if before is not None:
            yield before, line
        before = line
    if before is not None:
        yield before, None


def _content(stream: BinaryIO) -> Iterator[_Line]:
    """Yield the lines that hold titles and abstracts, the first without ``Subscribe``."""
    lines = _without_navigation(_lines(stream))
    after_header = False
    for line in lines:
        if _is_header(line) or (not line.ended and _HEADER.startswith(line.text)):
            after_header = True
            continue
        rest = line.text.removeprefix(_SUBSCRIBE)
        # "Subscribe to ..." is a title; "Subscribers ..." is one too, but not after the header.
        if _glued(line.text) or not rest or (after_header and not rest.startswith(" ")):
            line = line._replace(text=rest)
        if line.text:
            yield line
            break
    yield from (line for line in lines if not _is_header(line))


def _without_navigation(lines: Iterator[_Line]) -> Iterator[_Line]:
    """Leave out what stands before the header; without a header among the first lines, nothing."""
    leading: list[_Line] = []
    for line in lines:
        leading.append(line)
        if _is_header(line):
            leading = [line]
            break
        if len(leading) == _LEADING or _is_long(line.text):
            break
    yield from leading
    yield from lines


def _lines(stream: BinaryIO) -> Iterator[_Line]:
    for number, data, ended, too_long in numbered_lines(stream, LONGEST_LINE):
        text = _decode(data, ended).strip(" \t\r")
        if text:
            problem = "a line longer than any title or abstract" if too_long else ""
            yield _Line(number, text, ended, problem)


def _decode(data: bytes, ended: bool) -> str:
    """Decode a line; a page cut inside a character only loses that one."""
    try:
        decoder = codecs.getincrementaldecoder("utf-8")()
        return decoder.decode(data, final=ended)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _is_header(line: _Line) -> bool:
    return line.text.startswith(_HEADER)


def _glued(text: str) -> bool:
    return bool(re.match(_SUBSCRIBE + r"[^\s\Wa-z]", text))


def _is_long(text: str) -> bool:
    return len(text) >= SHORTEST_ABSTRACT


def _is_prose(text: str) -> bool:
    return text.endswith(".") or bool(_SENTENCE_END.search(text))


def _is_abstract(line: _Line, following: _Line | None) -> bool:
    """Decide, where an abstract is due, whether `line` is one; see the head of this module."""
    if len(line.text) > LONGEST_TITLE:
        return True
    if following is None:
        return not line.ended or _is_prose(line.text)
    return not _is_long(following.text) and _is_prose(line.text)


def _is_cut(line: _Line) -> bool:
    """Tell whether the last line of a page broke off: short, or without an end of any kind.

    A whole page may end without a line end, but then its abstract ends a sentence or a link.
    """
    if _is_long(line.text):
        return not line.ended and not _END.search(line.text)
    return not (line.ended and _is_prose(line.text))


def _record(title: _Line, abstract_line: str, rank: int) -> Record:
    lines = {"title": title.text, "abstract": abstract_line}
    decoded = {field: decode_tex(text) for field, text in lines.items()}
    abstract = decoded["abstract"]
    return Record(
        work=Work(title=decoded["title"], abstract=abstract, code_urls=find_links(abstract)),
        sightings=(Sighting(rank=rank),),
        original={field: text for field, text in lines.items() if decoded[field] != text},
        place=f"line {title.number}",
    )


def _unread(line: _Line, reason: str, title: _Line | None = None) -> Unread:
    text = f"{title.text}\n{line.text}" if title else line.text
    return Unread(f"line {line.number}", reason, text.encode("utf-8", "replace"))
