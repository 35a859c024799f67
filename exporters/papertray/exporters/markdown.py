"""Reading lists in Markdown: one file, a heading for each pile and each paper, notes below.

Works as it stands in Obsidian and on GitHub; with a bibliography beside it, pandoc and Quarto
resolve the citations and append the references.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from papertray.core.model import Entry, Pile, Work
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.markdown_text import autolink, literal, running, yaml_string
from papertray.exporters.note_isolation import isolate_note
from papertray.exporters.private import visible_notes

_NOTE_LEVEL = 3


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield the text of a reading list: front matter, then paper by paper.

    A heading is written whenever the pile changes, so entries should come in the model's
    `PILE_ORDER`. The headings of papers are the only ones of the second level.
    """
    yield _front(options)
    pile: Pile | None = None
    for entry in entries:
        if entry.pile is not pile:
            pile = entry.pile
            yield f"\n# {_PILE_HEADINGS[pile]}\n"
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
    if byline := _byline(work):
        yield byline
    yield f"[@{entry.citekey}]"
    if facts := "\n".join(_facts(entry)):
        yield facts
    if options.abstracts and (abstract := running(work.abstract)):
        yield f"> {abstract}"
    if options.notes:
        for title, body in visible_notes(entry.notes, private=options.private):
            yield f"### {literal(title) or 'Note'}"
            yield isolate_note(body, _NOTE_LEVEL, entry.citekey)


def _byline(work: Work) -> str:
    """``Given Family, Given Family (2017). Venue``, as far as it is known."""
    authors = ", ".join(filter(None, (literal(author.display) for author in work.authors)))
    venue = literal(work.venue.name or work.venue.short)
    if not authors:
        # Nothing here may start a line with "(2017)" or "2017.": pandoc makes these a list.
        return ", ".join(filter(None, (f"Published {work.year}" if work.year else "", venue)))
    dated = f"{authors} ({work.year})" if work.year else authors
    return f"{dated}. {venue}" if venue else dated


def _facts(entry: Entry) -> Iterator[str]:
    work = entry.work
    addresses = [
        f"https://arxiv.org/abs/{work.arxiv_id}" if work.arxiv_id else "",
        f"https://doi.org/{work.doi}" if work.doi else "",
        work.url,
    ]
    for address in dict.fromkeys(filter(None, map(autolink, filter(None, addresses)))):
        yield f"- {address}"
    for address in filter(None, map(autolink, work.code_urls)):
        yield f"- Code: {address}"
    if tags := ", ".join(filter(None, map(literal, sorted(entry.tags)))):
        yield f"- Tags: {tags}"
    if entry.done:
        yield f"- Read: {literal(entry.done)}"


_PILE_HEADINGS = {
    Pile.STARRED: "Starred",
    Pile.READ: "To read",
    Pile.INBOX: "Inbox",
    Pile.SKIP: "Skipped",
}
