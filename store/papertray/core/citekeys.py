"""Citation keys: what a paper is called in a text that cites it.

The formula is the default of Better BibTeX, ``auth.lower + shorttitle(3,3) + year``:
``vaswaniAttentionAllNeed2017``. Keys are ASCII letters, digits and hyphens, which every client
takes. A key is given once and kept by the store; here is only how a first one is found.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Set

from papertray.core.model import Author, Work
from papertray.core.segments import segments

TITLE_WORDS = 3
"""How many words of the title go into a key."""

_LONGEST_PART = 48
_KEY = re.compile(r"[^\W_][\w:./+-]*")


def citekey(work: Work, uid: str) -> str:
    """Return the key that `work` should have, if nobody else has it.

    A missing author or year is left out. Where neither author nor title has a Latin letter or a
    digit, the key is ``paper`` and the arXiv id, or, if there is none, a short digest of `uid`.
    A key is never digits only: those name rows.
    """
    return citekey_of(work.authors, work.title, work.year, work.arxiv_id, uid)


def citekey_of(
    authors: tuple[Author, ...], title: str, year: int | None, arxiv_id: str, uid: str
) -> str:
    """Return what `citekey` does, for papers by the thousand: of a work, only what a key needs."""
    author = _author_part(authors)
    words = _short_title(title)
    if not author and not words:
        return "paper" + (_plain(arxiv_id).lower() or _uid_part(uid))
    key = author + words + (str(year) if year else "")
    return "paper" + key if key.isdigit() else key


def suffixed(base: str, number: int) -> str:
    """Return `base` for 0, then with ``a`` for 1 … ``z`` for 26, ``aa`` for 27 and so on."""
    suffix = ""
    while number:
        number, letter = divmod(number - 1, 26)
        suffix = chr(ord("a") + letter) + suffix
    return base + suffix


def first_free(bases: Iterable[str], taken: Set[str]) -> list[tuple[str, str]]:
    """Return for each of `bases` the first of base, basea, baseb … that nobody has or had.

    Each key comes with its folded form before it. `taken` are the keys that are gone, folded; each
    key that is given is gone for those after it.
    """
    gone = set(taken)
    numbers: dict[str, int] = {}
    found = []
    for base in bases:
        folded_base = fold_key(base)
        number = numbers.get(folded_base, 0)
        # Letters fold one by one, and a suffix is folded already.
        while (folded := suffixed(folded_base, number)) in gone:
            number += 1
        numbers[folded_base] = number + 1
        gone.add(folded)
        found.append((folded, suffixed(base, number)))
    return found


def is_citekey(key: str) -> bool:
    r"""Tell whether a key that came from outside can be used: safe in BibTeX, TeX and Markdown.

    Letters of any script, digits and ``_ : . / + -`` after a first letter or digit, at most 200,
    and not digits only, which name rows.
    """
    return len(key) <= 200 and not key.isdigit() and _KEY.fullmatch(key) is not None


def fold_key(key: str) -> str:
    """Return the form in which two keys that BibTeX takes for one are equal."""
    return key.casefold()


def _author_part(authors: tuple[Author, ...]) -> str:
    for author in authors:
        if not author.stands_for_others:
            name = author.literal or author.particle + author.family or author.given
            return _plain(name).lower()[:_LONGEST_PART]
    return ""


def _short_title(title: str) -> str:
    text = title
    if "$" in title:
        text = "".join(_spoken(s.text) if s.is_math else s.text for s in segments(title))
    words = []
    for found in _WORD.finditer(text):
        word = _plain(found[0])
        if word and word.lower() not in _SKIPPED:
            words.append(word[0].upper() + word[1:])
            if len(words) == TITLE_WORDS:
                break
    return "".join(words)[:_LONGEST_PART]


def _spoken(formula: str) -> str:
    """``\\mathcal{O}(n)`` → ``O(n)``, ``\\alpha`` → ``alpha``."""
    return _FONT.sub("", formula).replace("\\", "")


def _plain(text: str) -> str:
    """Return the ASCII letters and digits of `text`; accents are dropped, ø ß æ … spelled out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    return text if text.isascii() and text.isalnum() else _NOT_PLAIN.sub("", text)


def _uid_part(uid: str) -> str:
    return hashlib.blake2b(uid.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_WORD = re.compile(r"[^\s/:|–—]+")  # a hyphen joins: Pre-training → Pretraining
_FONT = re.compile(r"\\(?:math[a-z]+|text[a-z]*|operatorname|boldsymbol|bm)(?![a-zA-Z])")

_SPELLED = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th",
        "ı": "i", "ħ": "h", "Ħ": "H",
    }
)  # fmt: skip

# Function words of English, then articles and prepositions of its neighbours.
_SKIPPED = frozenset(
    """a about above across after against along among an and are around as at be before behind
    below between beyond but by can do does down during for from how if in inside into is it its
    like near no not of off on onto or our out over per that than the then this through to toward
    towards under until up upon using versus via we what when who why with within without you your
    al auf d da das de del della dem den der des di die du een eine einer el en et gli il la las le
    les los na ou sur um un una und une von voor zu zum zur""".split()
)
