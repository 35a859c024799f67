"""Zotero's notes as Markdown.

Zotero's notes are HTML of a small kind: https://github.com/zotero/note-editor has the schema. Here
they become Markdown that shows the same text and does nothing else: whatever Markdown would take
for markup is escaped. Tags that are none of HTML's (``<EOS>``) are text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from papertray.core.markup import decode_markup

DEEPEST = 12
"""Levels of lists and quotes, and of emphasis; what is deeper stands on the last one."""

LONGEST = 1 << 21
"""Characters of a note that are looked at as HTML: no note that was written is as long."""

MOST_UNENDED = 50
"""Tags without an end; with more of them a note is text about something else."""

PICTURE = "*(picture)*"
"""What stands for a picture, which a note of text cannot hold."""


def note_to_markdown(note: str) -> str:
    """Return a note's HTML as Markdown, without a line end; empty if nothing stands in it."""
    # The parser looks for the end of each tag that has none through all that follows.
    if len(note) > LONGEST or note.count("<") - note.count(">") > MOST_UNENDED:
        return escaped(note)
    converter = _Converter()
    converter.feed(note)
    converter.close()
    return converter.finished()


_BLOCKS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 section article header footer center address figure figcaption dl dt"
    " dd body html".split()
)
_LISTS = frozenset(("ul", "ol"))
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~", "strike": "~~"}
_INLINE = frozenset("sub sup a code".split()) | _MARKS.keys()
_SILENT = frozenset(
    "span u font mark small big label tbody thead tfoot colgroup col caption meta link title head"
    " o:p abbr cite q tt kbd samp var ins wbr script style".split()
)
_CELLS = frozenset(("td", "th"))


@dataclass(slots=True)
class _Container:
    """A quote or an item of the list `list` that lines stand in. `marker` begins its first line."""

    tag: str
    marker: str
    list: int = 0
    is_begun: bool = False

    def prefix(self) -> str:
        if self.tag == "blockquote":
            return "> "
        if self.is_begun:
            return " " * len(self.marker)
        self.is_begun = True
        return self.marker


@dataclass(slots=True)
class _Open:
    """An inline element that has not ended. `start` is where its text begins in the line."""

    tag: str
    start: int
    address: str = ""
    is_math: bool = False


@dataclass(slots=True)
class _Table:
    rows: list[list[str]] = field(default_factory=list)

    def markdown(self) -> str:
        width = max(map(len, self.rows), default=0)
        if not width:
            return ""
        rows = [[*row, *[""] * (width - len(row))] for row in self.rows]
        lines = [f"| {' | '.join(row)} |" for row in rows]
        lines.insert(1, f"|{' --- |' * width}")
        return "\n".join(lines)


