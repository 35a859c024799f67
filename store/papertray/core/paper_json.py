"""A paper as one JSON object: what `list` and `show` print, and what the screen pipes."""

from __future__ import annotations

import json

from papertray.core.model import Entry, Json

ALWAYS: dict[str, Json] = {
    "id": None, "uid": None, "citekey": None, "title": None, "abstract": None, "authors": [],
    "year": None, "venue": None, "doi": None, "arxiv_id": None, "url": None, "pile": None,
    "done": None, "tags": [], "notes": [], "added": None,
}  # fmt: skip
"""Fields that every JSON object has, in this order, with what stands there when not known."""

CODES = (
    *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A),
    0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080),
)  # fmt: skip
"""What JSON lets stand raw, where it could steer a terminal: C1, bidi, tags, line separators."""
_ESCAPES = {code: json.dumps(chr(code))[1:-1] for code in CODES}
# A lone surrogate cannot be encoded, and other programs refuse even its escape.
_ESCAPES |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")


def json_text(value: Json, *, indent: int | None = None) -> str:
    """Return `value` as JSON that is harmless on a terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text if text.isascii() and "\x7f" not in text else text.translate(_ESCAPES)


def paper_json(entry: Entry) -> dict[str, Json]:
    """Return a paper as the JSON object that commands print: the fields of `ALWAYS`, then more.

    `new_version` is there where one came since the paper was decided about.
    """
    from papertray.core.records import entry_to_json

    found = {**ALWAYS, **entry_to_json(entry), "id": entry.id}
    if entry.versions:
        from papertray.core.changed_sentences import new_version

        if news := new_version(entry):
            found["new_version"] = {
                "version": news.number,
                "since": news.since,
                "old_title": news.title or None,
                "new_sentences": list(news.abstract.new),
                "gone_sentences": list(news.abstract.gone),
            }
    return found
