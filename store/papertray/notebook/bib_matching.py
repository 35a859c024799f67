"""Which entry of somebody's .bib file is which paper.

By citation key first, also by one that the paper had before or the entry has besides; else by what
makes two records one work everywhere else (`papertray.core.identity`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from papertray.core.bibediting import EntryText
from papertray.core.citekeys import fold_key
from papertray.core.identity import (
    Candidate,
    Traits,
    different_dois,
    same_by_title,
    traits,
)
from papertray.core.model import Entry, Record
from papertray.feeds import bibtex_parents
from papertray.feeds.bibtex_entry import entry_to_record

_ALIKE = 0.6
"""From this likeness of their titles on, from 0 to 1, two entries with one key are one work."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that is to be in the file: `entry` is what the tray knows, `text` what is written."""

    entry: Entry
    text: str
    fields: EntryText

    @property
    def keys(self) -> tuple[str, ...]:
        """Its citation keys, folded, the present one first."""
        return tuple(map(fold_key, (self.entry.citekey, *self.entry.older_keys)))

    @property
    def traits(self) -> Traits:
        """What it is compared by."""
        return traits(Record(self.entry.work, identifiers=self.entry.identifiers))


class Matching:
    """Finds papers among the entries of one file. No entry is found twice."""

    def __init__(self, entries: Sequence[EntryText]) -> None:
        self._entries = entries
        self._by_key: dict[str, int] = {}
        for keys_of in (_key_of, _other_keys_of):  # a key of its own comes before others' `ids`
            for number, entry in enumerate(entries):
                for key in keys_of(entry):
                    self._by_key.setdefault(fold_key(key), number)
        self._taken: set[int] = set()

    def by_key(self, keys: Iterable[str]) -> EntryText | None:
        """Return the entry with the first of these keys, which are folded, that is there."""
        for key in keys:
            number = self._by_key.get(key)
            if number is not None and number not in self._taken:
                self._taken.add(number)
                return self._entries[number]
        return None

    def by_identity(self, paper: Wanted) -> EntryText | None:
        """Return the entry, among those not found yet, that is the same work by its content."""
        own = paper.traits
        for pair in own.identifiers:
            for number in self._by_identifier.get(pair, ()):
                if number not in self._taken and not self._has_other_doi(own, number):
                    self._taken.add(number)
                    return self._entries[number]
        candidates = [
            Candidate(number, other.author_key, other.year, _schemes(other))
            for number in self._by_title.get(own.title_key, ())
            if number not in self._taken and (other := self._traits[number])
        ]
        found = same_by_title(own, candidates)
        if found is None:
            return None
        self._taken.add(found)
        return self._entries[found]

    def _has_other_doi(self, own: Traits, number: int) -> bool:
        other = self._traits[number]
        return other is not None and different_dois(own.dois, other.dois)

    @cached_property
    def _traits(self) -> list[Traits | None]:
        return [traits_of(entry) for entry in self._entries]

    @cached_property
    def _by_identifier(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for number, one in enumerate(self._traits):
            for pair in one.identifiers if one else ():
                found.setdefault(pair, []).append(number)
        return found

    @cached_property
    def _by_title(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self._traits):
            if one:
                found.setdefault(one.title_key, []).append(number)
        return found


def is_another_work(entry: EntryText, paper: Wanted) -> bool:
    """Tell whether an entry that has the key of a paper is plainly some other work."""
    one, other = traits_of(entry), paper.traits
    if one is None or set(one.identifiers) & set(other.identifiers):
        return False
    if not one.title_key or not other.title_key:
        return False
    if one.title_key.startswith(other.title_key) or other.title_key.startswith(one.title_key):
        return different_dois(one.dois, other.dois)
    likeness = SequenceMatcher(None, one.title_key[:300], other.title_key[:300], autojunk=False)
    return likeness.ratio() < _ALIKE


def traits_of(entry: EntryText) -> Traits | None:
    """Return what an entry of a file is compared by, None if it has no title."""
    whole = bibtex_parents.Entry(entry.type, entry.key, dict(entry.values))
    record = entry_to_record(whole)
    return traits(record) if isinstance(record, Record) else None


def _schemes(one: Traits) -> frozenset[str]:
    return frozenset(scheme for scheme, _ in one.identifiers)


def _key_of(entry: EntryText) -> tuple[str, ...]:
    return (entry.key,) if entry.key else ()


def _other_keys_of(entry: EntryText) -> list[str]:
    return [key for key in _SEPARATORS.split(entry.values.get("ids", "")) if key]


_SEPARATORS = re.compile(r"[\s,{}]+")
