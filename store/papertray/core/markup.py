"""HTML, JATS and MathML in titles and abstracts become canonical text: Unicode with ``$math$``.

The dialect of Crossref, PubMed, OpenAlex, CSL-JSON and of feeds: a text with some known tags in it.
Only these are taken for markup, and those without a prefix only where they open and close;
``<EOS>``, ``a < b`` and whatever else stands between angle brackets stays as it is, like every
word. JATS is described at https://jats.nlm.nih.gov/.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5

from papertray.core import mathml
from papertray.core.mathml import Tag, formula, math_text


def decode_markup(text: str) -> str:
    """Return `text` in NFC without known tags and with named characters (``&amp;``) decoded.

    Paragraphs and items of lists become lines of their own; a heading becomes the label of what
    follows it (``Methods: We ...``), except one that only says "Abstract". Formulas become
    ``$math$``, a single letter or number itself. Raised and lowered text keeps its place: ``10⁶``,
    ``T$_c$``, never 106. Text without a known tag keeps its spaces and lines. Never raises.
    """
    if "<" in text or "&lt;" in text or "amp;lt;" in text:
        text = _without_tags(_unwrapped_cdata(text))
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    return unicodedata.normalize("NFC", text)


def has_markup(text: str) -> bool:
    """Tell whether `text` holds a known tag, so that lines of what it decodes to are meant."""
    return "<" in text and any(True for _ in _known(_tags(_unwrapped_cdata(text))))


_ATTRIBUTES = r"""(?:\s++[\w:.-]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+'|[^\s"'<>]++))*+"""
_TAG = re.compile(
    rf"<(/?)((?:jats|mml|m|x?html|xhtml|h|ns[0-9]{{1,2}}):)?([A-Za-z][\w-]*+)"
    rf"({_ATTRIBUTES})\s*+(/?)>"
)
_COMMENT = "<!--"

# What a tag does to the text around it. Elements of MathML are named in `mathml`.
_BREAKING = """p div sec section article list list-item ul ol li br break hr tr table thead tbody
    tfoot caption fig figure figcaption disp-quote blockquote pre dl dt dd def-list def-item
    header footer aside nav table-wrap boxed-text verse-group verse-line
    abstract trans-abstract""".split()
_INLINE = """i b em strong italic bold u underline overline sc scp smallcaps small-caps tt
    monospace roman sans-serif strike del ins mark span small big font a ext-link xref uri url
    email code kbd samp var cite q abbr abbrev acronym dfn time label inline-graphic graphic img
    named-content styled-content related-article related-object inline-supplementary-material
    chem-struct chem-struct-wrap fn term def td th html body center fixed-case ovl media
    private-char glyph-data bdi bdo wbr nobr textual-form attrib""".split()
_DOES = {
    **dict.fromkeys(_BREAKING, "break"),
    **dict.fromkeys(_INLINE, "nothing"),
    **dict.fromkeys(["title", "h1", "h2", "h3", "h4", "h5", "h6"], "heading"),
    **dict.fromkeys(["sup", "sub", "inf"], "script"),
    **dict.fromkeys(["alternatives", "inline-formula", "disp-formula"], "formula"),
    **dict.fromkeys(["script", "style", "noscript", "iframe"], "drop"),
    **dict.fromkeys(["td", "th"], "space"),
    "label": "label",
    "tex-math": "tex",
    "math": "math",
    "inline-graphic": "graphic",
}
_STAND_ALONE = frozenset(["p", "br", "li", "hr", "img", "wbr", "td", "tr", "th"])
"""Those that HTML lets stand without an end tag."""

_LINE = "\x1e"
_LABEL = "\x1d"
_NO_TEXT = "[…]"
"""Stands for a formula that is only there as a picture."""


@dataclass(slots=True)
class _Found:
    """A tag in a text, and which of all it is."""

    start: int
    end: int
    tag: Tag
    prefix: str
    number: int


def _tags(text: str) -> list[_Found]:
    found: list[_Found] = []
    for match in _TAG.finditer(text):
        closing, prefix, name, attributes, at_once = match.groups()
        name = name.lower()
        if name in _DOES or name in mathml.NAMES:
            tag = Tag(name, not closing, bool(closing or at_once), attributes)
            found.append(_Found(match.start(), match.end(), tag, prefix or "", len(found)))
    return found


def _known(tags: list[_Found]) -> Iterator[_Found]:
    """Yield the tags that are markup: with a prefix, standing alone, or matched by another.

    Elements of MathML without a prefix are none outside ``<math>``.
    """
    opened: dict[str, list[int]] = {}
    partner: dict[int, int] = {}
    for found in tags:
        if found.tag.closes and found.tag.opens:
            partner[found.number] = found.number
        elif found.tag.opens:
            opened.setdefault(found.tag.name, []).append(found.number)
        elif numbers := opened.get(found.tag.name):
            partner[found.number] = numbers.pop()
            partner[partner[found.number]] = found.number
    math_until = -1
    for found in tags:
        name = found.tag.name
        if found.number <= math_until:
            yield found
        elif found.prefix or (name in _DOES and (found.number in partner or name in _STAND_ALONE)):
            if name == "math" and found.tag.opens:
                math_until = partner.get(found.number, len(tags) if found.prefix else -1)
            yield found


def _unwrapped_cdata(text: str) -> str:
    """Return `text` without comments, and with what is in CDATA sections as text."""
    if "<!" not in text:
        return text
    if "]]>" in text:
        text = text.replace("<![CDATA[", "").replace("]]>", "")
    kept: list[str] = []
    position = 0
    while (start := text.find(_COMMENT, position)) >= 0:
        end = text.find("-->", start + len(_COMMENT))
        if end < 0:
            break
        kept.append(text[position:start])
        position = end + len("-->")
    return "".join([*kept, text[position:]])


def _without_tags(text: str) -> str:
    known = list(_known(_tags(text)))
    # Markup that was escaped as a whole, or (as some publishers do) within JATS.
    if "lt;" in text and all(found.prefix for found in known):
        shown = _ESCAPED_TAG.sub(lambda found: f"<{found[1]}>", text)
        if shown != text:
            escaped = list(_known(_tags(shown)))
            if len(escaped) > len(known):
                text, known = shown, escaped
    if not known:
        return text
    text = text.translate(_NO_MARKS)
    if not any(_DOES.get(found.tag.name) == "break" for found in known):
        text = _with_paragraphs(text)
    joined = _Builder(text).built(known)
    joined = _LABELLED.sub(" ", _EMPTY_LABEL.sub("", joined))
    lines = (" ".join(line.split()) for line in joined.split(_LINE))
    return "\n".join(line for line in lines if line)


_NO_MARKS = str.maketrans(dict.fromkeys(_LINE + _LABEL, " "))
_ESCAPED_TAG = re.compile(
    r"&(?:amp;)*lt;(/?(?:(?:jats|mml):[A-Za-z-]{1,30}|i|b|u|em|strong|italic|bold|su[bp]|scp?|p|br)"
    r"\s*/?)&(?:amp;)*gt;"
)
_LABELLED = re.compile(rf"{_LABEL}[\s{_LINE}]*+")
_EMPTY_LABEL = re.compile(rf":?{_LABEL}[\s{_LINE}]*+\Z")


def _with_paragraphs(text: str) -> str:
    """Mark blank lines, of the same length as they are: places of tags stay right."""
    return _BLANK_LINE.sub(lambda found: _LINE.ljust(len(found[0])), text)


_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n\s*+")


@dataclass(slots=True)
class _Frame:
    """An element that is open, and what it holds. `formula` is the place of its first formula."""

    tag: Tag
    parts: list[str] = field(default_factory=list)
    formula: int | None = None
    formula_kind: str = ""


_DEEPEST = 30
"""Open elements that something is made of; tags within deeper ones are only left out."""


class _Builder:
    """Puts a text together again without its tags, in one pass over them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._frames = [_Frame(Tag("", opens=True, closes=False))]

    def built(self, known: list[_Found]) -> str:
        position = number = 0
        while number < len(known):
            found = known[number]
            self._add(_without_indents(self._text[position : found.start], follows=number > 0))
            position = found.end
            number += 1
            does = _DOES.get(found.tag.name, "nothing")
            if does == "math" and found.tag.opens and not found.tag.closes:
                number, position = self._math(known, number, position)
            else:
                self._take(found.tag, does)
        self._add(_without_indents(self._text[position:], follows=True))
        while len(self._frames) > 1:
            self._pop()
        return "".join(self._frames[0].parts)

    def _add(self, text: str) -> None:
        if text:
            self._frames[-1].parts.append(text)

    def _take(self, tag: Tag, does: str) -> None:
        if does == "break":
            self._add(_LINE)
        elif does == "space":
            self._add(" ")
        elif does == "label" and not tag.opens:
            self._add(_LABEL)
        elif does == "graphic" and tag.opens:
            if not any(_DOES.get(frame.tag.name) == "formula" for frame in self._frames):
                self._add(_NO_TEXT)
        elif does in ("heading", "script", "formula", "drop", "tex") and not (
            tag.opens and tag.closes
        ):
            if tag.opens and len(self._frames) < _DEEPEST:
                self._frames.append(_Frame(tag))
            elif tag.closes and any(frame.tag.name == tag.name for frame in self._frames[1:]):
                while self._pop() != tag.name:
                    pass

    def _math(self, known: list[_Found], number: int, position: int) -> tuple[int, int]:
        """Take a whole ``<math>``; return the number of the tag behind it, and its place."""
        pieces: list[str | Tag] = []
        depth = 1
        while number < len(known):
            found = known[number]
            pieces.append(self._text[position : found.start])
            position = found.end
            number += 1
            if found.tag.name == "math":
                depth += found.tag.opens - found.tag.closes
                if depth <= 0:
                    break
            elif found.tag.name in mathml.NAMES:
                pieces.append(found.tag)
        else:
            pieces.append(self._text[position:])
            position = len(self._text)
        self._formula("math", math_text(pieces))
        return number, position

    def _pop(self) -> str:
        """Close the innermost element; return its name."""
        frame = self._frames.pop()
        content = "".join(frame.parts)
        does = _DOES[frame.tag.name]
        if does == "script":
            self._add(_script(content, is_raised=frame.tag.name == "sup"))
        elif does == "heading":
            self._add(_heading(content))
        elif does == "tex":
            self._formula("tex", _from_tex(content))
        elif does == "formula":
            if frame.formula is not None and frame.tag.name == "alternatives":
                content = frame.parts[frame.formula]
            self._formula(frame.formula_kind, content if content.strip() else _NO_TEXT)
        return frame.tag.name

    def _formula(self, kind: str, text: str) -> None:
        """Add a formula; of the same in MathML and TeX within one element, the TeX."""
        frame = self._frames[-1]
        if _DOES.get(frame.tag.name) != "formula" or not kind or not text:
            self._add(text)
        elif frame.formula is None:
            frame.formula, frame.formula_kind = len(frame.parts), kind
            frame.parts.append(text)
        elif frame.formula_kind == kind:
            frame.parts.append(text)
        elif kind == "tex":
            frame.parts[frame.formula], frame.formula_kind = text, kind


