"""Checking a manuscript against the tray: what it cites, and how. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from papertray.core.citekeys import fold_key
from papertray.core.errors import UnreadableSource
from papertray.core.model import Work
from papertray.core.piles import Pile
from papertray.core.publication import has_appeared, is_preprint_entry
from papertray.notebook.manuscripts import (
    BibEntry,
    Manuscript,
    Place,
    bib_entries,
    read_manuscript,
)
from papertray.store import cited as stored
from papertray.store import entries as stored_entries
from papertray.store.cited import Owner
from papertray.store.papers import find_paper
from papertray.store.tray import Connection, Tray

_LIKE_ENOUGH = 70
"""Percent of likeness from which on a key may be a slip of another."""


class Kind(StrEnum):
    """What can be found, in the order in which it is told."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    OLD = "changed"
    TWICE = "twice"
    PREPRINT = "preprint"
    SKIPPED = "skipped"
    ELSEWHERE = "elsewhere"
    UNCITED = "uncited"

    @property
    def is_wrong(self) -> bool:
        """Whether the manuscript does not work as it is; all else is a hint."""
        return self in (Kind.UNKNOWN, Kind.MISSING)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one key, or about one file that is missing.

    `places` are where it is cited, `other` is a key that matters too (the nearest, the present
    one), `remark` what there is to say beside, `paper_id` the paper, None where there is none.
    """

    kind: Kind
    key: str
    places: tuple[Place, ...] = ()
    other: str = ""
    remark: str = ""
    paper_id: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `keys` counts the keys that are cited, `files` the files that were read.

    `notices` are sentences about what could not be looked at.
    """

    findings: tuple[Finding, ...]
    keys: int
    files: int
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CitedPapers:
    """The papers that a manuscript cites, with the keys by which it cites each.

    `unknown` are findings about keys that no paper has and files that are missing.
    """

    keys: Mapping[int, tuple[str, ...]]
    unknown: tuple[Finding, ...]


class Checking:
    """Looks at manuscripts with the eyes of one tray. Gives no keys, and makes none final."""

    def __init__(self, tray: Tray) -> None:
        self._tray = tray

    def check(self, paths: Sequence[Path]) -> Report:
        """Return what there is to say about what main files cite, with all that they take in.

        Raises `UnreadableSource` and `UsageError` where a main file cannot be read.
        """
        reader = self._tray.reader()
        manuscript = read_manuscript(paths)
        owners = stored.owners(reader, manuscript.citations)
        bibliography, notices = _bibliography(manuscript.bibliographies)
        findings = [
            *_unknown(reader, manuscript, owners, bibliography),
            *_missing(manuscript),
            *_renamed(manuscript, owners),
            *_twice(manuscript, owners),
            *_preprints(reader, manuscript, owners, bibliography),
            *_skipped(manuscript, owners),
        ]
        if not manuscript.cites_all:
            findings += _uncited(reader, owners)
        findings.sort(key=lambda finding: list(Kind).index(finding.kind))
        keys = len(manuscript.citations)
        return Report(tuple(findings), keys, manuscript.files, tuple(notices))

    def cited_papers(self, paths: Sequence[Path]) -> CitedPapers:
        r"""Return the papers that main files cite; with ``\nocite{*}`` also all that are kept.

        Raises as `check` does.
        """
        reader = self._tray.reader()
        manuscript = read_manuscript(paths)
        owners = stored.owners(reader, manuscript.citations)
        keys: dict[int, tuple[str, ...]] = {}
        for key in manuscript.citations:
            owner = owners.get(fold_key(key))
            if owner is not None:
                keys[owner.paper_id] = (*keys.get(owner.paper_id, ()), key)
        if manuscript.cites_all:
            for paper_id in stored.kept(reader):
                keys.setdefault(paper_id, ())
        unknown = (*_unknown(reader, manuscript, owners, {}), *_missing(manuscript))
        return CitedPapers(keys, unknown)


_Bibliography = Mapping[str, tuple[BibEntry, Path]]
"""Entries by their folded keys, and where they are."""


def _bibliography(paths: Sequence[Path]) -> tuple[_Bibliography, list[str]]:
    """Return the entries of .bib files, the first of each key; and what could not be read."""
    found: dict[str, tuple[BibEntry, Path]] = {}
    notices = []
    for path in paths:
        if path.suffix.lower() != ".bib":
            continue
        try:
            for entry in bib_entries(path):
                found.setdefault(fold_key(entry.key), (entry, path))
        except UnreadableSource as error:
            notices.append(str(error))
    return found, notices


