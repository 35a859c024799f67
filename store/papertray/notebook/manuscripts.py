"""Reading manuscripts: a main file and all that it takes in, for what they cite."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from papertray.core.bibfields import fields_of
from papertray.core.bibscan import blocks
from papertray.core.citations import ALL, SUFFIXES, Cited, Inclusion, cited_in
from papertray.core.errors import UnreadableSource

LARGEST = 50_000_000
"""Bytes of the largest file that is read: manuscripts are text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file as the user named it, and a line, 0 where there are none."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(slots=True)
class Manuscript:
    """What some main files cite, with all that they take in.

    `citations` maps each key, as it is written, to its places; `cites_all` says that the whole
    bibliography is cited. `missing` are files that are taken in and not there, `bibliographies`
    the .bib files that are, `files` how many were read.
    """

    citations: dict[str, list[Place]] = field(default_factory=dict)
    cites_all: bool = False
    missing: list[tuple[str, Place]] = field(default_factory=list)
    bibliographies: list[Path] = field(default_factory=list)
    files: int = 0


@dataclass(frozen=True, slots=True)
class BibEntry:
    """An entry of a bibliography: its key as written, its type, its fields by name."""

    key: str
    type: str
    fields: dict[str, str]


def read_manuscript(paths: Sequence[Path]) -> Manuscript:
    """Read main files and what they take in, each file once.

    Raises `UnreadableSource` and `UsageError` for a main file that cannot be read.
    """
    found = Manuscript()
    seen: set[str] = set()
    for path in paths:
        if os.path.realpath(path) in seen:
            continue
        seen.add(os.path.realpath(path))
        waiting = deque([(path, path.suffix, _cited(path, path.suffix))])
        while waiting:
            file, suffix, cited = waiting.popleft()
            folders = path.parent, file.parent
            _note(found, file, cited, folders)
            for inclusion in cited.inclusions:
                taken_in = _taken_in(found, inclusion, file, suffix, folders, seen)
                if taken_in is not None:
                    waiting.append(taken_in)
    return found


def bib_entries(path: Path) -> Iterator[BibEntry]:
    """Yield the entries of a .bib file. Raises `UnreadableSource`."""
    macros: dict[str, str] = {}
    for block in blocks([_text(path)]):
        if block.kind == "string":
            macros |= {one.name: one.value for one in fields_of(block, macros).fields}
        elif block.kind == "entry":
            found = fields_of(block, macros)
            yield BibEntry(found.key, found.type, {one.name: one.value for one in found.fields})


def _note(found: Manuscript, path: Path, cited: Cited, folders: Sequence[Path]) -> None:
    """Add what one file cites. Names in it are told from one of `folders`."""
    found.files += 1
    for citation in cited.citations:
        if citation.key == ALL:
            found.cites_all = True
        else:
            place = Place(str(path), citation.line)
            places = found.citations.setdefault(citation.key, [])
            if place not in places[-1:]:
                places.append(place)
    for name in cited.bibliographies:
        file = _there(name, ".bib", folders)
        if file is not None and file not in found.bibliographies:
            found.bibliographies.append(file)


def _taken_in(
    found: Manuscript,
    inclusion: Inclusion,
    path: Path,
    suffix: str,
    folders: Sequence[Path],
    seen: set[str],
) -> tuple[Path, str, Cited] | None:
    """Read a file that `path` takes in: it, its suffix and what it cites; None if seen or missing.

    A file of another suffix, or of none, is like the one that takes it in.
    """
    place = Place(str(path), inclusion.line)
    file = _there(inclusion.path, suffix, folders)
    if file is None:
        if not inclusion.is_optional:
            found.missing.append((inclusion.path, place))
        return None
    real = os.path.realpath(file)
    if real in seen:
        return None
    seen.add(real)
    own = file.suffix if file.suffix.lower() in SUFFIXES else suffix
    try:
        return file, own, _cited(file, own)
    except UnreadableSource:
        found.missing.append((inclusion.path, place))
        return None


def _there(name: str, suffix: str, folders: Sequence[Path]) -> Path | None:
    """Return the file that a name means, with or without its suffix, or None."""
    for folder in folders:
        for written in (name + suffix, name):
            file = folder / written
            try:
                if file.is_file():
                    return file
            except (OSError, ValueError):  # no name that a file can have
                continue
    return None


def _cited(path: Path, suffix: str) -> Cited:
    text = _text(path)
    try:
        return cited_in(text, suffix)
    except UnreadableSource as error:
        raise UnreadableSource(f"{path} cannot be read: {error}") from error


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise UnreadableSource(
                f"{path} {'is no file' if path.exists() else 'is not there'}; name the main file "
                "of the manuscript."
            )
        if path.stat().st_size > LARGEST:
            raise UnreadableSource(f"{path} is larger than {LARGEST // 1_000_000} MB.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"{path} cannot be read: {error.strerror}.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")  # older TeX files, whose keys hardly differ
    return text.replace("\r\n", "\n").replace("\r", "\n")
