"""Reading lists in HTML: one page that needs nothing else, to be read and searched in any browser.

It asks no network for anything, and its policy forbids that it could: neither its own style and
script, which are allowed by their digests, nor anything that came with a paper. Without the script
the page is the same list, only not searchable.

The groups' links come last in the file, when their counts are known; the style shows them first.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from urllib.parse import quote

from papertray.core.grouping import Group
from papertray.core.model import Entry, Work
from papertray.core.segments import one_line, segments
from papertray.exporters.cited_work import arxiv_address, doi_address
from papertray.exporters.exporter import ExportOptions
from papertray.exporters.groups import with_groups
from papertray.exporters.private import visible_notes


def write(entries: Iterable[Entry], options: ExportOptions) -> Iterator[str]:
    """Yield the text of a page: its head, then paper by paper, and the links to groups."""
    yield _head(_text(options.title) or "Reading list")
    groups: list[Group] = []
    counts: list[int] = []
    for group, entry in with_groups(entries, options.group):
        if group is not None:
            if groups:
                yield "</section>\n"
            groups.append(group)
            counts.append(0)
            id_ = _group_id(group, options.group)
            yield f'<section id="{id_}">\n<h2 dir="auto">{_text(group.name)}</h2>\n'
        if groups:
            counts[-1] += 1
        yield "\n".join(_article(entry, options, 3 if groups else 2))
    if groups:
        yield "</section>\n"
    yield "</main>\n"
    if groups:
        yield _links(zip(groups, counts, strict=True), options.group)
    yield f"<script>{_file('html_page.js')}</script>\n</body>\n</html>\n"


def _head(title: str) -> str:
    style, script = _file("html_page.css"), _file("html_page.js")
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(style)};"
        f" script-src {_digest(script)}; base-uri 'none'; form-action 'none'"
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1 dir="auto">{title}</h1>
<div id="search" role="search">
<label for="words">Search</label>
<input id="words" type="search" autocomplete="off" spellcheck="false"
 placeholder="Words of titles, names, abstracts, notes, tags">
<output id="count" for="words"></output>
</div>
</header>
<main>
"""


def _links(counts: Iterable[tuple[Group, int]], by: str) -> str:
    lines = (
        f'<li><a href="#{_group_id(group, by)}">{_text(group.name)}</a> <span>{count}</span></li>'
        for group, count in counts
    )
    return "\n".join(['<nav aria-label="Groups">', "<ul>", *lines, "</ul>", "</nav>", ""])


def _article(entry: Entry, options: ExportOptions, rank: int) -> Iterator[str]:
    """Yield the lines of a paper. What the search looks at is of the class `text`."""
    work = entry.work
    yield f'<article id="@{escape(quote(entry.citekey))}">'
    title = _running(work.title) or "(untitled)"
    links = list(_addresses(work))
    shown = _link(links[0][1], title) if links else title
    yield f'<h{rank} class="text" dir="auto">{shown}</h{rank}>'
    if byline := _byline(work):
        yield f'<p class="byline text" dir="auto">{byline}</p>'
    yield f'<p class="facts">{" ".join(_facts(entry, links))}</p>'
    if options.abstracts and (abstract := _running(work.abstract)):
        yield "<details><summary>Abstract</summary>"
        yield f'<p class="text" dir="auto">{abstract}</p></details>'
    if options.notes:
        for heading, body in visible_notes(entry.notes, private=options.private):
            # Most lists have no notes: those must not pay for the import.
            from papertray.exporters.html_notes import html_of_markdown

            yield '<div class="note text" dir="auto">'
            yield f"<h{rank + 1}>{_text(heading) or 'Note'}</h{rank + 1}>"
            yield f"{html_of_markdown(body, rank + 1)}</div>"
    yield "</article>\n"


def _byline(work: Work) -> str:
    authors = ", ".join(filter(None, (_text(author.display) for author in work.authors)))
    venue = _text(work.venue.name or work.venue.short)
    year = str(work.year) if work.year else ""
    return " · ".join(filter(None, (authors, year, f"<cite>{venue}</cite>" if venue else "")))


def _facts(entry: Entry, links: Iterable[tuple[str, str]]) -> Iterator[str]:
    key = _text(entry.citekey)
    yield f'<code class="key text">{key}</code>'
    yield f'<button type="button" aria-label="Copy the citation key {key}"></button>'
    for name, address in links:
        yield _link(address, name)
    for address in filter(None, map(_web, entry.work.code_urls)):
        yield _link(address, "Code")
    for tag in filter(None, map(_text, sorted(entry.tags))):
        yield f'<span class="tag text" dir="auto">{tag}</span>'
    if entry.done:
        yield f'<span class="done">Read {_text(entry.done)}</span>'


def _addresses(work: Work) -> Iterator[tuple[str, str]]:
    """Yield name and address of each place where a work is, none twice; the best one first."""
    doi, arxiv, own = doi_address(work), arxiv_address(work), _web(work.url)
    if own and own not in (doi, arxiv):
        yield "Link", own
    if doi:
        yield "DOI", doi
    if arxiv:
        yield "arXiv", arxiv


def _link(address: str, shown: str) -> str:
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{shown}</a>'


def _web(address: str) -> str:
    """Return an address of the web as a browser takes it, empty if it is none."""
    joined = "".join(one_line(address).split())
    return joined if _WEB.match(joined) else ""


def _group_id(group: Group, by: str) -> str:
    _, folded = group.place
    name = f"{by}-{folded}" if folded else group.name.lower().replace(" ", "-")
    return escape(quote(name))


def _text(text: str) -> str:
    return escape(one_line(text))


def _running(text: str) -> str:
    """Return a line of text with its formulas marked as such."""
    line = one_line(text)
    if "$" not in line:
        return escape(line)
    return "".join(
        f'<span class="math">${escape(piece.text)}$</span>' if piece.is_math else escape(piece.text)
        for piece in segments(line)
    )


@lru_cache(maxsize=2)
def _file(name: str) -> str:
    return files("papertray.exporters").joinpath(name).read_text(encoding="utf-8")


def _digest(source: str) -> str:
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"


_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
