"""What the preview and the card say of a paper. Pure: from an entry to paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from papertray.core.changed_sentences import new_version
from papertray.core.clean import clean, clean_text
from papertray.core.counting import counted
from papertray.core.model import Attachment, Entry, Note, Pile, Sighting, Work
from papertray.tui.tex_shown import shown_tex
from papertray.tui.text import Look, Paragraph, Span

if TYPE_CHECKING:
    from papertray.store.journal import OpLine
    from papertray.tui.highlights import Highlighter, Highlights

NAMES = {Pile.INBOX: "inbox", Pile.READ: "read", Pile.STARRED: "starred",
         Pile.SKIP: "skipped"}  # fmt: skip

MOST_LISTINGS = 50
"""Listings of a paper that are told one by one."""

MOST_OF_NOTE = 6_000
"""Characters of a note that are shown beside its paper; the note itself shows all."""

_BLANK = Paragraph("")
_LONGEST_NAME = 40  # of the last part of an address, in characters


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a paper beside its entry.

    `moved` is the decision by which it lies where it lies, `linking` how many notes link to it.
    """

    moved: OpLine | None = None
    files: Sequence[Attachment] = ()
    linking: int = 0
    highlights: Highlights | None = None


def paragraphs(entry: Entry, beside: Beside = Beside()) -> list[Paragraph]:
    """Return everything a reader wants to know of a paper, most important first, all clean."""
    found = [_title(entry.work, beside.highlights), *_about(entry, beside.highlights)]
    changed = list(_changed(entry))
    if changed:
        found += [_BLANK, *changed]
    found += [_BLANK, _abstract(entry.work, beside.highlights), _BLANK]
    found += _notes(entry.notes, beside)
    return [*found, *_below(entry, beside)]


# --- above the abstract


def _title(work: Work, highlights: Highlights | None) -> Paragraph:
    title = shown_tex(clean(work.title))
    return Paragraph(
        title, is_strong=True, spans=_matches(title, highlights.title if highlights else None)
    )


def _about(entry: Entry, highlights: Highlights | None) -> Iterator[Paragraph]:
    work = entry.work
    version = max((one.version for one in entry.versions), default=0)
    arxiv = f"arXiv:{work.arxiv_id}{f'v{version}' if version else ''}" if work.arxiv_id else ""
    comment = f'comment: "{work.comment}"' if work.comment else ""
    names = clean(authors(work))
    venue = work.venue.short or work.venue.name
    parts = (names, str(work.year or ""), clean(venue), clean(arxiv), clean(work.doi),
             clean(comment))  # fmt: skip
    line = "   ".join(part for part in parts if part)
    if line:
        spans = _matches(names, highlights.author if highlights else None)
        yield Paragraph(line, is_quiet=True, spans=spans)
    if links(work):
        yield _links(work)


def authors(work: Work, most: int = 4) -> str:
    """Return the first authors, and how many more there are."""
    names = [author.display for author in work.authors]
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} +{len(names) - most}"


def links(work: Work) -> Sequence[str]:
    """Return the links of a paper, the one that `o` opens first. Only web addresses."""
    arxiv = f"https://arxiv.org/abs/{work.arxiv_id}" if work.arxiv_id else ""
    doi = f"https://doi.org/{work.doi}" if work.doi else ""
    found = dict.fromkeys([work.url, arxiv, doi, *work.code_urls, work.pdf_url])
    return [url for url in found if url.startswith(("https://", "http://"))]


def _links(work: Work) -> Paragraph:
    """Return the links with the numbers by which they are opened, on one line where they fit."""
    line = ""
    spans = []
    kinds = {**dict.fromkeys(work.code_urls, "code "), work.pdf_url: "pdf "}
    for number, url in enumerate(links(work), 1):
        line += f"{'   ' if line else ''}[{number}] {kinds.get(url, '')}"
        start = len(line)
        line += clean(short_address(url))
        spans.append(Span(start, len(line), Look.LINK, url))
    return Paragraph(line, is_quiet=True, spans=spans)


def short_address(url: str) -> str:
    """Return an address as short as it can be told: ``github.com/…/ExLM``."""
    host, *parts = url.partition("://")[2].rstrip("/").split("/")
    host = host.removeprefix("www.")
    if host in ("arxiv.org", "doi.org") or not parts:
        return host
    name = parts[-1] if len(parts[-1]) <= _LONGEST_NAME else f"{parts[-1][:_LONGEST_NAME]}…"
    return f"{host}/{'…/' if len(parts) > 1 else ''}{name}"


