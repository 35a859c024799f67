"""What in a note would be obeyed rather than shown: by a browser, by TeX, by pandoc.

HTML that does something, addresses that are scripts, TeX outside of formulas and definitions in
them, attributes with which pandoc makes HTML or TeX of code, and its numbered examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

# No backtick stands before it but one that is escaped: else each of a row would be tried.
CODE_SPAN = r"(?<!(?<!\\)`)(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)"
"""The pattern of a code span within a line."""


def without_commands(body: str, text: str) -> str:
    """Return a note with a backslash before what TeX, a browser or pandoc would obey.

    `text` is `body` with its code blocks blanked out, every other character in its place.
    """
    pieces: list[str] = []
    at = 0
    for place in _commands(text):
        pieces += body[at:place], "\\"
        at = place
    return "".join([*pieces, body[at:]])


def _commands(text: str, start: int = 0) -> Iterator[int]:
    """Yield the places in `text`, which begins at `start`, that are to get a backslash."""
    for match in _COMMAND.finditer(text):
        place = start + match.start()
        formula = match["math"]
        if formula:
            marks = 2 if formula.startswith("$$") else 1
            # To a reader without math it is text like any other.
            inside = list(_commands(formula[marks:-marks], place + marks))
            is_more = any(formula[one - place] != "\\" for one in inside)
            if is_more or _DEFINITION.search(formula):
                end = place + len(formula)
                yield from (*range(place, place + marks), *inside, *range(end - marks, end))
        elif match["tex"]:
            yield place
        elif match["list"] or (match["link"] and runs(match["link"])):
            yield place + 1
        elif runs(match["tag"] or match["attributes"] or ""):
            yield place


def runs(opening: str) -> bool:
    """Tell whether a tag, attributes of pandoc or an address, with the mark before it, does
    something, also where character references or line breaks hide what."""
    said = unescape(_ESCAPED.sub(r"\1", opening))
    return any(_RUNS.search(one) for one in (said, _UNSEEN.sub("", said)))


# Formulas, TeX outside of them, pandoc's numbered examples, whose numbers run through the whole
# document, and what may run: tags, attributes of pandoc, addresses of links.
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_COMMAND = re.compile(
    CODE_SPAN
    + r"|\\[^A-Za-z]|(?P<math>\$\$.+?\$\$|(?<![\\$])\$(?=[^\s$])[^$\n]+(?<!\s)\$(?![\d$]))"
    r"|(?P<tex>\\)(?=[A-Za-z])"
    r"|(?P<list>\(@[\w-]*\))"
    rf"|(?=(?P<tag></?[A-Za-z](?:[^<>\"']|{_QUOTED})*))<"
    rf"|(?:(?<=[`~\s])|(?!\{{\s*=))(?=(?P<attributes>\{{(?:[^{{}}\"']|{_QUOTED})*))\{{"
    r"|(?=(?P<link>\][(:]\s*<?[^\s<>]*))\]",
    re.DOTALL,
)
_RUNS = re.compile(
    r"^</?(?:script|style|iframe|frame|frameset|object|embed|applet|link|meta|base|form|input"
    r"|button|textarea|title|noscript|template|svg|math)(?=[\s/>]|$)"
    r"|^[<{](?:.*?[\s\"'/])?(?:on\w+|srcdoc|formaction)\s*="
    r"|^[<{].*?(?:javascript|vbscript|data):"
    r"|^\{\s*="  # ``{=html}`` behind code makes it HTML
    r"|^\][(:][\x00-\x20]*<?[\x00-\x20]*(?:javascript|vbscript|data):",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_UNSEEN = re.compile(r"[\t\n\r]")  # browsers pass over these within an address
_DEFINITION = re.compile(
    r"\\(?:[gex]?def|let|futurelet|global|(?:re)?newcommand|providecommand|(?:re)?newenvironment"
    r"|DeclareMathOperator|require|input|include|href|html\w*|write|immediate|csname|catcode|openin"
    r"|openout|read|special|class|style|cssId|url)(?![A-Za-z])"
)