def _without_indents(text: str, *, follows: bool) -> str:
    """Drop the line break that a publisher's indenting put between a bracket or mark and a tag.

    `follows` tells that a tag stands before `text`; behind it there always is one, or nothing.
    """
    if "\n" not in text:
        return text
    begun = text.lstrip()
    if follows and begun[:1] in _NO_SPACE_BEFORE and "\n" in text[: len(text) - len(begun)]:
        text = begun
    ended = text.rstrip()
    return ended if ended[-1:] in _NO_SPACE_BEHIND and "\n" in text[len(ended) :] else text


_NO_SPACE_BEFORE = tuple(")],.;:?!”’")
_NO_SPACE_BEHIND = tuple("([“‘")


def _heading(content: str) -> str:
    label = " ".join(content.replace(_LINE, " ").split())
    if label.strip(" .:").lower() in ("", "abstract"):
        return _LINE
    if len(label) > _LONGEST_LABEL:
        return f"{_LINE}{label}{_LINE}"
    ending = "" if label[-1] in "?!" else ":"
    return f"{_LINE}{label.rstrip(' .:')}{ending}{_LABEL}"


_LONGEST_LABEL = 80


def _script(content: str, *, is_raised: bool) -> str:
    """Return raised or lowered text in characters that Unicode has, else as a formula.

    What is no formula (``19th``, a long text) only loses its place.
    """
    text = html.unescape(" ".join(content.split()))
    moved = text.translate(_RAISED if is_raised else _LOWERED)
    if all(was != now for was, now in zip(text, moved, strict=True)):
        return moved
    if text.lower() in _ORDINAL_ENDINGS or not _SHORT.fullmatch(text):
        return content
    return formula(("^" if is_raised else "_") + (text if len(text) == 1 else f"{{{text}}}"))


