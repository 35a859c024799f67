"""Lines that show on a terminal where a hit matched, with the words in bold."""

from __future__ import annotations

from collections.abc import Sequence

from papertray.cli import output
from papertray.core.clean import clean
from papertray.core.model import Entry, Note
from papertray.core.query import Query, TextField

_INDENT = "    "


def beneath_paper(entry: Entry, query: Query) -> str:
    """Return the line beneath a hit: from its notes or abstract; empty if the title says enough."""
    from papertray.store.snippets import snippet

    if snippet(entry.work.title, query, TextField.TITLE) is not None:
        return ""
    texts = [(note.body, TextField.NOTE) for note in entry.notes]
    return _line([*texts, (entry.work.abstract, TextField.ABSTRACT)], query)


def beneath_note(note: Note, query: Query) -> str:
    """Return the line beneath a note that was found; empty if its beginning is all there is."""
    return _line([(note.body, TextField.NOTE)], query)


def _line(texts: Sequence[tuple[str, TextField]], query: Query) -> str:
    from papertray.store.snippets import snippet

    room = max(output.width() - len(_INDENT), 8)
    for text, field in texts:
        found = snippet(text, query, field, room)
        if found is None:
            continue
        used = output.cells_of(clean(found.text), 4 * room)
        if used > room:  # wide characters
            found = snippet(text, query, field, max(room * room // used, 8)) or found
        pieces = ((clean(piece), matches) for piece, matches in found.pieces())
        return _INDENT + "".join(
            output.bold(piece) if is_hit else piece for piece, is_hit in pieces
        )
    return ""
