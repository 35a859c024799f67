"""One Markdown file a paper, for Obsidian, Zettelkasten and other folders of notes.

The file is called after the paper, ``@vaswani2017.md``, as literature notes are, so that
``[[@vaswani2017]]`` leads to it. Properties stand on top as YAML, as
https://help.obsidian.md/properties has them; the abstract is a callout. At the end is a kept region
for what the user writes there.

No text of a paper or note is a command to Obsidian or its plugins: Templater runs ``<% %>`` in any
file that is new in the vault, Dataview runs code that begins with ``=``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from papertray.core.model import Entry
from papertray.core.segments import one_line
from papertray.core.wikilinks import wikilinks
from papertray.exporters.exporter import ExportOptions, Page
from papertray.exporters.kept_regions import MARKDOWN
from papertray.exporters.markdown import addresses, byline
from papertray.exporters.markdown_text import autolink, literal, running, yaml_string
from papertray.exporters.note_isolation import isolate_note, key_of_note
from papertray.exporters.page_names import page_stem
from papertray.exporters.private import visible_notes

_NOTE_LEVEL = 2


def page(entry: Entry, options: ExportOptions) -> Page:
    """Return the file of one paper. Uses all of `options` but those about a list."""
    blocks = "\n\n".join(_blocks(entry, options))
    text = f"---\n{_properties(entry)}---\n\n{blocks}\n\n{MARKDOWN.region}"
    return Page(f"{file_stem(entry.citekey)}.md", text)


def file_stem(citekey: str) -> str:
    """Return the name of a paper's file without its suffix, as links say it."""
    return f"@{page_stem(citekey)}"


def _properties(entry: Entry) -> str:
    work = entry.work
    authors = [author.display for author in work.authors if not author.stands_for_others]
    values: dict[str, str] = {
        "title": _string(work.title),
        "aliases": _list([work.title]),
        "authors": _list(authors),
        "year": str(work.year or ""),
        "citekey": _string(entry.citekey),
        "doi": _string(work.doi),
        "arxiv": _string(work.arxiv_id),
        "url": _string(work.url),
        "tags": _list(sorted({tag for tag in map(obsidian_tag, entry.tags) if tag})),
        "status": _string(str(entry.pile)),
        "done": _string(entry.done),
    }
    return "".join(f"{name}: {value}\n" for name, value in values.items() if value)


def _string(text: str) -> str:
    """Return a text as a property, empty for none. In JSON nothing in it is a command."""
    line = one_line(text)
    return _COMMAND.sub(lambda m: f"\\u{ord(m[0]):04x}", yaml_string(line)) if line else ""


def _list(texts: list[str]) -> str:
    strings = ", ".join(filter(None, map(_string, texts)))
    return f"[{strings}]" if strings else ""


def obsidian_tag(tag: str) -> str:
    """Return a tag as Obsidian takes it, empty where nothing of it is left.

    Letters, digits, ``_ - /`` and at least one that is no digit; no space
    (https://help.obsidian.md/tags).
    """
    found = _NOT_IN_TAG.sub("-", one_line(tag).lstrip("#")).strip("-")
    found = "/".join(filter(None, found.split("/")))
    return f"{found}_" if found.isdigit() else found


def _blocks(entry: Entry, options: ExportOptions) -> Iterator[str]:
    """Yield what blank lines separate."""
    work = entry.work
    yield f"# {literal(work.title) or '(untitled)'}"
    if line := byline(work):
        yield line
    if facts := "\n".join(_facts(entry)):
        yield facts
    if options.abstracts and (abstract := running(work.abstract)):
        yield f"> [!abstract] Abstract\n> {abstract}"
    if options.notes:
        notes = visible_notes(entry.notes, private=options.private)
        for number, (title, body) in enumerate(notes):
            yield f"## {literal(title) or 'Note'}"
            yield _note(body, key_of_note(entry.citekey, number), options)


def _facts(entry: Entry) -> Iterator[str]:
    for address in addresses(entry.work):
        yield f"- {address}"
    for address in filter(None, map(autolink, entry.work.code_urls)):
        yield f"- Code: {address}"
    if any(obsidian_tag(tag) != tag for tag in entry.tags):
        yield f"- Tags: {', '.join(filter(None, map(literal, sorted(entry.tags))))}"


def _note(body: str, key: str, options: ExportOptions) -> str:
    """Return a note with links to the files of papers, and nothing in it that runs."""
    isolated = isolate_note(_linked(body, options), _NOTE_LEVEL, key)
    isolated = _RUN_BY_TEMPLATER.sub(r"\g<0> ", isolated)
    isolated = _RUN_BY_DATAVIEW.sub(r"\\\g<ticks>\g<code>\\\g<ticks>", isolated)
    return _FENCE.sub(_harmless_fence, isolated)


def _linked(body: str, options: ExportOptions) -> str:
    """Have ``[[citekey]]`` lead to the paper's file; a link to nothing of that kind is text."""
    for link in reversed(wikilinks(body)):
        inside = body[link.start + 2 : link.end - 2]
        key = options.paper_of(link.name)
        if key:
            _, bar, shown = inside.partition("|")
            new = f"[[{file_stem(key)}|{shown if bar else link.name}]]"
        else:
            new = f"\\[\\[{inside}\\]\\]"
        body = body[: link.start] + new + body[link.end :]
    return body


def _harmless_fence(fence: re.Match[str]) -> str:
    """Return the opening of a code block as one that no plugin runs: dataview, tasks, query."""
    language = fence["language"]
    return fence[0] if language.lower() in _SHOWN_CODE else fence["marks"] + "text " + language


# Templater takes a blank for the end of its mark's name, so what is split is not its mark.
_RUN_BY_TEMPLATER = re.compile(r"<(?=%)|\{(?=[{%])")
# A code span with `=` or `$=` in front is a query, or JavaScript.
_RUN_BY_DATAVIEW = re.compile(r"(?<![\\`])(?P<ticks>`)(?P<code>\s*\$?=[^`\n]*)`(?!`)", re.MULTILINE)
_FENCE = re.compile(
    r"^(?P<marks>[ \t>*+\-\d.)]*(?:`{3,}|~{3,})[ \t]*)(?P<language>[^\s`{][^\s`]*|\{[^`\n]*)",
    re.MULTILINE,
)
_SHOWN_CODE = frozenset(
    """asm bash bibtex c c# c++ clojure cpp css csv diff elixir erlang fortran fsharp go haskell
    html ini java javascript js json julia kotlin latex lean lean4 lisp lua make makefile math
    matlab md markdown mermaid ml nix none objc ocaml octave perl php plain powershell prolog proto
    python python3 py r rst ruby rs rust sass scala scheme scss sh shell sql stan swift tex text
    toml ts txt typescript typst vb verilog vhdl vim xml yaml yml zig zsh""".split()
)

_COMMAND = re.compile(r"<(?=%)|\{(?=[{%])|%(?=%)|`")
_NOT_IN_TAG = re.compile(r"[^\w/-]+")
