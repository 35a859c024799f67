"""Notes are foreign Markdown; `isolate_note` keeps one from reaching beyond its place in a list.

Left alone, a note's headings become siblings of the list's, an unclosed fence or comment swallows
the papers that follow, ``---`` around ``title:`` renames the whole document for pandoc, and two
notes' ``[^1]`` are one footnote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def isolate_note(body: str, shift: int, key: str) -> str:
    """Return the Markdown text `body`, fit to stand below a heading of level `shift`.

    Headings sink by `shift` levels (beyond the sixth they become bold text), rules become ``***``,
    footnote labels get the paper's citekey `key`, and what was left open is closed or made
    literal. A note that leaks all the same is shown as code. `body` has no control characters.
    """
    body = body.strip("\n").rstrip()
    if not _RISKY.search(body):
        return body
    isolated = _rewrite_blocks(_disarm(body), shift)
    isolated = _relabel_footnotes(isolated, key)
    return isolated if _is_isolated(isolated, shift) else _as_code(body)


def _disarm(body: str) -> str:
    """Escape each mark that opens something and never closes it, or the other way round.

    What an unclosed block had swallowed is seen by the next parse only, hence the loop.
    """
    for _ in range(_MOST_PASSES):
        places = _unpaired(_without_code(body))
        if not places:
            break
        for place in sorted(places, reverse=True):
            end = place + (1 if body[place] == "<" else 2)
            escaped = "".join("\\" + character for character in body[place:end])
            body = body[:place] + escaped + body[end:]
    return body


def _without_code(body: str) -> str:
    """Return `body` with its code blocks blanked out, every other character in its place."""
    blocks = (t.map for t in _parser().parse(body) if t.type in ("fence", "code_block"))
    code = {number for block in blocks for number in range(*(block or (0, 0)))}
    lines = body.split("\n")
    return "\n".join(" " * len(t) if n in code else t for n, t in enumerate(lines))


def _unpaired(text: str) -> list[int]:
    """Return the places of marks without a mate: tags, comments, ``%%``, ``$$``, ``:::``."""
    opened: dict[str, list[int]] = {}
    doomed: list[int] = []
    place = 0
    while match := _MARK.search(text, place):
        place = match.end()
        mark, tag = match[0], (match["tag"] or "").lower()
        if ending := _HTML_ENDINGS.get(match["html"] or ""):
            end = text.find(ending, place)
            if end < 0:
                doomed.append(match.start())
            else:
                place = end + len(ending)
        elif mark in _PAIRED:
            if opened.get(mark):
                opened[mark].pop()
            else:
                opened[mark] = [match.start()]
        elif tag and tag not in _UNPAIRED_TAGS and not mark.endswith("/>"):
            if not mark.startswith("</"):
                opened.setdefault(tag, []).append(match.start())
            elif opened.get(tag):
                opened[tag].pop()
            else:
                doomed.append(match.start())
    doomed.extend(start for starts in opened.values() for start in starts)
    return doomed + _unbalanced_divs(text)


def _unbalanced_divs(text: str) -> list[int]:
    """Return the places of all ``:::`` if they do not pair up: pandoc would wrap what follows."""
    divs = list(_DIV.finditer(text))
    depth = 0
    for div in divs:
        depth += 1 if div["name"] else -1
        if depth < 0:
            break
    return [div.start("marks") for div in divs] if depth else []


def _rewrite_blocks(body: str, shift: int) -> str:
    """Sink headings, replace rules and close fences."""
    lines: list[str | None] = list(body.split("\n"))
    added: list[tuple[int, str]] = []
    tokens = _parser().parse(body)
    for place, token in enumerate(tokens):
        if token.map is None:
            continue
        first, end = token.map
        if token.type == "heading_open":
            _sink_heading(lines, token, tokens[place + 1].content, shift)
        elif token.type == "hr":
            lines[first] = _RULE.sub("***", lines[first] or "")
        elif token.type == "fence":
            added.extend(_fence_frame(lines, token))
        elif token.type == "html_block":
            _tame_html(lines, range(first, min(end, len(lines))), shift)
    for number, line in reversed(added):
        lines.insert(number, line)
    return "\n".join(line for line in lines if line is not None)


def _sink_heading(lines: list[str | None], token: Token, content: str, shift: int) -> None:
    first, end = token.map or (0, 0)
    line = lines[first] or ""
    if token.markup.startswith("#"):
        prefix = line[: line.index("#")]
    else:
        start = content.split("\n", 1)[0].rstrip()
        prefix = line.rstrip().removesuffix(start)
    text = " ".join(content.split())
    level = int(token.tag[1]) + shift
    if level <= 6:
        lines[first] = f"{prefix}{'#' * level} {text}".rstrip()
    else:
        # A heading needs no blank lines around it, a paragraph does.
        blank = re.sub(r"[^\s>]", " ", prefix).rstrip()
        lines[first] = f"{prefix}**{text}**\n{blank}" if text else prefix
    for number in range(first + 1, end):
        lines[number] = None


def _fence_frame(lines: list[str | None], fence: Token) -> Iterator[tuple[int, str]]:
    """Yield (place, line) to insert: a blank line before, which pandoc wants, and a missing end."""
    first, end = fence.map or (0, 0)
    opening = lines[first] or ""
    # The container's quote marks, and spaces where it has a bullet or a number.
    prefix = re.sub(r"[^\s>]", " ", opening[: opening.index(fence.markup)])
    if first and (lines[first - 1] or "").strip("> \t"):
        yield first, prefix.rstrip()
    last = (lines[end - 1] or "").strip("> \t")
    if end - 1 == first or not last.startswith(fence.markup) or last.strip(last[0]):
        yield end, prefix + fence.markup


def _tame_html(lines: list[str | None], numbers: range, shift: int) -> None:
    """Sink headings and replace rules in HTML, whose inside pandoc reads as Markdown."""
    if _VERBATIM_HTML.match(lines[numbers.start] or ""):
        return  # verbatim for pandoc as well
    for number in numbers:
        line = lines[number] or ""
        if heading := _ATX.match(line):
            level = len(heading[2]) + shift
            marks = "#" * level if level <= 6 else ""
            lines[number] = f"{heading[1]}{marks}{heading[3]}"
        elif _UNDERLINE.match(line):
            lines[number] = "***"


def _relabel_footnotes(body: str, key: str) -> str:
    if "[^" not in body:
        return body
    found = [m for m in _FOOTNOTE.finditer(_without_code(body)) if m["label"]]
    for match in reversed(found):
        start = match.start("label")
        body = f"{body[:start]}{key}-{body[start:]}"
    return body


def _is_isolated(body: str, shift: int) -> bool:
    """Tell whether a heading put after `body` is one, and the highest of them all."""
    tokens = _parser().parse(f"{body}\n\n# probe\n")
    headings = [(int(t.tag[1]), t.level) for t in tokens if t.type == "heading_open"]
    return headings[-1:] == [(1, 0)] and all(level > shift for level, _ in headings[:-1])


def _as_code(body: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in body.split("\n"))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Most notes are plain paragraphs and lists: those must not pay for the import.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


_MOST_PASSES = 50

_RISKY = re.compile(
    r"<|\[\^|\$\$|%%|```|~~~|:::"
    r"|^[ \t>*+\-\d.)]*\#"  # headings, also in quotes and lists
    r"|^[ \t>*+\-\d.)=_]*[-=*_][ \t]*$",  # rules and underlines
    re.MULTILINE,
)
_RULE = re.compile(r"(?:[-_*][ \t]*){3,}$")
_ATX = re.compile(r"([ \t>]*)(#{1,6})(?!#)(.*)")
_UNDERLINE = re.compile(r"[ \t>]*(?:=+|-{2,})[ \t]*$")

_VERBATIM_HTML = re.compile(r"[ \t>]*<(?:script|pre|style|textarea|!--)", re.IGNORECASE)

_CODE_SPAN = r"(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)"
_FOOTNOTE = re.compile(_CODE_SPAN + r"|\[\^(?P<label>[^\]\s]+)\]")
_MARK = re.compile(
    _CODE_SPAN + r"|\\.|%%|\$\$|(?P<html><(?:!--|\?|!\[CDATA\[|!(?=[A-Za-z])))"
    r"|</?(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])[^<>]*>?"
)
_DIV = re.compile(r"^[ \t>]*(?P<marks>:{3,})[ \t]*(?P<name>\S?)", re.MULTILINE)

_PAIRED = ("%%", "$$")
_HTML_ENDINGS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}
# Those that have no end tag, and those whose end tag is often left out and closes nothing else.
_UNPAIRED_TAGS = frozenset(
    """area base br col embed hr img input link meta param source track wbr
    colgroup dd dt li option p tbody td tfoot th thead tr""".split()
)
