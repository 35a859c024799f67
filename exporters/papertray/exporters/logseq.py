r"""One page a paper, for Logseq: properties, then everything in bullets.

The page is called after the paper, ``@vaswani2017``; the file lies in Logseq's folder ``pages``.
Logseq keeps what it finds in a file as it is written here: a tab a level, and two spaces before the
lines that go on with a block. The kept region is what stands between two blocks that hold a comment
of HTML and look empty.

No text is a macro, a query, a property, a date or a block that is drawn in (`logseq_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from papertray.core.model import Entry
from papertray.core.segments import one_line
from papertray.core.wikilinks import wikilinks
from papertray.exporters.cited_work import addresses_of
from papertray.exporters.exporter import ExportOptions, Page
from papertray.exporters.kept_regions import MARKDOWN
from papertray.exporters.logseq_text import harmless, literal, property_value
from papertray.exporters.markdown_text import autolink
from papertray.exporters.note_isolation import isolate_note, key_of_note
from papertray.exporters.page_names import page_stem
from papertray.exporters.private import visible_notes

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def page(entry: Entry, options: ExportOptions) -> Page:
    """Return the page of one paper. Uses all of `options` but those about a list."""
    blocks = "".join(_bullet(depth, text) for depth, text in _blocks(entry, options))
    region = f"- {MARKDOWN.start}\n- {MARKDOWN.end}\n"
    return Page(f"@{page_stem(entry.citekey)}.md", f"{_properties(entry)}\n{blocks}{region}")


def _bullet(depth: int, text: str) -> str:
    first, *more = text.split("\n")
    tabs = "\t" * depth
    return "".join([f"{tabs}- {first}\n", *(f"{tabs}  {line}".rstrip() + "\n" for line in more)])


def _properties(entry: Entry) -> str:
    work = entry.work
    authors = [author.display for author in work.authors if not author.stands_for_others]
    values = {
        "citekey": entry.citekey,
        # Not `title`: that would be the name of the page.
        "paper-title": property_value(work.title),
        "authors": property_value(", ".join(authors)),
        "year": str(work.year or ""),
        "venue": property_value(work.venue.name or work.venue.short),
        "doi": property_value(work.doi),
        "arxiv": property_value(work.arxiv_id),
        "status": str(entry.pile),
        "done": property_value(entry.done),
        "tags": ", ".join(f"[[{tag}]]" for tag in sorted({*map(_tag, entry.tags)} - {""})),
    }
    return "".join(f"{name}:: {value}\n" for name, value in values.items() if value)


def _tag(tag: str) -> str:
    """Return a tag as the name of a page, empty where nothing of it is left."""
    return " ".join(_NOT_IN_NAME.sub(" ", one_line(tag)).split())


def _blocks(entry: Entry, options: ExportOptions) -> Iterator[tuple[int, str]]:
    """Yield how deep a block lies, and its text."""
    work = entry.work
    yield 0, f"# {literal(work.title) or '(untitled)'}"
    names = ", ".join(filter(None, (literal(author.display) for author in work.authors)))
    venue = literal(work.venue.name or work.venue.short)
    if byline := " · ".join(filter(None, (names, str(work.year or ""), venue))):
        yield 0, byline
    for address in _addresses(entry):
        yield 0, address
    if options.abstracts and (abstract := literal(work.abstract)):
        yield 0, "## Abstract"
        yield 1, abstract
    if options.notes:
        notes = visible_notes(entry.notes, private=options.private)
        for number, (title, body) in enumerate(notes):
            yield 0, f"## {literal(title) or 'Note'}"
            yield from _note(body, key_of_note(entry.citekey, number), options)


def _addresses(entry: Entry) -> list[str]:
    links = map(autolink, (*addresses_of(entry.work), *entry.work.code_urls))
    return list(dict.fromkeys(link for link in links if link.startswith("<")))


# --- notes


def _note(body: str, key: str, options: ExportOptions) -> Iterator[tuple[int, str]]:
    """Yield the blocks of a note: each of its paragraphs, items, headings and codes is one."""
    tokens = _parser().parse(isolate_note(body, 1, key))
    depth = 1
    quotes = 0
    is_first = False  # of an item: it stands on the item's own bullet
    bullet = ""
    numbers: list[int | None] = []
    for place, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                number = numbers[-1]
                bullet = "" if number is None else f"{number}. "
                numbers[-1] = None if number is None else number + 1
                is_first, depth = True, depth + 1
            case "list_item_close":
                depth, is_first = depth - 1, False
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "inline" | "fence" | "code_block" | "html_block":
                text = _text(token, tokens[place - 1], options)
                text = "\n".join("> " * bool(quotes) + line for line in text.split("\n"))
                yield (depth - 1 if is_first else depth), bullet + text
                is_first, bullet = False, ""
            case _:
                pass


def _text(token: Token, before: Token, options: ExportOptions) -> str:
    if token.type != "inline":
        language = token.info.split()[0] if token.info.split() else ""
        # Logseq ends code at any three marks that begin a line.
        code = _INNER_FENCE.sub("\u2060\\g<0>", token.content.rstrip())
        return f"```{language}\n{code}\n```"
    text = "\n".join(_line(line, options) for line in token.content.split("\n"))
    if before.type == "heading_open":
        return f"{'#' * int(before.tag[1])} {text}"
    return _TASK.sub(lambda m: "TODO " if m[1] == " " else "DONE ", text, count=1)


def _line(line: str, options: ExportOptions) -> str:
    """Return a line of a note with links to the pages of papers, and nothing in it that runs."""
    pieces = []
    place = 0
    for link in wikilinks(line):
        if key := options.paper_of(link.name):
            pieces += [harmless(line[place : link.start]), f"[[@{page_stem(key)}]]"]
            place = link.end
    return "".join([*pieces, harmless(line[place:])])


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # What a note says of addresses is a paragraph like any other: nothing is to be lost.
    return MarkdownIt("commonmark").disable("reference")


_TASK = re.compile(r"\A\[([ xX])\] ")
_INNER_FENCE = re.compile(r"(?m)^[ \t]*(?:`{3}|~{3})")
_NOT_IN_NAME = re.compile(r"[\[\]{}()#,\"\\|:^<>?*%]+")
