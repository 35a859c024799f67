"""What was marked in a file in Zotero, as one note in Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from papertray.feeds.zotero_notes import PICTURE, escaped, note_to_markdown
from papertray.feeds.zotero_words import AnnotationType, ZoteroAnnotation


def annotations_to_markdown(annotations: Iterable[ZoteroAnnotation]) -> str:
    """Return what was marked in a file as Markdown: quotes with their pages, comments below."""
    return "\n\n".join(filter(None, map(_annotation, annotations)))


def _annotation(annotation: ZoteroAnnotation) -> str:
    text, comment = (
        note_to_markdown("<br>".join(part.strip().splitlines()))
        for part in (annotation.text, annotation.comment)
    )
    if annotation.type in (AnnotationType.IMAGE, AnnotationType.INK):
        text = PICTURE
    page = f"p. {escaped(annotation.page)}" if annotation.page else ""
    if text:
        blocks = ["\n".join(f"> {line}".rstrip() for line in text.split("\n"))]
        blocks[0] += f" ({page})" if page else ""
        blocks += [comment] if comment else []
    elif comment:
        blocks = [f"{comment} ({page})" if page else comment]
    else:
        return ""
    if annotation.tags:
        blocks.append(f"Tags: {', '.join(map(escaped, annotation.tags))}")
    return "\n\n".join(blocks)
