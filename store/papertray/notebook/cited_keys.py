"""Entries under the keys by which a text cites them, so that a text with older keys compiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from papertray.core.citekeys import fold_key
from papertray.core.model import Entry
from papertray.exporters.table import Format
from papertray.store import cited
from papertray.store import entries as stored_entries
from papertray.store.tray import Connection

CitedAs = Mapping[int, Sequence[str]]
"""The keys by which a text cites papers, by their ids."""


def under_cited_keys(
    reader: Connection,
    entries: Iterable[Entry],
    paper_ids: Sequence[int],
    format_: Format,
    cited_as: CitedAs,
) -> Iterable[Entry]:
    """Return the entries of papers under the keys by which a text cites them, as a format needs it.

    Where nothing is cited, they are the `entries` as they are.
    """
    if not cited_as:
        return entries
    if format_.has_one_key:
        return once_for_each_key(reader, paper_ids, cited_as)
    return spelled_as_cited(entries, cited_as)


def once_for_each_key(
    reader: Connection, paper_ids: Sequence[int], cited_as: CitedAs
) -> Iterator[Entry]:
    """Yield each paper under each key by which it is cited, in the order of these keys.

    Those that are not cited by name come under their own; their other keys then are older ones. For
    BibTeX and its like, which know an entry by one key, in whatever case.
    """
    own = cited.keys_of(reader, paper_ids)
    named = {
        fold_key(key): (key, paper_id)
        for paper_id in paper_ids
        for key in reversed(cited_as.get(paper_id) or [own[paper_id]])
    }
    ordered = [named[folded] for folded in sorted(named)]
    entries = stored_entries.entries(reader, [paper_id for _, paper_id in ordered])
    for (key, paper_id), entry in zip(ordered, entries, strict=True):
        beside = {fold_key(key), *map(fold_key, cited_as.get(paper_id, ()))}
        others = (entry.citekey, *entry.older_keys)
        older = tuple(other for other in others if fold_key(other) not in beside)
        yield replace(entry, citekey=key, older_keys=older)


def spelled_as_cited(entries: Iterable[Entry], cited_as: CitedAs) -> Iterator[Entry]:
    """Yield entries whose keys, present and older, are spelled as the text has them.

    For biber, which finds entries by their older keys too, and to which upper case is not lower.
    """
    for entry in entries:
        spelled = {fold_key(key): key for key in cited_as.get(entry.id, ())}
        older = tuple(spelled.get(fold_key(key), key) for key in entry.older_keys)
        key = spelled.get(fold_key(entry.citekey), entry.citekey)
        yield replace(entry, citekey=key, older_keys=older)
