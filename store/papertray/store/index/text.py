"""From text to tokens, the same way for documents, queries and the matcher.

English words are split at everything that is no letter or digit, folded to ASCII and lower case,
and stemmed or not. Chinese, Japanese and Korean text has no spaces to split at: each run of it is
cut into overlapping pairs before, so that any piece of two characters or more is found as a
phrase of pairs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import tantivy

LONGEST_TOKEN = 100
"""Bytes. What is longer is no word, and a dictionary of such things only costs."""

ENGLISH = "papertray_english"
PLAIN = "papertray_plain"

_PAIRED = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3100-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f"
    "\U00020000-\U0003ffff]+"
)


def prepared(text: str, *, with_ends: bool = False) -> str:
    """Return `text` in NFC with runs of Chinese, Japanese and Korean cut into pairs.

    `with_ends` adds the last character of each run by itself: every character then begins a
    token, which is what looking for beginnings needs.
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    return _PAIRED.sub(lambda run: _pairs(run[0], with_ends), text)


def _pairs(run: str, with_ends: bool) -> str:
    pairs = [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
    if with_ends and len(run) > 1:
        pairs.append(run[-1])
    return f" {' '.join(pairs)} "


def is_paired(token: str) -> bool:
    """Return whether `token` is one or two characters of Chinese, Japanese or Korean."""
    return _PAIRED.fullmatch(token) is not None


@cache
def analyzer(name: str) -> tantivy.TextAnalyzer:
    """Return the analyzer `ENGLISH` (stemmed) or `PLAIN`. May be used from any thread."""
    # Folding comes first: lower-casing a dotted capital I would leave a lone dot behind.
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(LONGEST_TOKEN))
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.lowercase())
    )
    if name == ENGLISH:
        builder = builder.filter(tantivy.Filter.stemmer("english"))
    return builder.build()


def tokens(text: str, name: str) -> list[str]:
    """Return the tokens of a text as typed, by the analyzer `ENGLISH` or `PLAIN`."""
    return analyzer(name).analyze(prepared(text))
