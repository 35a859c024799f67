"""Reading lists in Org: a headline for each group and each paper, with citations of org-cite.

Emacs exports such a list with its bibliography; pandoc reads it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from papertray.core.model import Entry, Work
from papertray.core.segments import one_line
from papertray.exporters.cited_work import addresses_of
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.groups import with_groups
from papertray.exporters.kept_regions import ORG, disarmed
from papertray.exporters.org_text import heading, link, literal, property_value, tag
from papertray.exporters.private import visible_notes

_NOTE_LEVEL = 3


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield the text of a reading list: keywords, then paper by paper.

    Headlines of papers are of the second level, those of groups of the first, notes of the third.
    """
    yield _front(options)
    for group, entry in with_groups(entries, options.group):
        if group is not None:
            yield f"\n* {heading(group.name)}\n"
        yield "\n" + _headline(entry) + "\n" + "\n\n".join(_blocks(entry, options)) + "\n"
    if options.bibliography:
        yield "\n* References\n#+print_bibliography:\n"


def _front(options: ExportOptions) -> str:
    lines = [f"#+title: {literal(options.title)}".rstrip()]
    if name := one_line(options.bibliography):
        lines.append(f"#+bibliography: {name}")
    # Headlines of notes stay headlines when this is exported.
    return "\n".join([*lines, "#+options: H:6", ""])


def _headline(entry: Entry) -> str:
    """Return the headline of a paper with its drawer."""
    tags = sorted(filter(None, map(tag, entry.tags)))
    marked = f" :{':'.join(tags)}:" if tags else ""
    lines = [f"** {heading(entry.work.title) or '(untitled)'}{marked}", ":PROPERTIES:"]
    values = ((name, property_value(value)) for name, value in _properties(entry))
    lines += [f":{name}: {value}" for name, value in values if value]
    return "\n".join([*lines, ":END:", ""])


def _properties(entry: Entry) -> Iterator[tuple[str, str]]:
    work = entry.work
    yield "CUSTOM_ID", entry.citekey
    yield (
        "AUTHOR",
        " and ".join(
            "others" if author.stands_for_others else author.display for author in work.authors
        ),
    )
    yield "YEAR", str(work.year or "")
    yield "VENUE", work.venue.name or work.venue.short
    yield "DOI", work.doi
    yield "ARXIV", work.arxiv_id
    yield "URL", work.url
    yield "READ", entry.done
    yield "KEYWORDS", ", ".join(sorted(each for each in entry.tags if not tag(each)))


def _blocks(entry: Entry, options: ExportOptions) -> Iterator[str]:
    """Yield what blank lines separate."""
    work = entry.work
    if byline := _byline(work):
        yield byline
    yield f"[cite:@{entry.citekey}]\n\n{ORG.region}".rstrip()
    if addresses := "\n".join(_addresses(work)):
        yield addresses
    if options.abstracts and (abstract := literal(work.abstract)):
        yield f"#+begin_quote\n{abstract}\n#+end_quote"
    if options.notes:
        for title, body in visible_notes(entry.notes, private=options.private):
            # Most lists have no notes: those must not pay for the import.
            from papertray.exporters.org_notes import org_of_markdown

            yield f"*** {heading(title) or 'Note'}"
            yield org_of_markdown(disarmed(body), _NOTE_LEVEL)


def _byline(work: Work) -> str:
    """``Given Family, Given Family (2017). Venue``, as far as it is known."""
    authors = ", ".join(filter(None, (one_line(author.display) for author in work.authors)))
    venue = one_line(work.venue.name or work.venue.short)
    year = f"({work.year})" if work.year else ""
    return literal(". ".join(filter(None, (" ".join(filter(None, (authors, year))), venue))))


def _addresses(work: Work) -> Iterator[str]:
    for address in dict.fromkeys(filter(None, map(link, addresses_of(work)))):
        yield f"- {address}"
    for address in filter(None, map(link, work.code_urls)):
        yield f"- Code: {address}"