_RAISED = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_ORDINAL_ENDINGS = ("st", "nd", "rd", "th", "e", "er", "re", "o", "a", "ª", "º", "tm", "sm", "r")
_SHORT = re.compile(r"[A-Za-z0-9,./*+()=' -]{1,20}")


def _from_tex(content: str) -> str:
    """Return the formula of a ``<tex-math>``: what is in its dollars, of a document its body."""
    tex = html.unescape(content.replace(_LINE, " "))
    body = _DOCUMENT.search(tex)
    if body:
        tex = tex[body.end() :].partition(r"\end{document}")[0]
    tex = tex.strip()
    for opening, closing in ((r"\(", r"\)"), (r"\[", r"\]"), ("$$", "$$"), ("$", "$")):
        inner = tex[len(opening) : -len(closing)]
        if tex == f"{opening}{inner}{closing}" and inner.strip() and not _DOLLAR.search(inner):
            tex = inner.strip()
            break
    if _DOLLAR.search(tex):  # several formulas, with text
        return " ".join(tex.split())
    return formula(tex)


_DOLLAR = re.compile(r"(?<!\\)\$")
_DOCUMENT = re.compile(r"\\begin\{document\}")

_ENTITY = re.compile(
    r"&((?:amp;)*)([A-Za-z][A-Za-z0-9]{1,30};|#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};)"
)


def _character(found: re.Match[str]) -> str:
    """Return the character of an entity, also of one that was escaped again (``&amp;lt;``)."""
    if found[2][0] == "#" or found[2] in html5:
        return html.unescape(f"&{found[2]}")
    return html.unescape(f"&{found[1]}") + found[2] if found[1] else found[0]
