"""Titles, abstracts and names of one record as canonical text, with what came kept beside it.

Each reader says which dialect its texts are in; all decode them here, so that the same title comes
out the same whoever brings it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Literal

from papertray.core.json_fields import one_line
from papertray.core.markup import decode_markup, has_markup
from papertray.core.tex import decode_tex
from papertray.core.tex_bibliography import decode_bibliography

Dialect = Literal["plain", "tex", "bibtex", "html"]
"""How a text is written: as it stands, with TeX outside math, as in a field of a .bib file, or with
HTML, JATS or MathML tags."""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_DECODERS: Mapping[str, Callable[[str], str]] = {
    "plain": _plain,
    "tex": decode_tex,
    "bibtex": decode_bibliography,
    "html": decode_markup,
}


class Texts:
    """Decodes the texts of one record. `original` maps a field to what came, where that differs."""

    def __init__(self, dialect: Dialect) -> None:
        self.original: dict[str, str] = {}
        self._decode = _DECODERS[dialect]

    def line(self, field: str, text: str) -> str:
        """Return `text` as one line; breaks and runs of blanks in it become single spaces."""
        decoded = self._decode(text)
        return self._kept(field, text, decoded, _single_spaced(one_line(decoded)))

    def title(self, text: str) -> str:
        """Return a title as one line."""
        return self.line("title", text)

    def abstract(self, text: str) -> str:
        """Return an abstract; a line break that only wraps its lines becomes a space.

        Blank lines, and lines that the markup sets apart, still part its paragraphs.
        """
        decoded = self._decode(text)
        is_plain = self._decode is not decode_markup or not has_markup(text)
        laid_out = _unwrapped(decoded) if is_plain else decoded
        return self._kept("abstract", text, decoded, laid_out.strip())

    def _kept(self, field: str, text: str, decoded: str, laid_out: str) -> str:
        """Keep what came where more than its blanks has changed; return what came of it."""
        # Most texts hold nothing to decode: only their blanks can have changed.
        if decoded != text and " ".join(text.split()) != " ".join(laid_out.split()):
            self.original[field] = text
        return laid_out


def _single_spaced(text: str) -> str:
    text = text.strip()
    while "  " in text:
        text = text.replace("  ", " ")
    return text


# It begins only where a run of blanks does, else a long one would be looked at from each of them.
_BREAK = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def _unwrapped(text: str) -> str:
    """Join lines that are only wrapped; a space that does not break stays one."""
    if "\n" not in text and "\r" not in text:
        return text
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    joined = (_single_spaced(_BREAK.sub(" ", part)) for part in _BLANK_LINES.split(whole))
    return "\n".join(part for part in joined if part)
