"""What Zotero's database holds, as data: the rows of one item put together, not yet understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


class LinkMode(IntEnum):
    """How Zotero holds an attachment (`itemAttachments.linkMode`)."""

    IMPORTED_FILE = 0
    IMPORTED_URL = 1
    LINKED_FILE = 2
    LINKED_URL = 3
    EMBEDDED_IMAGE = 4


class AnnotationType(IntEnum):
    """What an annotation is (`itemAnnotations.type`)."""

    HIGHLIGHT = 1
    NOTE = 2
    IMAGE = 3
    INK = 4
    UNDERLINE = 5
    TEXT = 6


@dataclass(frozen=True, slots=True)
class ZoteroCreator:
    """One name of an item. `is_whole`: `last` is all of it, a body or a name of one part."""

    type: str
    first: str
    last: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ZoteroNote:
    """A note: HTML, the title that Zotero takes from its first line, instants (may be empty)."""

    title: str
    html: str
    created: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True)
class ZoteroAnnotation:
    """What somebody marked in a file. `text` is what stands there, `comment` what she wrote."""

    type: int
    text: str
    comment: str
    page: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoteroAttachment:
    """A file or link of an item. `path` is as Zotero writes it: ``storage:paper.pdf``."""

    key: str
    title: str
    path: str
    media_type: str
    link_mode: int
    url: str = ""
    note: str = ""
    annotations: tuple[ZoteroAnnotation, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoteroItem:
    """One item with all that belongs to it. `fields` are by Zotero's names (``abstractNote``).

    `tags` are those that the owner gave, `automatic_tags` those that came with the item.
    `collections` are paths, ``Machine learning/Ranking``. `retracted` is what Zotero says of a
    retraction, as JSON, empty without one.
    """

    key: str
    type: str
    fields: Mapping[str, str]
    creators: tuple[ZoteroCreator, ...] = ()
    tags: tuple[str, ...] = ()
    automatic_tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    notes: tuple[ZoteroNote, ...] = ()
    attachments: tuple[ZoteroAttachment, ...] = ()
    added: str = ""
    retracted: str = ""
    citekey: str = ""
