"""What the preview and the card say of a paper. Pure: from an entry to paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from papertray.core.clean import clean, clean_text
from papertray.core.model import Entry, Pile, Work
from papertray.tui.text import Paragraph

NAMES = {Pile.INBOX: "inbox", Pile.READ: "read", Pile.STARRED: "starred",
         Pile.SKIP: "skipped"}  # fmt: skip

_BLANK = Paragraph("")


def paragraphs(entry: Entry) -> list[Paragraph]:
    """Return everything a reader wants to know of a paper, most important first, all clean."""
    work = entry.work
    found = [Paragraph(clean(work.title), is_strong=True)]
    found += [Paragraph(line, is_quiet=True) for line in _about(entry)]
    found += [_BLANK, *_abstract(work)]
    below = _notes(entry) + _below(entry)
    return [*found, _BLANK, *below] if below else found


def _about(entry: Entry) -> list[str]:
    work = entry.work
    venue = work.venue.short or work.venue.name
    arxiv = f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""
    parts = [authors(work), str(work.year or ""), venue, arxiv, work.doi]
    lines = [clean("   ".join(part for part in parts if part))]
    if work.comment:
        lines.append(clean(f"comment: {work.comment}"))
    urls = links(work)
    if urls:
        numbered = (f"[{number}] {url}" for number, url in enumerate(urls, 1))
        lines.append(clean("  ".join(numbered)))
    return [line for line in lines if line]


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


def _abstract(work: Work) -> list[Paragraph]:
    if not work.abstract:
        return [Paragraph("No abstract.", is_quiet=True)]
    return [Paragraph(clean_text(work.abstract), indent=1)]


def _notes(entry: Entry) -> list[Paragraph]:
    found = []
    for note in entry.notes:
        title = f"note {note.title}".strip()
        found.append(Paragraph(clean(f"{title}, {note.updated[:10]}"), is_quiet=True))
        found.append(Paragraph(clean_text(note.body.rstrip()), indent=1))
    return found


def _below(entry: Entry) -> list[Paragraph]:
    found = []
    if entry.tags:
        found.append(f"tags  {'  '.join(entry.tags)}")
    seen = [
        f"{sighting.feed}{f' #{sighting.rank}' if sighting.rank else ''}, {sighting.seen[:10]}"
        for sighting in entry.sightings[:6]
    ]
    if seen:
        found.append(f"seen  {'; '.join(seen)}")
    stands = NAMES[entry.pile]
    if entry.done:
        stands += f", done {entry.done}"
    found.append(f"pile  {stands}" + (f"   key  {entry.citekey}" if entry.citekey else ""))
    return [Paragraph(clean(line), is_quiet=True) for line in found]