def _changed(entry: Entry) -> Iterator[Paragraph]:
    """Yield what changed since the version about which was decided."""
    newer = new_version(entry)
    if newer is None:
        return
    since = f", since version {newer.since}" if newer.since else ""
    same = "" if newer.title or newer.abstract.new or newer.abstract.gone else ": the same abstract"
    yield Paragraph(f"new   version {newer.number}{since}{same}", is_quiet=True)
    if newer.title:
        yield _sentence("−", newer.title, Look.GONE)
        yield _sentence("+", entry.work.title, Look.ADDED)
    for sentence in newer.abstract.gone:
        yield _sentence("−", sentence, Look.GONE)
    for sentence in newer.abstract.new:
        yield _sentence("+", sentence, Look.ADDED)


def _sentence(sign: str, text: str, look: Look) -> Paragraph:
    shown = shown_tex(clean(text))
    return Paragraph(
        shown, indent=1, first=f"{sign} ", rest="  ", spans=(Span(0, len(shown), look),)
    )


# --- the abstract and what is below


def _abstract(work: Work, highlights: Highlights | None) -> Paragraph:
    if not work.abstract:
        return Paragraph("No abstract.", is_quiet=True)
    shown = shown_tex(clean_text(work.abstract))
    spans = _matches(shown, highlights.abstract if highlights else None)
    return Paragraph(shown, indent=1, spans=spans)


def _notes(notes: Sequence[Note], beside: Beside) -> Iterator[Paragraph]:
    if not notes:
        return
    from papertray.tui.markdown_shown import shown_markdown

    highlighter = beside.highlights.note if beside.highlights else None
    for note in notes:
        title = f"note {note.title}".strip()
        yield Paragraph(clean(f"{title}, {note.updated[:10]}"), is_quiet=True)
        for each in shown_markdown(_beginning(note.body)):
            spans = [*each.spans, *_matches(each.text, highlighter)]
            yield Paragraph(
                each.text, each.is_strong, each.is_quiet, 1, spans, each.first, each.rest
            )
        yield _BLANK


def _beginning(body: str) -> str:
    """Return a note up to a line's end, as far as it is shown here: nobody waits for a book."""
    if len(body) <= MOST_OF_NOTE:
        return body
    shown = body[:MOST_OF_NOTE]
    return (shown.rpartition("\n")[0] or shown) + "\n\n…\n"


def _below(entry: Entry, beside: Beside) -> Iterator[Paragraph]:
    lines = [
        ("tags", "  ".join(entry.tags)),
        ("seen", "; ".join(_listings(entry.sightings))),
        ("pile", _standing(entry, beside.moved)),
        ("key", entry.citekey),
        ("file", "  ".join(file.path.rpartition("/")[2] for file in beside.files)),
        ("note", f"linked from {counted(beside.linking, 'note')}" if beside.linking else ""),
    ]
    for name, said in lines:
        if said:
            yield Paragraph(clean(said), is_quiet=True, first=f"{name:<6}", rest=" " * 6)


def _listings(sightings: Sequence[Sighting]) -> Iterator[str]:
    for one in sightings[:MOST_LISTINGS]:
        rank = f" #{one.rank}" if one.rank else ""
        votes = f", {counted(one.votes, 'vote')}" if one.votes else ""
        yield f"{one.feed}{rank}{votes}, {one.seen[:10]}"
    if len(sightings) > MOST_LISTINGS:
        yield f"and {len(sightings) - MOST_LISTINGS:,} more"


def _standing(entry: Entry, moved: OpLine | None) -> str:
    """Return in which pile a paper lies, since when, and why."""
    said = NAMES[entry.pile]
    if moved is not None:
        at = datetime.fromisoformat(moved.at) + timedelta(minutes=moved.utc_offset)
        said += f" on {at:%Y-%m-%d}"
        match moved.origin:
            case "rule":
                said += f" by the rule {moved.reason}"
            case "expire":
                said += ", expired"
            case _:
                said += f", because {moved.reason}" if moved.reason else ""
    if entry.done:
        said += f", done on {entry.done}"
    if entry.snoozed:
        said += f", snoozed until {entry.snoozed}"
    return said


def _matches(text: str, spans_of: Highlighter | None) -> Sequence[Span]:
    return [Span(*place, Look.MATCH) for place in spans_of(text)] if spans_of is not None else ()
