"""What a tray holds beside papers, as JSON objects: notes, feeds, saved searches and rules.

Lines with ``"record": "note"|"feed"|"search"|"rule"`` stand beside those of papers in a file that
holds a whole tray. `papertray.core.records` hands them on to `told_from_json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from papertray.core.json_fields import OTHER_NAMES, Fields, WrongType, instant_of, text_of
from papertray.core.model import (
    Attachment,
    Item,
    Json,
    Note,
    NoteText,
    Told,
    ToldFeed,
    ToldRule,
    ToldSearch,
    Unread,
)

_OF_ONE_TRAY = ("id", "new_version", "files")
"""What commands print beside a record: row, news and paths say nothing in another tray."""
_MORE = frozenset(["pinned", "attachments", "edited", "apart", "extra"])
_READ_OTHERWISE = frozenset([*OTHER_NAMES.values(), "published"])
_NOT_READ = frozenset([*_OF_ONE_TRAY, *_MORE, "record"])


def told_from_json(kind: Json, fields: Mapping[str, Json], place: str) -> Item:
    """Return what one JSON object of another kind than a paper describes.

    Arguments: `kind` is its ``record``; `place` says where it stands (``line 12``). Returns Unread
    (without data) for a kind that is not known, and where what it lives by is missing.
    """
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        return Unread(place, f"lines of the kind {json.dumps(kind)[:40]} are not known here")
    try:
        return read(Fields(fields))
    except WrongType as problem:
        return Unread(place, str(problem))


def note_from_json(fields: Fields) -> NoteText:
    """Return the note that an object in ``notes``, or a line by itself, describes."""
    told = fields.left.get("main")
    return NoteText(
        body=fields.text("body"),
        title=fields.text("title"),
        created=fields.usable("created", instant_of, ""),
        updated=fields.usable("updated", instant_of, ""),
        uid=fields.text("uid"),
        is_main=told if isinstance(told, bool) else None,
    )


def note_to_json(note: Note) -> dict[str, Json]:
    """Return a note as the object that `note_from_json` reads: only what holds something."""
    found: dict[str, Json] = {
        "title": note.title, "body": note.body, "created": note.created, "updated": note.updated,
        "uid": note.uid,
    }  # fmt: skip
    found = {name: value for name, value in found.items() if value}
    return found if note.paper_id is None else {**found, "main": note.is_main}


def told_to_json(told: Note | Told) -> dict[str, Json]:
    """Return the JSON object of a line by itself, which `told_from_json` reads back."""
    found: dict[str, Json]
    match told:
        case Note():
            return {"record": "note", **note_to_json(told)}
        case ToldFeed():
            found = {
                "record": "feed", "name": told.name, "kind": told.kind,
                "location": told.location, "settings": dict(told.settings),
                "removed": told.removed, "uid": told.uid,
            }  # fmt: skip
        case ToldSearch():
            found = {"record": "search", "name": told.name, "query": told.query, "uid": told.uid}
        case ToldRule():
            action = dict(told.action)
            found = {"record": "rule", "query": told.query, "action": action, "uid": told.uid}
    return {name: value for name, value in found.items() if value not in ("", {})}


def _note(fields: Fields) -> NoteText:
    if not isinstance(fields.left.get("body", ""), str):
        raise WrongType("body", "a text")
    note = note_from_json(fields)
    if not (note.body.strip() or note.title):
        raise WrongType("body", "there")
    return note


def _feed(fields: Fields) -> ToldFeed:
    return ToldFeed(
        name=_needed(fields, "name"),
        kind=fields.text("kind") or "file",
        location=fields.text("location"),
        settings=_object(fields, "settings"),
        removed=fields.usable("removed", instant_of, ""),
        uid=fields.text("uid"),
    )


def _search(fields: Fields) -> ToldSearch:
    return ToldSearch(_needed(fields, "name"), _needed(fields, "query"), fields.text("uid"))


def _rule(fields: Fields) -> ToldRule:
    return ToldRule(_needed(fields, "query"), _object(fields, "action"), fields.text("uid"))


_READERS: Mapping[str, Callable[[Fields], Item]] = {
    "note": _note, "feed": _feed, "search": _search, "rule": _rule,
}  # fmt: skip


def _needed(fields: Fields, name: str) -> str:
    text = text_of(fields.left.get(name), name)
    if not text.strip():
        raise WrongType(name, "there")
    return text


def _object(fields: Fields, name: str) -> dict[str, Json]:
    value = fields.left.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise WrongType(name, "an object")
    return value


# --- what only our own lines of papers tell


@dataclass(frozen=True, slots=True)
class OfTray:
    """What only papertray's own lines of papers tell: in others these names mean something else.

    `has_made_key` is of `Record`, and so are `attachments` and `extra`; the rest is of `Decisions`.
    """

    has_made_key: bool = False
    attachments: tuple[Attachment, ...] = ()
    edited: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)


NOTHING_MORE = OfTray()
"""What lines of other programs tell of that."""


def taken_of_tray(fields: Fields) -> OfTray:
    """Take out of a paper's own line what only such lines tell. Raises `WrongType`."""
    for name in _OF_ONE_TRAY:
        fields.left.pop(name, None)
    if fields.left.keys().isdisjoint(_MORE):
        return NOTHING_MORE
    extra = fields.left.get("extra")
    if isinstance(extra, dict):
        del fields.left["extra"]
    return OfTray(
        has_made_key=fields.left.pop("pinned", True) is False,
        attachments=tuple(_attachments(fields)),
        edited=_edited(fields),
        apart=fields.texts("apart"),
        extra=extra if isinstance(extra, dict) else {},
    )


def _attachments(fields: Fields) -> Iterable[Attachment]:
    for item in fields.objects("attachments"):
        part = Fields(item)
        if path := part.text("path"):
            yield Attachment(
                path=path,
                media_type=part.text("type"),
                digest=part.text("digest"),
                source=part.text("source"),
                added=part.usable("added", instant_of, ""),
            )


def _edited(fields: Fields) -> dict[str, tuple[str | None, ...]]:
    """Read ``{"title": ["as it was"]}``: None stands for a number that was not there."""
    name, value = fields.take("edited")
    if value is None:
        return {}
    if not (isinstance(value, dict) and all(isinstance(texts, list) for texts in value.values())):
        raise WrongType(name, "an object of lists of texts")
    return {
        field: tuple(None if text is None else text_of(text, name) for text in texts)
        for field, texts in value.items()
        if isinstance(texts, list)
    }


def attachment_to_json(file: Attachment) -> dict[str, Json]:
    """Return a file of a paper as the object that stands in ``attachments``."""
    found = {
        "path": file.path, "type": file.media_type, "digest": file.digest, "source": file.source,
        "added": file.added,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def extra_to_json(extra: Mapping[str, Json], written: Mapping[str, Json]) -> dict[str, Json]:
    """Return the unknown fields of a paper as they stand in its line, beside what is `written`.

    Those that would be read as something else, or not at all, stand under ``extra``.
    """
    hidden = {
        name: value
        for name, value in extra.items()
        if name in written
        or name in _NOT_READ
        or (name in _READ_OTHERWISE and not (name == "keywords" and _holds_objects(value)))
    }
    shown = {name: value for name, value in extra.items() if name not in hidden}
    return {**shown, "extra": hidden} if hidden else shown


def _holds_objects(value: Json) -> bool:
    """Tell what no reading takes for tags."""
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)
