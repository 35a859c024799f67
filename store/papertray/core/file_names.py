"""Names of files that every system takes: also Windows, a USB stick and a synchronised folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

MOST_BYTES = 120
"""Of a name without its suffix, in UTF-8: systems take 255, encrypted folders some 140."""

_UNSAFE = re.compile(r"[^\w.+]+")  # slashes, blanks, controls, what shells and Windows mind
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)


def safe_stem(name: str) -> str:
    """Return `name` as the name of a file, without a suffix; empty where nothing of it is left.

    Letters and digits of all scripts stay. It never begins with a dot or a dash, holds no
    separator, is not reserved by Windows and has at most `MOST_BYTES` bytes.
    """
    stem = _UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip("-.")
    stem = stem.encode()[:MOST_BYTES].decode("utf-8", "ignore").rstrip("-.")
    # What counts on Windows is what comes before the first dot.
    first, dot, rest = stem.partition(".")
    return f"{first}_{dot}{rest}" if _RESERVED.fullmatch(first) else stem


def safe_suffix(suffix: str) -> str:
    """Return a suffix with its dot in lower case, empty where it is none that is safe."""
    return suffix.lower() if _SUFFIX.fullmatch(suffix) else ""


def folded(name: str) -> str:
    """Return what two names have in common that are one file where case does not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def candidates(stem: str, suffix: str) -> Iterator[str]:
    """Yield names for a file, the best first: ``stem.pdf``, ``stem-2.pdf``, ``stem-3.pdf`` …"""
    yield f"{stem}{suffix}"
    for number in count(2):
        yield f"{stem}-{number}{suffix}"