class _Converter(HTMLParser):
    """Writes blocks as it reads. Nothing recurses, so that no depth of tags is too deep."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._text: list[str] = []
        self._open: list[_Open] = []
        self._containers: list[_Container] = []
        self._lists: list[list[int]] = []  # of each the next number, 0: bullets, and which it is
        self._number_of_lists = 0
        self._last: list[_Container] = []
        self._heading = 0
        self._pre: list[str] | None = None
        self._pre_is_math = False
        self._table: _Table | None = None

    def finished(self) -> str:
        """Return all of it."""
        if self._pre is not None:
            self._end_pre()
        self._end_table()
        self._flush()
        return "\n".join(self._lines).strip("\n")

    # --- what the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if self._pre is not None:
            return
        if tag == "br":
            self._text.append("\\\n" if self._table is None and not self._heading else " ")
        elif tag == "img":
            alt = escaped(attributes.get("alt") or "")
            self._text.append(f"*(picture: {alt})*" if alt.strip() else PICTURE)
        elif tag == "hr":
            self._flush()
            self._emit("***")
        elif tag == "pre":
            self._flush()
            self._pre, self._pre_is_math = [], attributes.get("class") == "math"
        elif tag in _INLINE or tag == "span":
            is_math = tag == "span" and attributes.get("class") == "math"
            if len(self._open) < DEEPEST:
                address = attributes.get("href") or ""
                self._open.append(_Open(tag, len(self._text), address, is_math))
        elif tag in _LISTS or tag in ("li", "blockquote"):
            self._begin_container(tag, attributes.get("start") or "")
        elif tag == "table" or tag == "tr" or tag in _CELLS:
            self._begin_table(tag)
        elif tag in _BLOCKS:
            self._flush()
            self._heading = int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0
        elif tag not in _SILENT:
            self.handle_data(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _INLINE or tag == "span":
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            if self._pre is not None:
                self._end_pre()
        elif self._pre is not None:
            return
        elif tag in _INLINE or tag == "span":
            self._close(tag)
        elif tag in _LISTS:
            self._flush()
            if self._lists:
                self._lists.pop()
        elif tag in ("li", "blockquote"):
            self._end_container(tag)
        elif tag == "table":
            self._end_table()
        elif tag in _CELLS or tag in _BLOCKS:
            self._flush()
            self._heading = 0

    def handle_data(self, data: str) -> None:
        if self._pre is not None:
            self._pre.append(data)
        elif self._open and (self._open[-1].is_math or self._open[-1].tag == "code"):
            self._text.append(data)  # escaped where it ends
        else:
            self._text.append(escaped(_BLANKS.sub(" ", data)))

    def unknown_decl(self, data: str) -> None:
        """Leave out what is no text: the parser calls this for ``<![CDATA[``."""

    # --- inline

    def _close(self, tag: str) -> None:
        """End an inline element, and those inside it that were left open."""
        if not any(one.tag == tag for one in self._open):
            return
        while True:
            one = self._open.pop()
            self._wrap(one)
            if one.tag == tag:
                return

    def _wrap(self, one: _Open) -> None:
        inner = "".join(self._text[one.start :])
        del self._text[one.start :]
        body = inner.strip()
        if one.tag == "code":
            written = _code(body)
        elif one.is_math:
            written = body if _MATH.fullmatch(body) else escaped(body)
        elif not body or one.tag == "span":
            self._text.append(inner)
            return
        elif one.tag in _MARKS:
            written = f"{_MARKS[one.tag]}{body}{_MARKS[one.tag]}"
        elif one.tag == "a":
            written = _link(body, one.address)
        else:
            written = _moved(one.tag, body)
        before = inner[: len(inner) - len(inner.lstrip())]
        self._text.append(f"{before}{written}{inner[len(inner.rstrip()) :]}" if body else inner)

    # --- blocks

    def _flush(self) -> None:
        """End a paragraph. What is open inline goes on in the next."""
        going_on = self._open
        self._open = []
        for one in reversed(going_on):
            self._wrap(one)
        text = "".join(self._text).strip()
        while _ENDS_IN_BREAK.search(text):
            text = text[:-1].rstrip()
        self._text = []
        self._open = [_Open(one.tag, 0, one.address, one.is_math) for one in going_on]
        if not text:
            return
        if self._table is not None:
            self._add_to_cell(" ".join(text.replace("\\\n", " ").split()))
            return
        lines = [_LINE_START.sub(_guarded, line.strip()) for line in text.split("\n")]
        if self._heading:
            self._emit(f"{'#' * self._heading} {' '.join(lines)}")
        else:
            self._emit("\n".join(lines))

    def _emit(self, block: str) -> None:
        """Write a block, a blank line before it; items of one list stand close together."""
        shared = 0
        for one, last in zip(self._containers, self._last, strict=False):
            if one is not last:
                break
            shared += 1
        if self._lines and not self._is_next_item(shared):
            quotes = "".join(one.prefix() for one in self._containers[:shared])
            self._lines.append(quotes.rstrip())
        for line in block.split("\n"):
            prefix = "".join(one.prefix() for one in self._containers)
            self._lines.append(f"{prefix}{line}".rstrip())
        self._last = list(self._containers)

    def _is_next_item(self, shared: int) -> bool:
        """Tell whether a block begins an item of a list right after another, or right inside it."""
        if len(self._containers) == shared or self._containers[-1].tag != "li":
            return False
        lists = [one.list for one in self._last if one.tag == "li"]
        inside = shared == len(self._last) and bool(lists) and self._last[-1].tag == "li"
        return inside or self._containers[-1].list in lists

    def _begin_container(self, tag: str, start: str) -> None:
        self._flush()
        if tag in _LISTS:
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1
            self._number_of_lists += 1
            self._lists.append([first if tag == "ol" else 0, self._number_of_lists])
        elif len(self._containers) < DEEPEST:
            marker = "- "
            if tag == "li" and self._lists and self._lists[-1][0]:
                marker = f"{self._lists[-1][0]}. "
                self._lists[-1][0] += 1
            which = self._lists[-1][1] if self._lists else 0
            self._containers.append(_Container(tag, marker, which))
        else:
            self._containers.append(_Container("", ""))

    def _end_container(self, tag: str) -> None:
        self._flush()
        if self._containers and self._containers[-1].tag in (tag, ""):
            self._containers.pop()

    def _end_pre(self) -> None:
        text = "".join(self._pre or []).strip("\n")
        self._pre = None
        if not text.strip():
            return
        if self._table is not None:
            self._text.append(escaped(" ".join(text.split())))
        elif self._pre_is_math and _MATH_BLOCK.fullmatch(text.strip()):
            self._emit(text.strip())
        else:
            fence = "`" * max(3, _longest_run(text) + 1)
            self._emit(f"{fence}\n{text}\n{fence}")

    # --- tables

    def _begin_table(self, tag: str) -> None:
        self._flush()
        if tag == "table":
            if self._table is None:
                self._table = _Table()
        elif self._table is not None and tag == "tr":
            self._table.rows.append([])
        elif self._table is not None and self._table.rows:
            self._table.rows[-1].append("")

    def _add_to_cell(self, text: str) -> None:
        assert self._table is not None
        if not self._table.rows:
            self._table.rows.append([])
        row = self._table.rows[-1]
        if not row:
            row.append("")
        row[-1] = f"{row[-1]} {text}".strip()

    def _end_table(self) -> None:
        self._flush()
        table, self._table = self._table, None
        if table is not None and (written := table.markdown()):
            self._emit(written)


_BLANKS = re.compile(r"[ \t\r\n\f]+")
_DIGITS = re.compile(r"[0-9+\-−()=]+")
_MATH = re.compile(r"\$[^$\n`<>]+\$")
_MATH_BLOCK = re.compile(r"\$\$(?:(?!\n\s*\n)[^$`<>])+\$\$")
_ENDS_IN_BREAK = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_SPECIAL = re.compile(
    r"[\\`*\[\]<>|~$^]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)|(?<!\w)@(?=\w)|==|%%|\{(?=[.#=:%])"
)
_LINE_START = re.compile(r"\A(?:(?:([-+=:#%])|([0-9]{1,9})([.)]))(?=\s|$|[-=:%])|#(?=#))")
_WEB = re.compile(r"(?:https?://|mailto:|zotero://)[^\s<>\"\\^`{|}]+", re.IGNORECASE)


def escaped(text: str) -> str:
    """Return `text` so that Markdown shows it as it stands, wherever in a line it is."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], text)


def _guarded(found: re.Match[str]) -> str:
    """Escape what at the start of a line would make a heading, a list or a rule."""
    if found[2]:
        return f"{found[2]}\\{found[3]}"
    return "\\" + found[0]


def _moved(tag: str, body: str) -> str:
    """Return a raised or lowered text: digits have characters of their own, others a mark."""
    if _DIGITS.fullmatch(body):
        return decode_markup(f"<{tag}>{body}</{tag}>")
    return f"\\{'^' if tag == 'sup' else '_'}{body}"


def _code(text: str) -> str:
    if not text:
        return ""
    fence = "`" * (_longest_run(text) + 1)
    inside = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return fence + " ".join(inside.split("\n")) + fence


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _link(text: str, address: str) -> str:
    """Return a link that a browser may follow; of all others the text is left."""
    if not _WEB.fullmatch(address):
        return text
    if html.unescape(text.replace("\\", "")) == address:
        return f"<{address}>"
    return f"[{text}](<{address}>)"
