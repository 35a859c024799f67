"""What entries inherit: ``crossref`` and BibLaTeX's ``xdata``.

A parent may come before its children or, as BibTeX wants it, after them. So what entries hold is
kept for those to come, up to a limit, the oldest forgotten first; and a child whose parent has not
come yet is held back, up to the same limit, or else until the file ends.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

KEPT = 40_000_000
"""Characters of entries that are remembered, and of such that wait: some 16,000 of each."""

_OVERHEAD = 1500  # characters' worth that even an empty entry takes
_DEEPEST = 8
_MOST_PARENTS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its type in lower case, its key as written, its fields by name, TeX as it came.

    `more` holds the values of fields that were there more than once, without the first. `place`
    says where it stands, `text` is all of it.
    """

    type: str
    key: str
    fields: dict[str, str]
    more: dict[str, list[str]] = field(default_factory=dict)
    place: str = ""
    text: str = ""


class Parents:
    """Knows the entries of a file and makes children whole."""

    def __init__(self, kept: int = KEPT) -> None:
        self._limit = kept
        # Ordered: taking the oldest out of a plain dict over and over takes quadratic time.
        self._known: OrderedDict[str, Entry] = OrderedDict()
        self._known_size = 0
        self._waiting: OrderedDict[int, tuple[Entry, str]] = OrderedDict()
        self._by_missing: dict[str, dict[int, None]] = {}
        self._waiting_size = 0
        self._count = 0

    def add(self, entry: Entry) -> Iterator[Entry]:
        """Take one entry; yield those that are whole now: it, and children that waited for it."""
        self._remember(entry)
        missing = self._missing(entry)
        if missing:
            self._hold(entry, missing)
        else:
            yield self._whole(entry)
        for name in _names_of(entry):
            for number in tuple(self._by_missing.get(name, ())):
                child = self._released(number)
                if missing := self._missing(child):
                    self._hold(child, missing)
                else:
                    yield self._whole(child)
        while self._waiting_size > self._limit:
            yield self._whole(self._released(next(iter(self._waiting))))

    def rest(self) -> Iterator[Entry]:
        """Yield the children whose parents never came, with what they have themselves."""
        while self._waiting:
            yield self._whole(self._released(next(iter(self._waiting))))

    def _remember(self, entry: Entry) -> None:
        for name in _names_of(entry):
            if name and name not in self._known:  # of two with one key, the first counts
                self._known[name] = entry
                self._known_size += _size(entry)
        while self._known_size > self._limit:
            _, forgotten = self._known.popitem(last=False)
            self._known_size -= _size(forgotten)

    def _hold(self, entry: Entry, missing: str) -> None:
        self._count += 1
        self._waiting[self._count] = entry, missing
        self._by_missing.setdefault(missing, {})[self._count] = None
        self._waiting_size += _size(entry)

    def _released(self, number: int) -> Entry:
        entry, missing = self._waiting.pop(number)
        self._waiting_size -= _size(entry)
        del self._by_missing[missing][number]
        if not self._by_missing[missing]:
            del self._by_missing[missing]
        return entry

    def _missing(self, entry: Entry) -> str:
        """Return the key of a parent, or of a parent of a parent, that has not come yet, or ''."""
        seen: set[str] = set()
        ahead = list(_parents_of(entry))
        while ahead and len(seen) < _MOST_PARENTS:
            key = ahead.pop(0)
            if key in seen:
                continue
            seen.add(key)
            parent = self._known.get(key)
            if parent is None:
                return key
            ahead.extend(_parents_of(parent))
        return ""

    def _whole(self, entry: Entry, depth: int = _DEEPEST) -> Entry:
        """Return `entry` with what it inherits; its own fields win."""
        if not depth or not _has_parents(entry):
            return entry
        fields = dict(entry.fields)
        for key in _keys(fields.get("xdata", "")):
            if parent := self._known.get(key):
                for name, value in self._whole(parent, depth - 1).fields.items():
                    if name not in ("ids", "xdata"):
                        fields.setdefault(name, value)
        for name, value in fields.items():
            if "xdata=" in value:
                fields[name] = self._with_items(name, value, depth)
        for key in _keys(fields.get("crossref", ""))[:1]:
            if parent := self._known.get(key):
                _inherit(fields, entry.type, self._whole(parent, depth - 1))
        return replace(entry, fields=fields)

    def _with_items(self, name: str, value: str, depth: int) -> str:
        """Put in for ``xdata=key-author-1`` the first author of that entry."""

        def item(found: re.Match[str]) -> str:
            parent = self._known.get(found[1].casefold())
            text = self._whole(parent, depth - 1).fields.get(found[2].lower()) if parent else None
            if text is None or "xdata=" in text:
                return found[0]
            if not found[3]:
                return text
            items = re.split(r"\s+and\s+", text)
            number = int(found[3])
            return items[number - 1] if 0 < number <= len(items) else found[0]

        return _ITEM.sub(item, value)


