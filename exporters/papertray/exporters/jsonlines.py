"""JSON Lines: one object a line with all that a paper has; `papertray add` reads it back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from papertray.core.model import Entry, Json, Note
from papertray.core.records import entry_to_json
from papertray.core.segments import many_lines
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.private import visible_notes

# JSON lets these stand raw. Escaped they are the same text, and can neither steer a terminal nor
# end a line for programs that know more line ends than \n.
_ESCAPES: dict[int, str] = {
    code: f"\\u{code:04x}"
    for code in (
        *range(0x7F, 0xA0),
        0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A),
        0xFEFF, *range(0xFFF9, 0xFFFC),
    )
}  # fmt: skip
# Lone surrogates cannot be encoded, and other programs refuse even their escapes.
_ESCAPES |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield one line for each of `entries`, in their order.

    Arguments: of `options`, `notes` and `private` count: without `notes` there are none in the
    file, without `private` only the public parts of each.

    The fields and their order are those of `papertray.core.records.entry_to_json`.
    """
    for entry in entries:
        fields = entry_to_json(_shareable(entry, options))
        if not options.abstracts:
            fields = _without_abstracts(fields)
        line = json.dumps(fields, ensure_ascii=False)
        yield (line if line.isascii() and "\x7f" not in line else line.translate(_ESCAPES)) + "\n"


def _shareable(entry: Entry, options: ExportOptions) -> Entry:
    if not entry.notes or (options.notes and options.private):
        return entry
    return replace(entry, notes=tuple(_public(entry.notes)) if options.notes else ())


def _public(notes: Iterable[Note]) -> Iterator[Note]:
    for note in notes:
        for _, visible in visible_notes([note], private=False):
            # A note that holds nothing back keeps every character of its own.
            yield note if visible == many_lines(note.body) else replace(note, body=visible)


def _without_abstracts(fields: dict[str, Json]) -> dict[str, Json]:
    """Leave abstracts out: of the paper, of its versions, and as they came."""
    kept = {name: value for name, value in fields.items() if name not in ("abstract", "original")}
    versions, original = fields.get("versions"), fields.get("original")
    if isinstance(versions, list):
        kept["versions"] = [
            {name: value for name, value in version.items() if name != "abstract"}
            for version in versions
            if isinstance(version, dict)
        ]
    if isinstance(original, dict) and (
        rest := {k: v for k, v in original.items() if k != "abstract"}
    ):
        kept["original"] = rest
    return kept
