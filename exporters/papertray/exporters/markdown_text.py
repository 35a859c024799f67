"""Text as Markdown takes it: literal to CommonMark, GitHub, pandoc and Obsidian alike.

Each of them gives a meaning to other characters, so all of these are escaped. ``$math$`` stays
math, for all of them but CommonMark know it.
"""

from __future__ import annotations

import json
import re

from papertray.core.segments import one_line
from papertray.exporters.formulas import harmless_pieces


def literal(text: str) -> str:
    """Return `text` as one line of Markdown that every reader shows as it stands.

    A formula stays a formula only where a reader without math would still show its source;
    elsewhere its dollars are escaped like any text. Made for headings, names and tags.
    """
    return _escaped(text, _NOT_INERT)


def running(text: str) -> str:
    """Like `literal`, but keeps all formulas that do not break out of their line.

    Readers without math show those with some backslashes and underscores lost. Made for abstracts.
    """
    return _escaped(text, _NOT_HARMLESS)


def autolink(address: str) -> str:
    """Return a link to `address` in angle brackets, or its literal text if it is no web address."""
    joined = "".join(one_line(address).split())
    if not _WEB.match(joined):
        return literal(address)
    return f"<{_NOT_IN_LINK.sub(_percent_encoded, joined)}>"


def yaml_string(text: str) -> str:
    """Return `text` as a YAML string for front matter: a JSON string is one."""
    return json.dumps(one_line(text), ensure_ascii=False)


def _escaped(text: str, forbidden_in_math: re.Pattern[str]) -> str:
    text = one_line(text)
    if "$" not in text:
        return _leading(_plain(text))
    return _leading(
        "".join(
            f"${piece.text}$" if piece.is_math else _plain(piece.text)
            for piece in harmless_pieces(text, forbidden_in_math)
        )
    )


def _plain(text: str) -> str:
    for character in _SPECIAL:  # the backslash comes first
        if character in text:
            text = text.replace(character, "\\" + character)
    if "!\\[" in text:
        text = text.replace("!\\[", "\\!\\[")
    if "&" in text:
        text = _ENTITY.sub(r"\\&", text)
    if _MAY_RUN.search(text):
        text = _RUN.sub(r"\\\g<0>", text)
    if "ww." in text or "WW." in text:
        text = _WWW.sub(r"\1\\.", text)
    return text


def _leading(text: str) -> str:
    """Escape what at the start of a line makes a list, a definition, a rule or a title block."""
    match = _MARKER.match(text)
    if match is None:
        return text
    return f"{text[: match.end() - 1]}\\{text[match.end() - 1 :]}"


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


_SPECIAL = "\\`*_[]<>|~$^@#{}\"'"

_ENTITY = re.compile(r"&(?=#?\w+;)")
# Highlights, comments, dashes, dots; templates `<% %>` and `{% %}`; addresses, fields `key:: value`
# and smileys `:cat:`.
_RUN = re.compile(
    r"=(?==)|(?<==)=|(?<=[%<{])%|%(?=%)|-(?=-)|\.(?=\.\.)|(?<=:):|:(?=//|[\w+-]+:)", re.ASCII
)
_MAY_RUN = re.compile(r"==|%%|--|\.\.\.|[<{]%|:(?://|[\w+-]*:)", re.ASCII)
_WWW = re.compile(r"(www)\.", re.IGNORECASE)

# The character to escape is the last of the match: `1.` `(a)` `iv)` `+` `-` `:` `=` `%`.
_MARKER = re.compile(r"(?:\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+)[.)](?=\s|$)|[-+](?=\s|$|-)|[=:%])")

# In a formula: what a reader without math would take as Markdown. An underscore after a letter or
# digit opens no emphasis, and a backslash before a letter is itself.
_NOT_INERT = re.compile(
    r"[`*<>\[\]&~#@|!:\"']|\\[^A-Za-z]|\\$|(?:^|[\W_])_|==|%%|--|\.\.|//|www|^[\d()]"
)
_NOT_HARMLESS = re.compile(r"[`@]|<[A-Za-z/!?]|\]\(|\[\[|%%|[<{]%|\{\{<|::|&#?\w+;|://")

_WEB = re.compile(r"(?:https?|ftp)://[^\s/]", re.IGNORECASE)
_NOT_IN_LINK = re.compile(r'[{}\\"<>^`|]|[^\x21-\x7e]')