_ITEM = re.compile(
    r"(?<![^\s{])xdata=([^\s{},=]{1,200}?)-([A-Za-z]{1,40})(?:-(\d{1,4}))?(?![^\s}])"
)

# What says something of the parent alone: two papers with one DOI would become one.
_NOT_INHERITED = frozenset(
    """crossref xref xdata ids entryset entrysubtype execute label options presort sortkey sorttitle
    related relatedoptions relatedstring relatedtype shorthand shorthandintro shorttitle indextitle
    title subtitle titleaddon doi url urldate eprint eprinttype archiveprefix primaryclass
    eprintclass file pdf local-url abstract keywords annote annotation note comment review groups
    timestamp date-added date-modified biburl bibsource pages pagetotal numpages pmid pmcid
    acmid""".split()
)
_OF_PARTS = frozenset(
    """inproceedings conference incollection inbook inreference suppbook suppcollection
    bookinbook""".split()
)
_DATES = frozenset(("date", "year", "month", "day"))
_TITLES = ("title", "subtitle", "titleaddon")


def _inherit(fields: dict[str, str], type_: str, parent: Entry) -> None:
    """Add what an entry of `type_` inherits from its parent by ``crossref``."""
    if type_ in _OF_PARTS:
        prefix = "book"
    elif parent.type == "periodical":
        prefix = "journal"
    else:  # a volume of a work; a version of a program, which has no title of its own
        prefix = "main" if "title" in fields else ""
    has_date = not _DATES.isdisjoint(fields)
    has_own = not {"booktitle", "journal", f"{prefix}title"}.isdisjoint(fields)
    if not has_own:
        for name in _TITLES:
            if name in parent.fields:
                fields[prefix + name] = parent.fields[name]
    for name, value in parent.fields.items():
        if name not in _NOT_INHERITED and not (has_date and name in _DATES):
            if name == "author" and "editor" in fields and type_ != "inbook":
                continue
            fields.setdefault(name, value)


def _size(entry: Entry) -> int:
    return len(entry.text) + _OVERHEAD


def _names_of(entry: Entry) -> tuple[str, ...]:
    return (entry.key.casefold(), *_keys(entry.fields.get("ids", "")))


def _keys(value: str) -> list[str]:
    return [key.casefold() for key in re.split(r"[\s,{}]+", value) if key] if value else []


def _has_parents(entry: Entry) -> bool:
    return "crossref" in entry.fields or "xdata" in entry.fields or "xdata=" in entry.text


def _parents_of(entry: Entry) -> Iterator[str]:
    fields = entry.fields
    if "xdata" in fields:
        yield from _keys(fields["xdata"])
    if "crossref" in fields:
        yield from _keys(fields["crossref"])[:1]
    if "xdata=" in entry.text:
        for value in fields.values():
            for found in _ITEM.finditer(value):
                yield found[1].casefold()
