"""``export --update FILE.bib``: the user's own bibliography, brought up to date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.export_once import leaving_words, nothing_found, options_of, papers_of

if TYPE_CHECKING:
    from papertray.cli.commands.exporting import Choices
    from papertray.core.bibmerging import Kept
    from papertray.exporters.table import Format
    from papertray.notebook.bib_updating import Updated
    from papertray.notebook.exports import Exports
    from papertray.notebook.notebook import Notebook

_DIALECTS = ("bibtex", "biblatex")
_MOST_LINES = 20
_MOST_NAMES = 5
_LONGEST_VALUE = 60


def update(notebook: Notebook, query: Sequence[str], path: Path, choices: Choices) -> int:
    """Bring the entries of the papers that are meant up to date in a .bib file; append new ones.

    Returns the exit code: 1 where papers could not go into the file. Hand edits that stay are no
    failure: they are told of on stderr, and ``--force`` writes over them. What is done to the file,
    and what never is, `papertray.notebook.bib_updating` says.
    """
    if choices["path"] is not None:
        raise click.UsageError("Either --update a file of your own, or write one with -o.")
    format_ = _format(notebook.exports, choices["format_name"], path)
    options = options_of(format_, choices)
    meant = papers_of(notebook, query, choices)
    if not meant.ids:
        output.say(nothing_found(choices, f"{path} stays as it is"))
        return meant.exit_code
    output.say(leaving_words(notebook.exports, meant.ids, format_, options))
    updated = notebook.exports.update_file(
        meant.ids, format_, options, path, force=choices["force"], cited_as=meant.cited_as
    )
    for line in report(updated, path):
        output.say(line)
    failed = bool(updated.taken or updated.unwritable)
    return max(meant.exit_code, int(failed))


def _format(exports: Exports, name: str | None, path: Path) -> Format:
    """Return the dialect that the user names, else the one that the file is written in."""
    if name is None:
        from papertray.notebook.bib_updating import is_biblatex_file

        return exports.find(_DIALECTS[is_biblatex_file(path)])
    format_ = exports.find(name)
    if format_.name not in _DIALECTS:
        raise click.UsageError(
            f"--update brings .bib files up to date, --to {' or '.join(_DIALECTS)}; "
            f"{format_.name} files are written with -o."
        )
    return format_


def report(updated: Updated, path: Path) -> Iterator[str]:
    """Yield what is to be said of an update, the sum last."""
    yield from _hand_edits(updated.kept, "the file has {}, papertray has {}")
    yield from _hand_edits(updated.overruled, "{} became {}")
    for key, title in updated.taken.items():
        yield (
            f"{key} is the key of another work in {path} ({_short(title)}), so this paper was not "
            f"added; `papertray edit {key} --set citekey=…` gives it another key."
        )
    if updated.unwritable:
        yield f"{path} has no characters for: {_names(updated.unwritable)}; save it as UTF-8."
    if updated.called:
        names = [f"{key} ({other})" for key, other in updated.called.items()]
        yield f"Keys that differ in {path}, and stay: {_names(names)}."
    if updated.gone:
        yield f"Taken out of {path} by you, so not added again (--force does): " + (
            f"{_names(updated.gone)}."
        )
    if updated.own:
        yield f"Entries of your own, which stay as they are: {_names(updated.own)}."
    if updated.copy is not None:
        yield f"{path} as it was is kept in {updated.copy}."
    yield f"{path}{'' if updated.changed else ' stays as it is'}: {_sum(updated)}"


def _sum(updated: Updated) -> str:
    parts = [
        f"{_entries(updated.appended)} appended" if updated.appended else "",
        f"{output.counted(updated.fields, 'field')} brought up to date" if updated.fields else "",
        f"{_entries(updated.left)} left as {_were(updated.left)}" if updated.left else "",
        f"{output.counted(len(updated.kept), 'hand edit')} kept" if updated.kept else "",
    ]
    return ", ".join(filter(None, parts)) or "nothing to do"


def _hand_edits(edits: Sequence[tuple[str, Kept]], words: str) -> Iterator[str]:
    for key, edit in edits[:_MOST_LINES]:
        field = edit.field or "type"
        yield f"{key} {field}: " + words.format(_short(edit.present), _short(edit.wanted))
    if len(edits) > _MOST_LINES:
        yield f"and {len(edits) - _MOST_LINES:,} more of the kind"


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else shown


def _entries(number: int) -> str:
    return f"{number:,} entry" if number == 1 else f"{number:,} entries"


def _were(number: int) -> str:
    return "it was" if number == 1 else "they were"
