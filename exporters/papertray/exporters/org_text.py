r"""Text as Org takes it: shown as it stands by Emacs and pandoc, read by neither as Org.

The manual of Org suggests an invisible character wherever text looks like syntax ("Escape
Character"). Its zero width space will not do: for pandoc it is no space. The word joiner U+2060
stands for neither of them next to emphasis, and breaks all else as well. A dollar is the entity
``\dollar{}``, for the rule what a formula is differs between the two. Formulas are ``\(…\)``.

Syntax: https://orgmode.org/worg/org-syntax.html
"""

from __future__ import annotations

import re

from papertray.core.segments import one_line
from papertray.exporters.formulas import harmless_pieces

JOINER = "\N{WORD JOINER}"
"""Invisible, and neither a space, a letter nor punctuation that may stand beside emphasis."""


def literal(text: str) -> str:
    """Return `text` as one line that is no syntax, neither at the start of a line nor within."""
    return at_line_start(inline(text))


def heading(text: str) -> str:
    """Return `text` for a headline, empty if nothing is to be seen of it.

    A first word in capitals could be a keyword (``TODO``, ``COMMENT``), a last one tags.
    """
    shown = literal(text)
    if _KEYWORD.match(shown):
        shown = JOINER + shown
    return shown + JOINER if shown.endswith(":") else shown


def inline(text: str) -> str:
    """Return `text` as one line that is no syntax if something else stands before it."""
    return passage(one_line(text))


def passage(text: str) -> str:
    """Like `inline`, for a piece of a line that has no control characters: it keeps its spaces."""
    if "$" not in text:
        return _plain(text)
    return "".join(
        f"\\({piece.text}\\)" if piece.is_math else _plain(piece.text)
        for piece in harmless_pieces(text, _NOT_IN_MATH)
    )


def at_line_start(line: str) -> str:
    """Return a line of text, guarded if it begins as a headline, list, table or block does."""
    return JOINER + line if _LINE_START.match(line) else line


def emphasised(marker: str, content: str) -> str:
    """Return `content`, which is Org, between two markers; without them if they would not hold."""
    if not content or content[0] in _NO_BORDER or content[-1] in _NO_BORDER or marker in content:
        return content
    return f"{marker}{content}{marker}"


def verbatim(text: str) -> str:
    """Return a piece of code as such, or as plain text if it holds both markers."""
    content = one_line(text)
    for marker in "=~":
        if content and marker not in content:
            return f"{marker}{content}{marker}"
    return inline(text)


def link(address: str, shown: str = "") -> str:
    """Return a link to a web address or an e-mail address, else what is shown, or the address.

    Arguments: `shown` is Org.
    """
    joined = "".join(one_line(address).split())
    if not _LINKED.match(joined):
        return shown or inline(address)
    target = _NOT_IN_LINK.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), joined)
    if not shown or "[[" in shown:
        return f"[[{target}]]"
    description = shown.replace("]]", f"]{JOINER}]")
    return f"[[{target}][{description}{JOINER if description.endswith(']') else ''}]]"


def property_value(text: str) -> str:
    """Return `text` as the value of a property, where only dates would mean something."""
    return _DATE.sub(f"<{JOINER}", one_line(text))


def tag(text: str) -> str:
    """Return `text` if it can be a tag of a headline, else the empty string."""
    fits = all(c.isalpha() or c.isdecimal() or c in "_@#%" for c in text)
    return text if fits and text not in _TAGS_THAT_HIDE else ""


def escaped_line(line: str) -> str:
    """Return a line as a block holds it: with a comma where it would be a headline or keyword."""
    return _IN_BLOCK.sub(r"\1,\2", line)


def _plain(text: str) -> str:
    if not _SYNTAX.search(text):
        return text
    return _BETWEEN.sub(JOINER, text).replace("$", "\\dollar{}")


_SYNTAX = re.compile(r"[*/_+=~^\\\[<{@$:\]]|--|\.\.")

# Places that an invisible character goes to.
_BETWEEN = re.compile(
    # Before emphasis, which begins at the start, or behind one of these.
    r"(?:^|(?<=[\s\u200b\-('\"{]))(?=[*/+=~_](?!\s))"
    # Within subscripts, superscripts, calls, entities and TeX; links, citations, footnotes, dates.
    r"|(?<=[_^\\\[<])(?!\s)"
    # Within macros, snippets of HTML, ends of links, dashes, dots.
    r"|(?<=\{)(?=\{)|(?<=@)(?=@)|(?<=\])(?=\])|(?<=-)(?=-)|(?<=\.)(?=\.)"
    # Within addresses, and between what a list defines and how.
    r"|(?<=\w)(?=:(?!\s))|(?<=:)(?=:)"
    # After a dollar, which will be an entity and is to have no arguments.
    r"|(?<=\$)(?=[{\[])"
)

_NOT_IN_MATH = re.compile(r"(?<!\\)[%#]|\\[()\[\]]|<\d|<%|\n|\$")
_LINE_START = re.compile(r"[#|:]|&?%|(?:\*+|[-+]|(?:\d+|[A-Za-z])[.)])(?:\s|$)|CLOCK:")
_KEYWORD = re.compile(r"[A-Z]{2,}(?:\s|$)|COMMENT")
_NO_BORDER = " \t\n\u200b" + JOINER
_LINKED = re.compile(r"(?:https?|ftp)://[^\s/]|mailto:[^\s?]+@", re.IGNORECASE)
_NOT_IN_LINK = re.compile(r'[\[\]{}\\"<>^`|]|[^\x21-\x7e]')
_DATE = re.compile(r"<(?=\d{4}-|%%)")
_IN_BLOCK = re.compile(r"^([ \t]*)(,*(?:\*|#\+))")
_TAGS_THAT_HIDE = frozenset(("noexport", "ARCHIVE"))