def _unknown(
    reader: Connection,
    manuscript: Manuscript,
    owners: Mapping[str, Owner],
    bibliography: _Bibliography,
) -> Iterator[Finding]:
    """Yield the keys that no paper has or had: with the nearest, or with the .bib that has them."""
    present: list[str] | None = None
    for key, places in manuscript.citations.items():
        folded = fold_key(key)
        if folded in owners:
            continue
        if folded in bibliography:
            path = str(bibliography[folded][1])
            yield Finding(Kind.ELSEWHERE, key, tuple(places), remark=path)
            continue
        if present is None:
            present = stored.all_keys(reader)
        yield Finding(Kind.UNKNOWN, key, tuple(places), _meant(reader, key, present))


def _meant(reader: Connection, key: str, present: Sequence[str]) -> str:
    """Return the key of the paper that an unknown one names otherwise, else the likest, or none."""
    from rapidfuzz import fuzz, process  # only slips need it

    paper_id = None if key.isdigit() else find_paper(reader, key)
    if paper_id is not None and (found := stored.keys_of(reader, [paper_id])):
        return found[paper_id]
    near = process.extractOne(
        key, present, scorer=fuzz.ratio, processor=fold_key, score_cutoff=_LIKE_ENOUGH
    )
    if near is None:
        return ""
    (owner,) = stored.owners(reader, [near[0]]).values()
    return owner.key or str(near[0])


def _missing(manuscript: Manuscript) -> Iterator[Finding]:
    for name, place in manuscript.missing:
        yield Finding(Kind.MISSING, name, (place,))


def _renamed(manuscript: Manuscript, owners: Mapping[str, Owner]) -> Iterator[Finding]:
    """Yield keys that papers do not have any more, also those in which only the case differs."""
    for key, places in manuscript.citations.items():
        owner = owners.get(fold_key(key))
        if owner is not None and owner.key not in ("", key):
            yield Finding(Kind.OLD, key, tuple(places), owner.key, paper_id=owner.paper_id)


def _twice(manuscript: Manuscript, owners: Mapping[str, Owner]) -> Iterator[Finding]:
    first: dict[int, str] = {}
    for key, places in manuscript.citations.items():
        owner = owners.get(fold_key(key))
        if owner is None:
            continue
        other = first.setdefault(owner.paper_id, key)
        if other != key:
            yield Finding(Kind.TWICE, key, tuple(places), other, paper_id=owner.paper_id)


def _preprints(
    reader: Connection,
    manuscript: Manuscript,
    owners: Mapping[str, Owner],
    bibliography: _Bibliography,
) -> Iterator[Finding]:
    """Yield what is cited as a preprint and has appeared.

    By the manuscript's own .bib, whose entry is one of a preprint while the tray knows more; or by
    the tray, where another paper of this title and author has appeared.
    """
    cited = {
        owner.paper_id: key
        for key in reversed(manuscript.citations)
        if (owner := owners.get(fold_key(key))) is not None
    }
    published = dict(_published_twins(reader, list(cited)))
    for entry in stored_entries.entries(reader, list(cited)):
        key = cited[entry.id]
        written = bibliography.get(fold_key(key))
        places = tuple(manuscript.citations[key])
        if has_appeared(entry.work):
            if written is not None and is_preprint_entry(written[0].type, written[0].fields):
                remark = f"{written[1]} has the preprint; it {_appeared(entry.work)}"
                yield Finding(Kind.PREPRINT, key, places, remark=remark, paper_id=entry.id)
        elif entry.id in published:
            other, remark = published[entry.id]
            yield Finding(Kind.PREPRINT, key, places, other, remark, entry.id)


def _published_twins(
    reader: Connection, paper_ids: Sequence[int]
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield papers of which the tray has another that has appeared, with its key and where."""
    pairs = stored.of_one_title(reader, paper_ids)
    others = list({other: None for _, other in pairs})
    found = {entry.id: entry for entry in stored_entries.entries(reader, others)}
    for paper_id, other in reversed(pairs):  # the oldest one counts
        entry = found[other]
        if has_appeared(entry.work):
            yield paper_id, (entry.citekey or str(entry.id), _appeared(entry.work))


def _appeared(work: Work) -> str:
    venue = work.venue.short or work.venue.name
    return f"appeared in {venue}" if venue else f"appeared as doi:{work.doi}"


def _skipped(manuscript: Manuscript, owners: Mapping[str, Owner]) -> Iterator[Finding]:
    for key, places in manuscript.citations.items():
        owner = owners.get(fold_key(key))
        if owner is not None and (owner.removed or owner.pile is Pile.SKIP):
            remark = "removed from the tray" if owner.removed else "in the pile skip"
            yield Finding(Kind.SKIPPED, key, tuple(places), "", remark, owner.paper_id)


def _uncited(reader: Connection, owners: Mapping[str, Owner]) -> Iterator[Finding]:
    cited = {owner.paper_id for owner in owners.values()}
    for paper_id, key, title in stored.starred(reader):
        if paper_id not in cited:
            yield Finding(Kind.UNCITED, key, remark=title, paper_id=paper_id)
