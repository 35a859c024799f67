"""Formats that users make: templates in the folder `templates` of the tray.

`talk.md` is a format called talk whose files end in ``.md``. One that speaks of `papers` writes
them to one file; one that speaks of `paper` makes a file for each. Its first comment describes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from papertray.core.errors import UsageError
from papertray.core.file_names import safe_suffix
from papertray.core.model import Entry
from papertray.core.segments import one_line
from papertray.exporters.exporter import Exporter, ExportOptions, Page, PageExporter
from papertray.exporters.kept_regions import disarmed
from papertray.exporters.page_names import page_stem
from papertray.exporters.private import visible_notes
from papertray.exporters.table import FORMATS, Format
from papertray.notebook.plain_files import open_plain
from papertray.notebook.templates import values_of

if TYPE_CHECKING:
    from papertray.core.templating import Given, Template

FOLDER = "templates"
"""The folder in the tray."""

_MOST_BYTES = 80_000
_NAME = re.compile(r"[^\W_][\w+-]*")
# Ends before the next tag: of those that are never closed, none is to be searched to the end.
_TAG = re.compile(r"\{[{%]((?:(?!\{[{%]).)*?)[}%]\}", re.DOTALL)
_USUAL_DESCRIPTION = "A template of yours"


@dataclass(frozen=True, slots=True)
class TemplateFormat(Format):
    """A format that a template makes. The template is read and checked when it is used."""

    file: Path = Path()

    def load(self) -> Exporter:
        """Return what writes papers by the template. Raises `UsageError` for what is wrong."""
        if self.is_folder:
            return Format.load(self)
        return partial(_write, self._template(), "markdown" in words_of(read_source(self.file)))

    def load_pages(self) -> PageExporter:
        """Return what makes the file of a paper by the template. Raises as `load`."""
        with_markdown = "markdown" in words_of(read_source(self.file))
        return partial(_page, self._template(), with_markdown, self.suffix)

    def _template(self) -> Template:
        from papertray.core.templating import Template  # Jinja2 is for those who have templates

        return Template(read_source(self.file), str(self.file), filters())


def read_templates(
    tray: Path, others: Iterable[Format] = ()
) -> tuple[list[TemplateFormat], list[str]]:
    """Return the formats that the templates of a tray make, and what is wrong with other files.

    Arguments: `tray` is its folder, `others` are the formats of plugins, whose names are taken.
    A template that cannot be read is among the formats: it says why when it is used.
    """
    taken = {**{f.name: "a plugin" for f in others}, **dict.fromkeys(FORMATS, "papertray")}
    formats: list[TemplateFormat] = []
    problems: list[str] = []
    for file in _files(tray / FOLDER):
        name, suffix = file.stem.lower(), safe_suffix(file.suffix)
        if not suffix or not _NAME.fullmatch(name):
            problems.append(f"{file} is no template: call it NAME.md, or what its files end in.")
        elif name in taken:
            problems.append(f"{file} is not used: {name} is a format of {taken[name]} already.")
        else:
            taken[name] = "another template"
            formats.append(_format(name, suffix, file))
    return formats, problems


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(
            file
            for file in folder.iterdir()
            if not file.name.startswith(".") and not file.name.endswith("~")
        )
    except OSError:
        return []  # there is no such folder


def _format(name: str, suffix: str, file: Path) -> TemplateFormat:
    try:
        source = read_source(file)
    except UsageError as error:
        return TemplateFormat(name, "", str(error), suffix, file=file)
    words = words_of(source)
    return TemplateFormat(
        name,
        "",
        _first_comment(source) or _USUAL_DESCRIPTION,
        suffix,
        notes="notes" in words,
        is_folder="paper" in words and "papers" not in words,
        file=file,
    )


def _first_comment(source: str) -> str:
    """Return the first line of the first comment, empty where there is none."""
    text, end, _ = source.partition("{#")[2].partition("#}")
    lines = text.strip("- \t\n").split("\n")
    return one_line(lines[0]) if end else ""


def words_of(source: str) -> set[str]:
    """Return the words in the tags of a template. Cheap: nothing is parsed."""
    return {word for tag in _TAG.findall(source) for word in re.findall(r"\w+", tag)}


def read_source(file: Path) -> str:
    """Return the text of a template. Raises `UsageError` where it is no file of text."""
    try:
        with open_plain(file) as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"The template {file} cannot be read: {error.strerror}.") from error
    if len(data) > _MOST_BYTES:
        raise UsageError(
            f"The template {file} has more than {_MOST_BYTES:,} bytes, which are the most."
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"The template {file} is not UTF-8 text.") from error


# --- what is written


def _write(
    template: Template, with_markdown: bool, entries: Iterable[Entry], options: ExportOptions
) -> Iterator[str]:
    from papertray.core.templating import OneByOne

    papers = (values_of_paper(entry, options, with_markdown) for entry in entries)
    yield from template.pieces({**_values_of_list(options), "papers": OneByOne(papers)})


def _page(
    template: Template, with_markdown: bool, suffix: str, entry: Entry, options: ExportOptions
) -> Page:
    paper = values_of_paper(entry, options, with_markdown)
    text = template.render({**_values_of_list(options), "paper": paper})
    return Page(page_stem(entry.citekey) + suffix, text)


def _values_of_list(options: ExportOptions) -> dict[str, Given]:
    return {"title": options.title, "bibliography": options.bibliography}


def values_of_paper(
    entry: Entry, options: ExportOptions, with_markdown: bool = True
) -> dict[str, Given]:
    """Return what a template may say of a paper: what `values_of` has, and more.

    That is `done` (a date or empty) and `notes`, each with title, body (Markdown as it stands) and
    markdown: the same, made fit to stand below a heading of the third level in any document.
    Nothing holds a control character or a line break but the notes, and nothing private is there
    that `options` does not let out. Values are plain: what they are written into says how they are
    escaped.
    """
    notes: list[Given] = []
    if options.notes:
        for title, body in visible_notes(entry.notes, private=options.private):
            markdown = _isolated(body, entry.citekey, len(notes)) if with_markdown else ""
            notes.append(
                {"title": disarmed(one_line(title)), "body": disarmed(body), "markdown": markdown}
            )
    values = {name: _harmless(value) for name, value in values_of(entry).items()}
    if not options.abstracts:
        values["abstract"] = ""
    return {**values, "done": entry.done, "notes": notes}


def _isolated(body: str, citekey: str, number: int) -> str:
    from papertray.exporters.note_isolation import isolate_note, key_of_note

    return isolate_note(body, 3, key_of_note(citekey, number))


def _harmless(value: Given) -> Given:
    if isinstance(value, str):
        return disarmed(one_line(value))
    return [_harmless(each) for each in value] if isinstance(value, list) else value


# --- filters


def filters() -> dict[str, Callable[..., str]]:
    """Return the filters that write a value into Markdown, TeX, YAML and an address."""
    from papertray.exporters import latex, markdown_text

    return {
        "md": _for_each(markdown_text.running),
        "latex": _for_each(latex.escape),
        "yaml": _yaml,
        "slug": _for_each(slug),
    }


def slug(text: str) -> str:
    """Return a text as part of an address or a label: small letters, digits and hyphens."""
    return re.sub(r"[\W_]+", "-", one_line(text).casefold()).strip("-")


def _for_each(function: Callable[[str], str]) -> Callable[[Given], str]:
    def filtered(value: Given) -> str:
        if isinstance(value, list | tuple):
            return ", ".join(filtered(each) for each in value)
        return "" if value is None else function(str(value))

    return filtered


def _yaml(value: Given) -> str:
    from papertray.exporters.markdown_text import yaml_string

    if isinstance(value, list | tuple):
        return "[" + ", ".join(_yaml(each) for each in value) + "]"
    if isinstance(value, int):
        return str(value)
    return yaml_string("" if value is None else str(value))
