"""Looking at one paper: `show`."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from papertray.cli import output
from papertray.cli.formats import json_text, paper_json
from papertray.cli.invocation import Invocation, pass_invocation
from papertray.cli.options import find_paper
from papertray.core.changed_sentences import NewVersion, new_version
from papertray.core.clean import clean_text
from papertray.core.model import Entry, Json, Work

if TYPE_CHECKING:
    from papertray.store.awaited import Awaited
    from papertray.store.journal import OpLine

WIDEST = 88
"""Cells of a line of running text; longer ones are hard to read."""


@click.command()
@click.argument("key")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="How to print it.",
)
@pass_invocation
def show(invocation: Invocation, key: str, format_name: str) -> None:
    """Show one paper with its abstract and notes.

    Markdown is what `export` would write: without what the notes mark as private.
    """
    papers = invocation.notebook.papers
    paper_id = find_paper(invocation.notebook, key)
    if format_name == "markdown":
        for piece in _markdown(invocation, paper_id):
            sys.stdout.write(clean_text(piece))
    elif format_name == "json":
        files: list[Json] = [
            {"path": file.path, "media_type": file.media_type, "exists": file.is_there}
            for file in invocation.notebook.files.of(paper_id)
        ]
        shown = {**paper_json(papers.entry(paper_id)), "files": files}
        sys.stdout.write(json_text(shown, indent=2) + "\n")
    else:
        found = invocation.notebook.files.of(paper_id)
        paths = [file.path if file.is_there else f"{file.path} (gone)" for file in found]
        entry = papers.entry(paper_id)
        why = _by_itself(papers.moved_there(paper_id))
        blocks = [*_blocks(entry, paths, why)]
        if waits := papers.awaited(paper_id):
            blocks.append(_filled(_awaited(waits)))
        output.write_text("\n\n".join(blocks))


def _markdown(invocation: Invocation, paper_id: int) -> Iterator[str]:
    from papertray.exporters.exporter import ExportOptions

    exports = invocation.notebook.exports
    return exports.text([paper_id], exports.find("markdown"), ExportOptions(notes=True))


def _by_itself(moved: OpLine | None) -> str:
    """Return what moved a paper to its pile where its owner did not, empty where she did."""
    if moved is None or moved.origin not in ("rule", "expire"):
        return ""
    return "expired" if moved.origin == "expire" else f"by a rule for {moved.reason}"


def _blocks(entry: Entry, files: Sequence[str], why: str) -> Iterator[str]:
    """Yield what blank lines separate. `why` is from `_by_itself`."""
    work = entry.work
    head = [_filled(work.title)]
    if work.authors:
        head.append(_filled(", ".join(author.display for author in work.authors)))
    if published := _published(work):
        head.append(_filled(published))
    yield "\n".join(head)
    facts = (*_facts(entry, why), *(("File", path) for path in files))
    yield "\n".join(f"{name + ':':<9} {value}" for name, value in facts if value)
    if work.abstract:
        yield "\n".join(map(_filled, work.abstract.splitlines()))
    if news := new_version(entry):
        yield "\n".join(map(_filled, _news(news)))
    for note in entry.notes:
        yield f"Note: {note.title}" if note.title else "Note:"
        yield note.body.rstrip("\n")


def _awaited(awaited: Awaited) -> str:
    """Return what is to come of a paper of which only a name is known."""
    since = f"Awaited since {awaited.asked[:10]}:"
    if not awaited.tries:
        return f"{since} the next network completes it."
    tries = "once" if awaited.tries == 1 else f"{awaited.tries} times"
    rest = "it is asked for no more" if awaited.is_given_up else "it is asked for again"
    told = f"{since} asked for {tries}, last on {awaited.tried[:10]}, and {rest}."
    return f"{told} {awaited.failure}"


def _news(news: NewVersion) -> Iterator[str]:
    """Yield what a version that came since the decision says anew."""
    since = f"version {news.since}" if news.since else "the one that you know"
    is_same = not (news.title or news.abstract.new or news.abstract.gone)
    says = "its title and abstract say the same." if is_same else "what changed:"
    yield f"New: version {news.number}, after {since}; {says}"
    if news.title:
        yield f"- {news.title} (the title before)"
    yield from (f"- {sentence}" for sentence in news.abstract.gone)
    yield from (f"+ {sentence}" for sentence in news.abstract.new)


def _published(work: Work) -> str:
    venue = work.venue
    parts = (venue.name or venue.short, venue.volume, work.year, venue.pages)
    return ", ".join(str(part) for part in parts if part)


def _facts(entry: Entry, why: str) -> Iterator[tuple[str, str]]:
    work = entry.work
    state = [f"{entry.pile.value} ({why})" if why else entry.pile.value]
    state += [f"done {entry.done}"] if entry.done else []
    state += [f"snoozed until {entry.snoozed}"] if entry.snoozed else []
    state += [f"removed {entry.removed[:10]}"] if entry.removed else []
    yield "Key", entry.citekey
    yield "Number", str(entry.id)
    yield "Pile", ", ".join(state)
    yield "Tags", ", ".join(entry.tags)
    yield "Added", entry.added[:10]
    yield "DOI", work.doi
    yield "arXiv", work.arxiv_id
    yield "Version", ", ".join(_versions(entry))
    yield "Comment", work.comment
    yield "Link", work.url
    yield "PDF", work.pdf_url
    yield "Code", " ".join(work.code_urls)


def _versions(entry: Entry) -> Iterator[str]:
    """Yield the newest version with the day on which it was seen, then the others."""
    for version in sorted(entry.versions, key=lambda one: -one.version):
        name = str(version.version) if version.version else "one without a number"
        yield f"{name} ({version.seen[:10]})" if version.seen else name


def _filled(text: str) -> str:
    lines = textwrap.wrap(
        text, min(output.width(), WIDEST), break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)
