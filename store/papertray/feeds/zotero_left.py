"""What of Zotero's database a tray does not take: what counts it, and why it stays behind."""

from __future__ import annotations

NOT_WORKS = "('attachment', 'note', 'annotation')"
"""The types of items that belong to others."""

_WORKS = (
    f"items i JOIN itemTypes y ON y.itemTypeID = i.itemTypeID AND y.typeName NOT IN {NOT_WORKS}"
)

LEFT_BEHIND: tuple[tuple[str, frozenset[str], str, str], ...] = (
    (
        "items in the trash",
        frozenset(),
        f"{_WORKS} WHERE i.itemID IN (SELECT itemID FROM deletedItems) AND :own",
        "you had thrown them away",
    ),
    (
        "notes and files in the trash",
        frozenset(),
        "items i JOIN itemTypes y ON y.itemTypeID = i.itemTypeID AND y.typeName IN"
        f" {NOT_WORKS} WHERE i.itemID IN (SELECT itemID FROM deletedItems) AND :own",
        "you had thrown them away",
    ),
    (
        "items of groups",
        frozenset(),
        f"{_WORKS} JOIN libraries l ON l.libraryID = i.libraryID WHERE l.type = 'group'",
        "they are the group's; copy what you want into My Library",
    ),
    (
        "items of Zotero's feeds",
        frozenset(),
        f"{_WORKS} JOIN libraries l ON l.libraryID = i.libraryID WHERE l.type = 'feed'",
        "they are news that you did not keep",
    ),
    (
        "tags of notes and files",
        frozenset(),
        "itemTags t JOIN items i ON i.itemID = t.itemID JOIN itemTypes y"
        " ON y.itemTypeID = i.itemTypeID WHERE :own AND y.typeName IN ('attachment', 'note')",
        "only papers have tags here",
    ),
    (
        "links between items",
        frozenset(("itemRelations", "relationPredicates")),
        "itemRelations r JOIN items i ON i.itemID = r.itemID JOIN relationPredicates p"
        " ON p.predicateID = r.predicateID WHERE :own AND p.predicate = 'dc:relation'",
        "papertray has none",
    ),
    (
        "saved searches",
        frozenset(("savedSearches",)),
        "savedSearches i WHERE :own",
        "their conditions are Zotero's; `papertray save` makes new ones",
    ),
)
"""What stays behind, the tables that it needs, what counts its rows, and why it stays."""
