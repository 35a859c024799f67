"""JSON Lines: one object a line with all that a paper has; `papertray add` reads it back.

A whole tray has lines of other kinds too: `write_tray`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from papertray.core.model import Entry, Json, Note, Told
from papertray.core.records import entry_to_json
from papertray.core.segments import many_lines
from papertray.core.tray_records import told_to_json
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
        yield _line(fields)


def write_tray(
    before: Iterable[Told],
    entries: Iterable[Entry],
    after: Iterable[Note | Told],
    options: ExportOptions,
) -> Iterator[str]:
    """Yield the lines of a whole tray: its papers, with what else it holds `before` and `after`.

    Feeds come before the papers that they listed, rules after those that they are not for.
    """
    yield from (_line(told_to_json(told)) for told in before)
    yield from write(entries, options)
    for told in after:
        shown = shareable_note(told, options) if isinstance(told, Note) else told
        if shown is not None:
            yield _line(told_to_json(shown))


def shareable_note(note: Note, options: ExportOptions) -> Note | None:
    """Return what of a note may be written: all, its public parts, or nothing."""
    if not options.notes:
        return None
    if options.private:
        return note
    for _, visible in visible_notes([note], private=False):
        # A note that holds nothing back keeps every character of its own.
        return note if visible == many_lines(note.body) else replace(note, body=visible)
    # What is left empty is private, unless it was so before: a title may be all there is.
    is_title = not note.body.strip() and any(
        visible_notes([replace(note, body="x")], private=False)
    )
    return note if is_title else None


def _line(fields: dict[str, Json]) -> str:
    line = _to_text(fields)
    return (line if line.isascii() and "\x7f" not in line else line.translate(_ESCAPES)) + "\n"


_to_text = json.JSONEncoder(ensure_ascii=False).encode


def _shareable(entry: Entry, options: ExportOptions) -> Entry:
    if not entry.notes or (options.notes and options.private):
        return entry
    shown = (shareable_note(note, options) for note in entry.notes)
    return replace(entry, notes=tuple(note for note in shown if note is not None))


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
