"""What `export` does as a rule: papers to stdout, to a file, or to a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.options import find, parse_query
from papertray.core.clean import clean_text
from papertray.notebook.named_exports import KEPT

if TYPE_CHECKING:
    from papertray.cli.commands.exporting import Choices
    from papertray.exporters.exporter import ExportOptions
    from papertray.exporters.table import Format
    from papertray.notebook.exports import Exports
    from papertray.notebook.notebook import Notebook


def export_once(notebook: Notebook, query: Sequence[str], choices: Choices) -> int:
    """Write the papers that are meant, and say what left; return the exit code."""
    path = choices["path"]
    format_ = format_of(notebook.exports, choices["format_name"], path)
    options = options_of(format_, choices)
    whole = format_.holds_trays and is_whole_tray(query, choices)
    meant = Meant(notebook.exports.whole_tray()) if whole else papers_of(notebook, query, choices)
    ids = meant.ids
    if not ids and not whole:
        output.say(nothing_found(choices, "nothing was written"))
        return meant.exit_code
    say_leaving = _leaving_tray if whole else leaving_words
    leaving = say_leaving(notebook.exports, ids, format_, options)
    if format_.is_folder:
        from papertray.cli.export_folder import export_folder

        exit_code = export_folder(notebook, ids, format_, options, choices, leaving)
        return max(meant.exit_code, exit_code)
    if path is not None and not choices["force"]:
        notebook.exports.check_file(path)
    output.say(leaving)
    if path is None:
        _print(notebook.exports.text(ids, format_, options, whole=whole, cited_as=meant.cited_as))
        return meant.exit_code
    with output.Progress("Writing:", "papers") as progress:
        changed = notebook.exports.to_file(
            ids, format_, options, path, force=choices["force"], progress=progress, whole=whole,
            cited_as=meant.cited_as,
        )  # fmt: skip
    output.say(f"written to {path}" if changed else f"{path} already held exactly that")
    return meant.exit_code


@dataclass(frozen=True, slots=True)
class Meant:
    """The papers that are to be exported: their ids, and the keys by which texts cite them.

    `exit_code` is 1 where such a text cites some that are not there.
    """

    ids: Sequence[int]
    cited_as: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    exit_code: int = 0


def papers_of(notebook: Notebook, query: Sequence[str], choices: Choices) -> Meant:
    """Return the papers that the query and the options mean."""
    if choices["cited"]:
        return _cited(notebook, query, choices)
    wanted = parse_query(query, choices["pile"], choices["tags"], default=KEPT)
    return Meant(find(notebook, wanted).ids)


def nothing_found(choices: Choices, so: str) -> str:
    """Return a sentence for no papers, with what that leads to: ``nothing was written``."""
    if choices["cited"]:
        return f"No paper of this tray is cited there, so {so}."
    return (
        f"No paper is found, so {so}; without --pile only what is read or starred is looked at, "
        "--pile all takes every paper."
    )


def _cited(notebook: Notebook, query: Sequence[str], choices: Choices) -> Meant:
    from papertray.cli.checking_lines import cited_papers

    if query or choices["pile"] or choices["tags"]:
        raise click.UsageError(
            "--cited says which papers are meant; leave out the QUERY, --pile and --tag."
        )
    cited = cited_papers(notebook, choices["cited"])
    return Meant(list(cited.keys), cited.keys, 1 if cited.unknown else 0)


def is_whole_tray(query: Sequence[str], choices: Choices) -> bool:
    """Tell whether every paper is meant: then removed and snoozed ones are too."""
    narrowed = query or choices["tags"] or choices["cited"]
    return choices["pile"] == "all" and not narrowed


def _leaving_tray(
    exports: Exports, ids: Sequence[int], format_: Format, options: ExportOptions
) -> str:
    """Return what leaves with a whole tray; say what of it stays."""
    notes, staying = exports.notes_in_tray(options)
    if options.notes and staying:
        theirs = "1 note stay" if staying == 1 else f"{staying:,} notes stay"
        output.say(f"Private parts of {theirs} here; --private writes them too.")
    told = {"paper": len(ids), "note": notes, **exports.belongings()}
    counts = [output.counted(number, noun) for noun, number in told.items() if number]
    return f"{', '.join(counts) or 'nothing'} as {format_.name}"


def leaving_words(
    exports: Exports, ids: Sequence[int], format_: Format, options: ExportOptions
) -> str:
    """Return what leaves, for the user to see before it does: ``12 papers, 5 notes as bibtex``."""
    notes = exports.notes_in(ids, options) if options.notes else 0
    counts = output.counted(len(ids), "paper") + (
        f", {output.counted(notes, 'note')}" if options.notes else ""
    )
    return f"{counts} as {format_.name}"


def options_of(format_: Format, choices: Choices) -> ExportOptions:
    """Return what the user chose as the options of an exporter."""
    return format_.options(
        notes=choices["notes"], private=choices["private"], abstracts=choices["abstracts"],
        group=choices["group"], title=choices["title"], bibliography=choices["bibliography"],
    )  # fmt: skip


def format_of(exports: Exports, name: str | None, path: Path | None) -> Format:
    """Return the format of a name, else the one that a file's suffix stands for."""
    if name is not None:
        return exports.find(name)
    if path is not None and (format_ := exports.of_file(path)) is not None:
        return format_
    names = ", ".join(format_.name for format_ in exports.formats())
    raise click.UsageError(f"Say which format to write --to: {names}.")


def _print(pieces: Iterable[str]) -> None:
    """Write to stdout; a terminal gets no control characters, also where a note holds some."""
    is_terminal = output.is_terminal()
    for piece in pieces:
        sys.stdout.write(clean_text(piece) if is_terminal else piece)
