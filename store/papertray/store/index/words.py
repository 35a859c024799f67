"""The words of the index, for completing what somebody types."""

from __future__ import annotations

import tantivy

from papertray.store.index.errors import index_errors
from papertray.store.index.text import PLAIN, is_paired, tokens


def words_beginning(searcher: tantivy.Searcher, field: str, text: str, limit: int) -> list[str]:
    """Return the words of an unstemmed field that begin with `text`, the commonest first.

    They are folded and in lower case. None for pairs of Chinese, Japanese or Korean characters,
    which are no words. Raises `IndexBroken`.
    """
    pieces = tokens(text, PLAIN)
    if len(pieces) != 1 or is_paired(pieces[0]):
        return []
    with index_errors():
        return [word for word, _ in searcher.terms_with_prefix(field, pieces[0], limit=limit)]
