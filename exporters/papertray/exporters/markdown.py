"""Reading lists in Markdown: one file, a heading for each group and each paper, notes below.

Works as it stands in Obsidian and on GitHub; with a bibliography beside it, pandoc and Quarto
resolve the citations and append the references.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from papertray.core.model import Entry, Work
from papertray.exporters.cited_work import addresses_of
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.groups import with_groups
from papertray.exporters.kept_regions import MARKDOWN
from papertray.exporters.markdown_text import autolink, literal, running, yaml_string
from papertray.exporters.note_isolation import isolate_note, key_of_note
from papertray.exporters.private import visible_notes

_NOTE_LEVEL = 3


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield the text of a reading list: front matter, then paper by paper.

    The headings of papers are the only ones of the second level, those of groups of the first.
    """
    yield _front(options)
    for group, entry in with_groups(entries, options.group):
        if group is not None:
            yield f"\n# {literal(group.name)}\n"
        yield "\n" + "\n\n".join(_blocks(entry, options)) + "\n"
    if options.bibliography:
        yield "\n# References\n\n::: {#refs}\n:::\n"


def _front(options: ExportOptions) -> str:
    lines = ["---", f"title: {yaml_string(options.title)}"]
    if options.bibliography:
        lines.append(f"bibliography: {yaml_string(options.bibliography)}")
        lines.append("link-citations: true")
    lines += ["---", "", f"# {literal(options.title) or 'Reading list'}", ""]
    return "\n".join(lines)


def _blocks(entry: Entry, options: ExportOptions) -> Iterator[str]:
    """Yield what blank lines separate."""
    work = entry.work
    yield f"## {literal(work.title) or '(untitled)'}"
    if line := byline(work):
        yield line
    yield f"[@{entry.citekey}]"
    yield MARKDOWN.region.rstrip()  # the line above says whose it is
    if facts := "\n".join(_facts(entry)):
        yield facts
    if options.abstracts and (abstract := running(work.abstract)):
        yield f"> {abstract}"
    if options.notes:
        notes = visible_notes(entry.notes, private=options.private)
        for number, (title, body) in enumerate(notes):
            yield f"### {literal(title) or 'Note'}"
            yield isolate_note(body, _NOTE_LEVEL, key_of_note(entry.citekey, number))


def byline(work: Work) -> str:
    """Return ``Given Family, Given Family (2017). Venue``, as far as it is known."""
    authors = ", ".join(filter(None, (literal(author.display) for author in work.authors)))
    venue = literal(work.venue.name or work.venue.short)
    if not authors:
        # Nothing here may start a line with "(2017)" or "2017.": pandoc makes these a list.
        return ", ".join(filter(None, (f"Published {work.year}" if work.year else "", venue)))
    dated = f"{authors} ({work.year})" if work.year else authors
    return f"{dated}. {venue}" if venue else dated


def addresses(work: Work) -> list[str]:
    """Return links to where a work is: arXiv, its DOI, its own address; none twice."""
    return list(dict.fromkeys(filter(None, map(autolink, addresses_of(work)))))


def _facts(entry: Entry) -> Iterator[str]:
    work = entry.work
    for address in addresses(work):
        yield f"- {address}"
    for address in filter(None, map(autolink, work.code_urls)):
        yield f"- Code: {address}"
    if tags := ", ".join(filter(None, map(literal, sorted(entry.tags)))):
        yield f"- Tags: {tags}"
    if entry.done:
        yield f"- Read: {literal(entry.done)}"
