"""BibTeX and BibLaTeX: what every reference manager writes. How it is recognised.

`papertray.feeds.bibtex_items` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from papertray.core.model import Item
from papertray.feeds.heads import text_of

NAME = "bibtex"
DESCRIPTION = "BibTeX and BibLaTeX, by `@type{key,` at the beginning of a line"
TAKES = (
    "all fields, `@string`, `crossref` and `xdata` resolved, TeX decoded; citation keys, files; "
    "keywords as tags and `annote` as notes with `--decisions`"
)
LOSES = (
    "`@preamble`, `@comment` (groups and settings of JabRef), `@set`: no papers; all else is kept"
)
IS_LIBRARY = True
FEED = ""

# What other texts have after an @ at the beginning of a line: rules of style sheets.
_NO_TYPE = r"(?!media|import|charset|font-face|keyframes|supports|layer|container|page\b)"
_KEY = r"\s{0,20}[^\s,{}\"=;@][^,{}\"=\n;@]{0,250}"
_ENTRY = re.compile(
    rf"^[ \t]*@[ \t]{{0,9}}{_NO_TYPE}(?:"
    r"(?:comment|preamble|string)\s{0,20}[{(]"
    # a key and a field, an empty key, or no key
    rf"|[A-Za-z][\w-]{{1,40}}\s{{0,20}}\{{(?:{_KEY},\s{{0,100}}(?:[\w:.+-]{{1,60}}\s{{0,20}}=|[}}%]|\Z)"
    r"|\s{0,20},|\s{0,100}[A-Za-z][\w:.+-]{0,60}\s{0,20}=\s{0,20}[{\"])"
    # round brackets are also those of programs, so the type must be known
    rf"|(?:article|book|booklet|conference|in\w+|manual|masters\w+|misc|phd\w+|proceedings|"
    rf"tech\w+|unpublished)\s{{0,20}}\({_KEY},)",
    re.MULTILINE | re.IGNORECASE,
)
_ANY = re.compile(r"@\s{0,20}[A-Za-z][\w-]{1,40}\s{0,20}[{(]")
_ENDINGS = (".bib", ".bibtex", ".biblatex")
# Documents and programs show entries without being a bibliography.
_DOCUMENT = re.compile(
    r"\.(?:te?xi?|ltx|texinfo|sty|cls|dtx|ins|md|markdown|qmd|rmd|rst|org|adoc|html?|py|js|ts|java"
    r"|css|s[ac]ss|less|lua|rb|pl|el|c|h|cpp|eml)(?:\.(?:gz|xz|zst))?$",
    re.IGNORECASE,
)
_DOCUMENT_BEGINS = re.compile(r"\\(?:documentclass|documentstyle|input)\b|```", re.MULTILINE)


def recognise(head: bytes, name: str) -> bool:
    """Tell a bibliography by an entry, or a ``@string`` or comment, that begins a line."""
    text = text_of(head)
    if "@" not in text or text.lstrip()[:1] in ("<", "["):
        return False
    if name.lower().endswith(_ENDINGS):
        return _ANY.search(text) is not None
    entry = None if _DOCUMENT.search(name) else _ENTRY.search(text)
    return entry is not None and _DOCUMENT_BEGINS.search(text, 0, entry.start()) is None


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield a record for each entry; an Unread, with its line, for each without a title or cut off
    by the end of the file; at the end, what was left behind.

    A child whose parent comes later (``crossref``) follows its parent.
    """
    # Here, since whatever is added asks every reader first, and reading takes many patterns.
    from papertray.feeds.bibtex_items import items

    return items(stream)
