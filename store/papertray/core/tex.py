r"""TeX in running text becomes Unicode: ``na\"ive`` → ``naïve``, ``{\em x}`` → ``x``.

Feeds and bibliographies carry TeX outside math. `decode_tex` turns what it knows into canonical
text and leaves everything else as it stands: an unknown macro is literal text, ``$math$`` is not
touched, and no text is ever dropped. One pass from left to right with a stack of open braces, so
the time grows with the length of the text whatever that holds.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from papertray.core.tex_tables import ACCENTS, COMMANDS, LETTERS, SWITCHES, SYMBOLS


def decode_tex(text: str) -> str:
    r"""Return `text` in NFC with known TeX outside math decoded. Never raises.

    Decoded are accents, escaped characters, letters, Greek, common symbols, font switches and
    font commands with their braces, ``\url``, ``\href{url}{words}`` (to ``words (url)``),
    ``\(math\)`` (to ``$math$``) and ties (``models~(LM)``, to U+00A0).

    Left alone are ``$math$`` by pandoc's rule, unknown macros with their arguments, braces that do
    not open with a decoded command or are never closed, TeX quotes, ``--``, ``\\``, and every
    tilde that is hardly a tie: in a URL, after a space or an opening bracket, between numbers,
    between a single letter and a number, beside an unknown macro.
    """
    if "\\" in text or "~" in text:
        text = Decoder(text).decoded()
    return unicodedata.normalize("NFC", text)


_NEXT = re.compile(r"[\\{}$~]|https?://|ftp://|www\.", re.IGNORECASE)
_WORD = re.compile(r"\\([A-Za-z]+)")
_UNKNOWN = re.compile(r"\\[A-Za-z]+\*?(?:\[[^][{}\\$]{0,80}\])?")
_OPENING = re.compile(r"[ \t]*\{")
_HREF = re.compile(r"\\href[ ]*\{([^{}\s]+)\}[ ]*\{")
_DOLLARS = re.compile(r"(\$\$?)(?=[^\s$])(?:[^$\\]++|\\.)*+\1", re.DOTALL)
_PARENTHESES = re.compile(r"\\\(((?:[^\\$]++|\\[^()$])*+)\\\)", re.DOTALL)
_ACCENT = re.compile(r"\\(?:([`'^~=.\"])|([uvrHcdkbt])(?![A-Za-z])[ ]*)")
_BASE = re.compile(r"([^\W\d_])|\\([A-Za-z]+)(?:\{\}|[ ]+)?")
_TILDE_IN_URL = r"\$\\sim\$|\{\\textasciitilde\}|\\textasciitilde(?:\{\})?|\{\\~\}"
_ESCAPE_IN_URL = re.compile(_TILDE_IN_URL + r"|\\([~_%#&$])(?:\{\})?")
_URL = re.compile(
    r"(?:https?://|ftp://|www\.)(?:"
    + _TILDE_IN_URL
    + r'|\\[~_%#&$](?:\{\})?|[^\s{}<>"\\~]|(?<!\))~)*+',
    re.IGNORECASE,
)

_ESCAPED = "%&_#${}"
_DEEPEST_ACCENT = 3  # Vietnamese needs two: \'{\^e}
_VARIABLE = re.compile(r"(?:\A|[^\w'’])[b-zB-HJ-Z]\Z")
_BEFORE_TIE = frozenset(")]}.,;:!?'\"$%")
_NOT_AFTER_TIE = frozenset("~),.;:!?]}")


def _accented(text: str, position: int, depth: int = 0) -> tuple[str, int] | None:
    """Return the letter with its accent that begins at `position`, and where it ends, or None."""
    accent = _ACCENT.match(text, position)
    if accent is None or depth == _DEEPEST_ACCENT:
        return None
    mark = accent[1] or accent[2]
    start = accent.end()
    braced = text.startswith("{", start)
    found = _base(text, start + braced, depth)
    if found is None:
        # \~{} and \^{} are how TeX spells the bare characters.
        return (mark, start + 2) if mark in "~^" and text.startswith("{}", start) else None
    base, end = found
    second = ""
    if mark == "t":  # the only accent over two letters
        second, end = text[end : end + 1], end + 1
    if braced and not text.startswith("}", end):
        return None
    composed = unicodedata.normalize("NFC", base + ACCENTS[mark] + second)
    # Without braces only letters that exist: \"quoted\" is rather an escaped quotation mark.
    if not braced and len(composed) > 1:
        return None
    return composed, end + braced


def _base(text: str, position: int, depth: int) -> tuple[str, int] | None:
    """Return the letter below an accent: itself, a letter macro, or one more accent."""
    base = _BASE.match(text, position)
    if base and base[1]:
        return base[1], base.end()
    if base and base[2] in LETTERS:
        return {"i": "i", "j": "j"}.get(base[2], LETTERS[base[2]]), base.end()
    return _accented(text, position, depth + 1)


@dataclass(slots=True)
class _Group:
    """An open brace: its piece, where its content starts, and what its closing brace becomes."""

    piece: int
    start: int
    vanishes: bool = False
    is_argument: bool = False  # of ^ or _ or of an unknown macro: its braces stay
    of_macro: bool = False
    url: str = ""


class Decoder:
    """One pass over one text. Handlers are told where a token starts and return where it ends.

    For `papertray.core.tex_bibliography` to build upon, which changes what some of them do.
    """

    drops_braces = False
    """Whether every group loses its braces, and not only one that opens with a decoded command."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.groups: list[_Group] = []
        self.unknown_words: set[int] = set()  # pieces that are unknown control words
        self.unknown_end = -1  # where the last unknown macro, with its arguments, ended

    def decoded(self) -> str:
        """Return the whole text decoded."""
        text, position = self.text, 0
        while found := _NEXT.search(text, position):
            start = found.start()
            self.pieces.append(self._plain(text[position:start]))
            position = self._token(text[start], start)
        self.pieces.append(self._plain(text[position:]))
        return self._joined()

    def _plain(self, text: str) -> str:
        """Return what stands for a stretch of text without any token."""
        return text

    def _joined(self) -> str:
        """Join the pieces; ``{\\em \\name}s`` must not become the other macro ``\\names``."""
        joined: list[str] = []
        after_word = False
        for number, piece in enumerate(self.pieces):
            if not piece:
                continue
            if after_word and piece[0].isascii() and piece[0].isalpha():
                joined.append("{}")
            joined.append(piece)
            after_word = number in self.unknown_words
        return "".join(joined)

    def _token(self, first: str, start: int) -> int:
        match first:
            case "\\":
                return self._backslash(start)
            case "{":
                return self._open(start)
            case "}":
                return self._close(start)
            case "$":
                return self._dollar(start)
            case "~":
                self.pieces.append("\u00a0" if self._is_tie(start) else "~")
                return start + 1
            case _:
                return self._url(start)

    def _literal(self, start: int, end: int) -> int:
        self.pieces.append(self.text[start:end])
        return end

    def _decode(self, start: int, end: int, piece: str) -> int:
        self._mark_group(start)
        self.pieces.append(piece)
        return end

    def _mark_group(self, start: int) -> None:
        """A decoded command that stands first in a group takes the braces with it."""
        if self.groups and self.groups[-1].start == start and not self.groups[-1].is_argument:
            self.groups[-1].vanishes = True

    def _open(self, start: int) -> int:
        of_macro = start == self.unknown_end
        is_script = self.text[start - 1 : start] in ("^", "_")
        is_argument = of_macro or (is_script and self.text[start - 2 : start - 1] != "\\")
        vanishes = self.drops_braces and not is_argument
        self.groups.append(_Group(len(self.pieces), start + 1, vanishes, is_argument, of_macro))
        return self._literal(start, start + 1)

    def _open_decoded(self, start: int, end: int, url: str = "") -> int:
        """Open the argument of a known command; until it is closed, its text stays as a piece."""
        self._mark_group(start)
        self.groups.append(_Group(len(self.pieces), end, vanishes=True, url=url))
        return self._literal(start, end)

    def _close(self, start: int) -> int:
        group = self.groups.pop() if self.groups else None
        if group is None or not group.vanishes:
            self.pieces.append("}")
            if group and group.of_macro:
                self.unknown_end = start + 1
            return start + 1
        self.pieces[group.piece] = ""
        words = [piece for piece in self.pieces[group.piece + 1 : group.piece + 4] if piece]
        if group.url and words != [group.url]:
            self.pieces.append(f" ({group.url})")
        return start + 1

    def _backslash(self, start: int) -> int:
        accented = _accented(self.text, start)
        if accented is not None:
            return self._decode(start, accented[1], accented[0])
        word = _WORD.match(self.text, start)
        if word is not None:
            return self._control_word(start, word.end(), word[1])
        return self._control_symbol(start)

    def _control_symbol(self, start: int) -> int:
        end = start + 2
        symbol = self.text[start + 1 : end]
        if not symbol:
            return self._literal(start, end)
        if symbol in _ESCAPED:
            return self._decode(start, end, symbol)
        if symbol in "-/":  # where a word may break, and the italic correction: no text
            return self._decode(start, end, "")
        if symbol == ",":
            return self._decode(start, end, "\u00a0")
        # "et al.\ show" is a space; "A \ B" is a set difference.
        if symbol in " \n" and start and not self.text[start - 1].isspace():
            return self._decode(start, end, symbol)
        if symbol == "(":
            return self._parentheses(start)
        return self._literal(start, end)

    def _parentheses(self, start: int) -> int:
        found = _PARENTHESES.match(self.text, start)
        math = found[1].strip() if found else ""
        if found is None or not math or math.endswith("\\"):
            return self._literal(start, start + 2)
        if self.text[found.end() : found.end() + 1].isdigit():  # $x$1 would not be math
            return self._literal(start, found.end())
        return self._decode(start, found.end(), f"${math}$")

    def _control_word(self, start: int, end: int, word: str) -> int:
        text = self.text
        if word in LETTERS:  # as in TeX, the spaces after it only end its name: Stra\ss e
            end = end + 2 if text.startswith("{}", end) else self._after_spaces(end)
            return self._decode(start, end, LETTERS[word])
        if word in SYMBOLS:  # here they stay: "\alpha particles" means two words
            return self._decode(start, end + 2 * text.startswith("{}", end), SYMBOLS[word])
        if word in SWITCHES:
            return self._switch(start, end)
        if word in COMMANDS and (opening := _OPENING.match(text, end)):
            return self._open_decoded(start, opening.end())
        if word == "href" and (href := _HREF.match(text, start)):
            url = _ESCAPE_IN_URL.sub(lambda escape: escape[1] or "~", href[1])
            return self._open_decoded(start, href.end(), url)
        unknown = _UNKNOWN.match(text, start)
        self.unknown_end = unknown.end() if unknown else end
        if self.unknown_end == end:
            self.unknown_words.add(len(self.pieces))
        return self._literal(start, self.unknown_end)

    def _switch(self, start: int, end: int) -> int:
        text = self.text
        if text.startswith("{", end):  # \em{x} is wrong TeX and common
            return self._open_decoded(start, end + 1)
        end = self._after_spaces(end)
        if self.groups and self.groups[-1].start == start:
            # Part of the opening brace, so that it comes back where that is never closed.
            group = self.groups[-1]
            if not group.is_argument:
                self._mark_group(start)
                self.pieces[group.piece] += text[start:end]
                group.start = end
                return end
        return self._decode(start, end, "") if end < len(text) else self._literal(start, end)

    def _after_spaces(self, end: int) -> int:
        while self.text[end : end + 1] in (" ", "\t", "\n"):
            end += 1
        return end

    def _dollar(self, start: int) -> int:
        """Step over math as it stands; a dollar that opens none is a dollar."""
        found = _DOLLARS.match(self.text, start)
        if found is None:
            return self._literal(start, start + 1 + self.text.startswith("$$", start))
        dollars, end = len(found[1]), found.end()
        body = found[0][dollars:-dollars]
        is_inline = not body[-1].isspace() and not self.text[end : end + 1].isdigit()
        is_math = (is_inline or dollars == 2) and "\n\n" not in body
        return self._literal(start, end if is_math else start + dollars)

    def _url(self, start: int) -> int:
        found = _URL.match(self.text, start)
        end = found.end() if found else start + 1
        if self.text[end - 1] == "~" and self.text[end - 2] not in "/\\":
            end -= 1  # a tie before what follows the address
        self.pieces.append(_ESCAPE_IN_URL.sub(lambda e: e[1] or "~", self.text[start:end]))
        return end

    def _is_tie(self, start: int) -> bool:
        text = self.text
        before, after = text[start - 1 : start], text[start + 1 : start + 2]
        if start == self.unknown_end or not (before.isalnum() or before in _BEFORE_TIE):
            return False
        if not after or after.isspace() or after in _NOT_AFTER_TIE:
            return False
        if after.isdigit() and (before.isdigit() or before == "%"):  # 5~10% is a range
            return False
        if after.isdigit() and _VARIABLE.search(text, max(start - 2, 0), start):  # z~6 is about 6
            return False
        word = _WORD.match(text, start + 1)
        return word is None or self._is_known(word[1])

    def _is_known(self, word: str) -> bool:
        return (
            word in LETTERS
            or word in SYMBOLS
            or word in SWITCHES
            or word in COMMANDS
            or word in ACCENTS
            or word == "href"
        )
