"""Decisions of the journal in words, as people say them."""

from __future__ import annotations

from collections.abc import Mapping

from papertray.store.apart import FIELD as APART
from papertray.store.attachments import FIELD as ATTACHED
from papertray.store.journal import Origin
from papertray.store.rows import authors_from_text, list_from_text

ORIGINS: Mapping[Origin, str] = {
    Origin.SCREEN: "on the screen",
    Origin.COMMAND: "by a command",
    Origin.RULE: "by a rule",
    Origin.ADD: "added",
    Origin.EXPIRE: "expired",
    Origin.REPAIR: "repaired",
    Origin.EXCHANGE: "exchanged",
}
"""From where a batch came."""

_MADE_AND_REMOVED = ("feed", "search", "rule")


def in_words(kind: str, field: str, value: str | None, before: str | None) -> str:
    """Return what one decision changed, such as ``pile: inbox → starred``. Not clean.

    `kind`, `field`, `value` and `before` are as the table `op` holds them; a note's decisions may
    also be of the field ``note``, as the history of a paper tells them.
    """
    if kind == "paper" and field.startswith(ATTACHED):
        name = field.removeprefix(ATTACHED).rpartition("/")[2]
        return f"{'file' if value else 'no file'} {name}"
    if field.startswith("tag:"):
        return f"{'tag' if value else 'no tag'} {field.removeprefix('tag:')}"
    if field.startswith(APART):
        return "kept apart from another" if value else "not kept apart any more"
    if field == "merged_into":
        return f"merged into paper {value}" if value else "not merged any more"
    if field == "note" or (kind == "note" and field == "text"):  # its values name revisions
        return "note saved" if value else "note removed"
    if kind == "listing" and field in ("first", "again"):
        return f"new from {value}" if field == "first" else f"again in {value}"
    if field == "removed":
        return _removed(kind, is_removed=bool(value))
    if field in ("extra", "settings"):
        return f"{field} changed"
    if field == "paper_id" or kind not in ("paper", "note", *_MADE_AND_REMOVED):
        return f"its {kind}: from paper {before} to paper {value}"
    return f"{field}: {value_in_words(field, before)} → {value_in_words(field, value)}"


def value_in_words(field: str, value: str | None) -> str:
    """Return what a field held as people say it: lists are kept as JSON. Not clean."""
    if value and field == "authors":
        value = "; ".join(author.display for author in authors_from_text(value))
    elif value and field in ("code_urls", "categories"):
        value = ", ".join(list_from_text(value))
    return value or "none"


def _removed(kind: str, *, is_removed: bool) -> str:
    if kind in _MADE_AND_REMOVED:
        return f"{kind} {'removed' if is_removed else 'made'}"
    return "removed" if is_removed else "brought back"
