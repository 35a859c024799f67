"""Notes are foreign Markdown; `isolate_note` keeps one from reaching beyond its place in a list.

Left alone, a note's headings become siblings of the list's, an unclosed fence or comment swallows
the papers that follow, ``---`` around ``title:`` renames the whole document for pandoc, two
notes' ``[^1]`` are one footnote, ``[x]: address`` makes links of the ``[x]`` of others, and a TeX
macro changes the formulas of all papers for pandoc and MathJax. Nothing runs: no script, no TeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from papertray.exporters.kept_regions import disarmed
from papertray.exporters.note_commands import CODE_SPAN, runs, without_commands

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def isolate_note(body: str, shift: int, key: str) -> str:
    """Return the Markdown text `body`, fit to stand below a heading of level `shift`.

    Headings sink by `shift` levels (beyond the sixth they become bold text), rules become ``***``,
    labels of footnotes and links get `key` in front, which no other note of the document has (see
    `key_of_note`), and what was left open is closed or made literal. So are TeX outside of formulas
    and HTML that does more than to show something. A note that leaks all the same is shown as code.
    `body` has no control characters.
    """
    body = disarmed(body.strip("\n").rstrip())
    if not _RISKY.search(body) and not _lone_brackets(body):
        return body
    isolated = _rewrite_blocks(_disarm(without_commands(body, _without_code(body))), shift)
    isolated = _relabel_links(_relabel_footnotes(isolated, key), key)
    return isolated if _is_isolated(isolated, shift) else _as_code(body)


def key_of_note(citekey: str, number: int) -> str:
    """Return what tells the labels of a paper's notes apart; the first has the `number` 0."""
    return f"{citekey}-{number + 1}" if number else citekey


def _disarm(body: str) -> str:
    """Escape each mark that opens something and never closes it, or the other way round.

    What an unclosed block had swallowed is seen by the next parse only, hence the loop.
    """
    for _ in range(_MOST_PASSES):
        places = _unpaired(_without_code(body))
        if not places:
            break
        for place in sorted(places, reverse=True):
            # In a list pandoc sees a comment behind the backslash, too, if it is whole.
            is_tag = body[place] == "<" and not body.startswith("<!", place)
            end = place + (1 if is_tag or body[place] in "[]" else 2)
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
    return doomed + _unbalanced_divs(text) + _lone_brackets(text)


def _unbalanced_divs(text: str) -> list[int]:
    """Return the places of all ``:::`` if they do not pair up: pandoc would wrap what follows."""
    divs = list(_DIV.finditer(text))
    depth = 0
    for div in divs:
        depth += 1 if div["name"] else -1
        if depth < 0:
            break
    return [div.start("marks") for div in divs] if depth else []


def _lone_brackets(text: str) -> list[int]:
    """Return the places of brackets without a mate in their paragraph, as in ``[0, 1)``.

    pandoc looks for the mate in the whole document, and drops what lies between.
    """
    if "[" not in text and "]" not in text:
        return []
    opened: list[int] = []
    doomed: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] == "]":
            if opened:
                opened.pop()
            else:
                doomed.append(match.start())
        elif match["end"]:
            doomed += opened
            opened.clear()
    return doomed + opened


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
            if "{" in token.info and runs(token.info[token.info.index("{") :]):
                opening = lines[first] or ""
                lines[first] = opening[: opening.index(token.markup)] + token.markup
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


def _relabel_links(body: str, key: str) -> str:
    """Have the labels that a note defines (``[x]: address``) be its own, and so what uses them."""
    if "]:" not in body:
        return body
    environment: dict[str, Any] = {}
    _parser().parse(body, environment)
    labels = {label for label in environment.get("references", ()) if label[0] != "^"}
    # Readers differ in where a definition may stand.
    labels.update(_folded_label(match["name"]) for match in _DEFINED.finditer(body))
    if not labels:
        return body
    for match in reversed(list(_REFERENCE.finditer(_without_code(body)))):
        text, label = match["text"], match["label"]
        if match["address"] is not None or match["ticks"]:
            continue
        if _folded_label(label or text or "") not in labels:
            continue
        if label:
            new = f"[{text}][{key}-{label}]"
        elif match["definition"]:
            new = f"[{key}-{text}]:"
        else:
            new = f"[{text}][{key}-{text}]"
        body = body[: match.start()] + new + body[match.end() :]
    return body


def _folded_label(label: str) -> str:
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(label)


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
    r"<|\[\^|\$\$|%%|```|~~~|:::|\\[A-Za-z]|\]:|\(@|\]\(\s*<?(?:javascript|vbscript|data):|\]\(\s*<?[^)\s]*[&\\]|\{[^{}]*="
    r"|^[ \t>*+\-\d.)]*\#"  # headings, also in quotes and lists
    r"|^[ \t>*+\-\d.)=_]*[-=*_][ \t]*$",  # rules and underlines
    re.MULTILINE | re.IGNORECASE,
)
_RULE = re.compile(r"(?:[-_*][ \t]*){3,}$")
_ATX = re.compile(r"([ \t>]*)(#{1,6})(?!#)(.*)")
_UNDERLINE = re.compile(r"[ \t>]*(?:=+|-{2,})[ \t]*$")

_VERBATIM_HTML = re.compile(r"[ \t>]*<(?:script|pre|style|textarea|!--)", re.IGNORECASE)

_BRACKET = re.compile(
    CODE_SPAN
    + r"|\\.|(?P<end>\n[ \t>]*\n)|<[^<>\s]*>|\$\$[^$]*\$\$|\$(?=\S)[^$\n]*(?<=\S)\$(?!\d)|[\[\]]"
)
_FOOTNOTE = re.compile(CODE_SPAN + r"|\[\^(?P<label>[^\]\s]+)\]")
_MARK = re.compile(
    CODE_SPAN + r"|\\.|%%|\$\$|(?P<html><(?:!--|\?|!\[CDATA\[|!(?=[A-Za-z])))"
    r"|</?(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?=[\s/>])[^<>]*>?"
)
_DIV = re.compile(r"^[ \t>]*(?P<marks>:{3,})[ \t]*(?P<name>\S?)", re.MULTILINE)

_REFERENCE = re.compile(
    CODE_SPAN + r"|(?<![\\\]])\[(?P<text>(?:[^\[\]\\]|\\.)+)\]"
    r"(?:(?P<address>\()|\[(?P<label>(?:[^\[\]\\]|\\.)*)\]|(?P<definition>:))?"
)

_DEFINED = re.compile(
    r"^[ \t>*+\-\d.)]*\[(?P<name>[^\[\]^][^\[\]]*)\]:\s*(?:<|[/#.]|\w+:)", re.MULTILINE
)

_PAIRED = ("%%", "$$")
_HTML_ENDINGS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}
# Those that have no end tag, and those whose end tag is often left out and closes nothing else.
_UNPAIRED_TAGS = frozenset(
    """area base br col embed hr img input link meta param source track wbr
    colgroup dd dt li option p tbody td tfoot th thead tr""".split()
)
