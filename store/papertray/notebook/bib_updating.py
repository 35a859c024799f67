"""A .bib file of the user's own, brought up to date without touching what is hers.

What an update does:

* A paper that the file does not have is written behind its last entry, the way the file is written.
* An entry that papertray wrote follows the paper, field by field: a field that still says what
  papertray wrote is replaced, added, or taken out where the paper has it no more. A field that the
  user changed stays, and is told of; one that she took out is not written again, and no more is an
  entry that she took out. Where she deleted the file, or all that was in it, it begins anew.
* An entry that she wrote is left as it is. One that says, field by field, just what papertray would
  write counts as papertray's, as do all of a file that an export wrote and nobody changed since.
* With `force` papertray is right: each field that it writes says what the paper says, in her
  entries too, and what was taken out comes back. Her own fields stay, and a copy of the file does.

Whatever else stands in the file stays, to the byte, and a file that says all already is not even
written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from papertray.core import bibediting
from papertray.core.bibediting import BibText, Edit, EntryText
from papertray.core.bibmerging import TYPE, Kept, Merged, merge, trace
from papertray.core.citekeys import fold_key
from papertray.core.errors import ExportRefused
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.table import Format
from papertray.notebook import bib_matching
from papertray.notebook.bib_file import BibFile, keep_copy, read_bib_file, replace_bib_file
from papertray.notebook.bib_matching import Matching, Wanted
from papertray.notebook.cited_keys import CitedAs, under_cited_keys
from papertray.notebook.own_files import name_in_tray
from papertray.store import citekeys, exported
from papertray.store import entries as stored_entries
from papertray.store.tray import Tray

Traces = Mapping[str, str]
"""By field, what papertray wrote of an entry last time."""


@dataclass(slots=True)
class Updated:
    """What became of a file.

    `appended` entries are new, `fields` were brought up to date, `left` entries stayed as they
    were. `kept` are hand edits, with the key of the entry; `overruled` those that `force` wrote
    over. `own` are keys of entries that are the user's, `gone` those of papers whose entries she
    took out. `called` maps citation keys to the other ones that the file has for those papers,
    `taken` those that the file has for another work, `unwritable` are papers that its encoding
    has no characters for. `copy` is where the file as it was is kept.
    """

    appended: int = 0
    fields: int = 0
    left: int = 0
    kept: list[tuple[str, Kept]] = field(default_factory=list)
    overruled: list[tuple[str, Kept]] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    called: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    unwritable: list[str] = field(default_factory=list)
    changed: bool = False
    copy: Path | None = None


def is_biblatex_file(path: Path) -> bool:
    """Tell whether a file is written for BibLaTeX. Raises `ExportRefused`."""
    return bibediting.read_file(read_bib_file(path).text).is_biblatex


def update_file(
    tray: Tray,
    paper_ids: Sequence[int],
    format_: Format,
    options: ExportOptions,
    path: Path,
    *,
    force: bool,
    cited_as: CitedAs,
) -> Updated:
    """Bring the entries of papers in a file up to date, as the module says; append new ones.

    `format_` is BibTeX or BibLaTeX. `cited_as` are the keys by which a text cites some of the
    papers: those that are new to the file come under these. Raises `ExportRefused` where an entry
    is never closed, where the file changed meanwhile or cannot be written, and `DiskFull`; the file
    then is what it was.
    """
    file = read_bib_file(path)
    content = bibediting.read_file(file.text)
    if content.never_closed:
        raise ExportRefused(
            f"{path}, line {content.never_closed}: this entry is never closed, so nothing was "
            "written; add the brace that is missing, and try again."
        )
    wanted = list(_wanted(tray, paper_ids, format_, options, cited_as))
    name = name_in_tray(file.target)
    last = exported.fields_of(tray.reader(), name)
    remembered: dict[str, Traces] = {}
    if not file.data.strip():  # deleted or emptied: it begins anew
        remembered, last = {key: {} for key in last}, {}
    if exported.digest_of(tray.reader(), name) == file.digest:
        last = {fold_key(entry.key): _traces(_present(entry)) for entry in content.entries}
    run = _Run(file, content, last, _unasked(options), force)
    run.decide(wanted)
    text = bibediting.changed(file.text, run.edits())
    run.updated.changed = text != file.text
    if run.updated.changed:
        if run.updated.overruled:
            run.updated.copy = keep_copy(file)
        replace_bib_file(file, text)
    _remember(tray, name, remembered | run.remembered)
    return run.updated


def _wanted(
    tray: Tray,
    paper_ids: Sequence[int],
    format_: Format,
    options: ExportOptions,
    cited_as: CitedAs,
) -> Iterator[Wanted]:
    """Yield the papers as they are to be written, in the order in which they are appended."""
    citekeys.finalise_all(tray, paper_ids)
    reader = tray.reader()
    ordered = stored_entries.entries(reader, exported.in_export_order(reader, paper_ids))
    entries = list(under_cited_keys(reader, ordered, paper_ids, format_, cited_as))
    text = "".join(format_.load()(entries, options))
    for entry, fields in zip(entries, bibediting.read_file(text).entries, strict=True):
        yield Wanted(entry, text[fields.start : fields.end], fields)


def _unasked(options: ExportOptions) -> frozenset[str]:
    """Return the fields that this export does not write, and another one may have written."""
    notes = () if options.notes else ("annote", "annotation")
    abstracts = () if options.abstracts else ("abstract",)
    return frozenset((*notes, *abstracts))


class _Run:
    """One update: decides about paper after paper, and gathers what is to be done."""

    def __init__(
        self,
        file: BibFile,
        content: BibText,
        last: Mapping[str, Traces],
        unasked: frozenset[str],
        force: bool,
    ) -> None:
        self._file = file
        self._content = content
        self._last = last
        self._unasked = unasked
        self._force = force
        self._edits: list[Edit] = []
        self._new: list[str] = []
        self.updated = Updated()
        self.remembered: dict[str, Traces] = {}

    def decide(self, wanted: Sequence[Wanted]) -> None:
        """Decide about all papers: an entry goes to the paper that names it best."""
        matching = Matching(self._content.entries)
        by_key = [matching.by_key(paper.keys[:1]) for paper in wanted]
        found = [
            entry or matching.by_key(paper.keys)
            for entry, paper in zip(by_key, wanted, strict=True)
        ]
        for entry, paper in zip(found, wanted, strict=True):
            last = next((self._last[key] for key in paper.keys if key in self._last), None)
            if entry is None:
                entry = matching.by_identity(paper)
            elif last is None and bib_matching.is_another_work(entry, paper):
                self.updated.taken[paper.entry.citekey] = entry.values.get("title", "")
                continue
            if entry is None:
                self._append(paper, last)
            else:
                self._merge(paper, entry, last)

    def edits(self) -> list[Edit]:
        """Return what is to be changed in the file."""
        if not self._new:
            return self._edits
        return [*self._edits, bibediting.append_entries(self._content, self._new)]

    def _append(self, paper: Wanted, last: Traces | None) -> None:
        key = paper.entry.citekey
        if last is not None and not self._force:
            self.updated.gone.append(key)
        elif not self._file.fits(paper.text):
            self.updated.unwritable.append(key)
        else:
            self._new.append(paper.text)
            self.updated.appended += 1
            self.remembered[fold_key(key)] = _traces(_present(paper.fields))

    def _merge(self, paper: Wanted, entry: EntryText, last: Traces | None) -> None:
        key = paper.entry.citekey
        if fold_key(entry.key) != fold_key(key):
            self.updated.called[key] = entry.key
        present, wanted = _present(entry), _present(paper.fields)
        if last is None and _says_the_same(present, wanted):
            last = _traces(wanted)
        if last is None and not self._force:
            self.updated.own.append(entry.key)
            self.updated.left += 1
            return
        unfit = {name for name, value in wanted.items() if not self._file.fits(value)}
        merged = merge(
            present,
            {name: value for name, value in wanted.items() if name not in unfit},
            last or {},
            spoken={name: f"{{{value}}}" for name, value in entry.values.items()},
            unasked=self._unasked | unfit,
            force=self._force,
        )
        if merged.changes and not entry.spans:
            self.updated.own.append(entry.key)  # too broken to be changed
            self.updated.left += 1
            return
        self._edits += _edits(self._file.text, entry, merged)
        self.updated.fields += merged.changes
        self.updated.left += not merged.changes
        self.updated.kept += [(entry.key, kept) for kept in merged.kept]
        self.updated.overruled += [(entry.key, kept) for kept in merged.overruled]
        self.remembered[fold_key(key)] = merged.remembered


def _edits(text: str, entry: EntryText, merged: Merged) -> Iterator[Edit]:
    for name, value in merged.replaced.items():
        if name == TYPE:
            yield bibediting.replace_type(entry, value)
        else:
            yield bibediting.replace_value(entry, name, value)
    for name in merged.removed:
        yield bibediting.remove_field(text, entry, name)
    if merged.added:
        yield bibediting.add_fields(text, entry, merged.added.items())


def _present(entry: EntryText) -> dict[str, str]:
    """Return the texts of an entry's fields and, as one of them, its type."""
    return {TYPE: entry.type, **entry.fields}


def _traces(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: trace(value) for name, value in fields.items()}


def _says_the_same(present: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return _traces(present) == _traces(wanted)


def _remember(tray: Tray, name: str, remembered: Mapping[str, Traces]) -> None:
    """Keep what is in the file by papertray now. Nothing is written where that is known.

    After the file: were the program ended in between, an entry that says just what papertray writes
    would still count as papertray's.
    """
    known = exported.fields_of(tray.reader(), name)
    news = {key: traces for key, traces in remembered.items() if known.get(key) != traces}
    keys = list(news)
    for start in range(0, len(keys), citekeys.CHUNK):
        with tray.write() as connection:
            chunk = {key: news[key] for key in keys[start : start + citekeys.CHUNK]}
            exported.remember_fields(connection, name, chunk)
