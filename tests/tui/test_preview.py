"""What the preview says of a paper, in which order, and how it looks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from papertray.core.clean import clean_text
from papertray.core.model import (
    Attachment,
    Author,
    Entry,
    Note,
    Pile,
    Sighting,
    Venue,
    Version,
    Work,
)
from papertray.core.query_parser import parse
from papertray.store.journal import OpLine, Origin
from papertray.tui.highlights import Highlights
from papertray.tui.preview import MOST_OF_NOTE, Beside, links, paragraphs, short_address
from papertray.tui.text import Look, lines_of

from .test_hostile import HOSTILE

WORK = Work(
    title=r"Bounds of $\mathcal{O}(n^2)$ for masks",
    abstract=r"We mask $\alpha_i$ at a rate of $10^{-3}$. Masking helps.",
    authors=(Author("Zheng", "Kangjie"), Author("Yang", "Junwei")),
    year=2025,
    venue=Venue(short="ICML"),
    arxiv_id="2501.13397",
    code_urls=("https://github.com/somebody/ExLM",),
    comment="12 pages",
)
ENTRY = Entry(1, "uid", WORK, Pile.INBOX, "2026-11-20T08:00:00Z")
NOTE = Note(7, "note", 1, "", "# Masks\n\nSee *this* and **that** mask.\n\n- [ ] table 3\n", "",
            "2026-11-23T09:00:00Z", is_main=True)  # fmt: skip
MOVED = OpLine(3, "2026-11-22T23:30:00Z", 60, Origin.SCREEN, "pile", "skip", "inbox", "off-topic",
               is_undo=False, is_live=True)  # fmt: skip


def lines(entry: Entry, beside: Beside | None = None, width: int = 110) -> list[str]:
    """Return the preview as it is read."""
    found = paragraphs(entry, beside or Beside())
    drawn = [line for each in found for line in lines_of(each, width)]
    return [(line.before + line.text).rstrip() for line in drawn]


def looks(entry: Entry, look: Look, beside: Beside | None = None) -> list[str]:
    """Return the pieces of the preview that have a look."""
    return [
        each.text[span.start : span.end]
        for each in paragraphs(entry, beside or Beside())
        for span in each.spans
        if span.look is look
    ]


def test_everything_in_its_order() -> None:
    entry = replace(
        ENTRY,
        tags=("mlm", "to read"),
        citekey="zhengBounds2025",
        notes=(NOTE,),
        sightings=(
            Sighting("daily", "2026-11-22T08:00:00Z", 14, 52),
            Sighting("cs.CL", "2026-11-21T08:00:00Z"),
        ),
        versions=(Version(2, WORK.title, WORK.abstract, "2026-11-20T08:00:00Z"),),
    )
    beside = Beside(files=[Attachment("/somewhere/zheng.pdf")], linking=2)
    assert lines(entry, beside) == [
        "Bounds of 𝒪(n²) for masks",
        'Kangjie Zheng, Junwei Yang   2025   ICML   arXiv:2501.13397v2   comment: "12 pages"',
        "[1] arxiv.org   [2] code github.com/…/ExLM",
        "",
        " We mask αᵢ at a rate of 10⁻³. Masking helps.",
        "",
        "note, 2026-11-23",
        " Masks",
        "",
        " See this and that mask.",
        " - [ ] table 3",
        "",
        "tags  mlm  to read",
        "seen  daily #14, 52 votes, 2026-11-22; cs.CL, 2026-11-21",
        "pile  inbox",
        "key   zhengBounds2025",
        "file  zheng.pdf",
        "note  linked from 2 notes",
    ]


def test_a_bare_paper() -> None:
    assert lines(replace(ENTRY, work=Work("Alone"))) == [
        "Alone", "", "No abstract.", "", "pile  inbox",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("origin", "reason", "said"),
    [
        (Origin.SCREEN, "", "pile  skipped on 2026-11-23"),
        (Origin.SCREEN, "off-topic", "pile  skipped on 2026-11-23, because off-topic"),
        (Origin.RULE, "crypto", "pile  skipped on 2026-11-23 by the rule crypto"),
        (Origin.EXPIRE, "", "pile  skipped on 2026-11-23, expired"),
    ],
)
def test_it_says_why_a_paper_lies_where_it_lies(origin: Origin, reason: str, said: str) -> None:
    moved = replace(MOVED, origin=origin, reason=reason)
    assert lines(replace(ENTRY, pile=Pile.SKIP), Beside(moved))[-1] == said


def test_done_and_snoozed_are_told() -> None:
    assert lines(replace(ENTRY, pile=Pile.READ, done="2026-11-23"))[-1] == (
        "pile  read, done on 2026-11-23"
    )
    assert lines(replace(ENTRY, snoozed="2026-12-24"))[-1] == (
        "pile  inbox, snoozed until 2026-12-24"
    )


def test_what_changed_since_the_version_that_was_decided_has_signs() -> None:
    entry = replace(
        ENTRY,
        work=replace(WORK, title="A newer title", abstract="We mask. It helps a lot."),
        pile=Pile.READ,
        decided="2026-11-21T08:00:00Z",
        versions=(
            Version(1, "An older title", "We mask. It never helps.", "2026-11-20T08:00:00Z"),
            Version(2, "A newer title", "We mask. It helps a lot.", "2026-11-22T08:00:00Z"),
        ),
    )
    assert lines(entry)[4:9] == [
        "new   version 2, since version 1",
        " − An older title",
        " + A newer title",
        " − It never helps.",
        " + It helps a lot.",
    ]
    assert looks(entry, Look.GONE) == ["An older title", "It never helps."]
    assert looks(entry, Look.ADDED) == ["A newer title", "It helps a lot."]


def test_matches_are_marked_in_what_is_shown() -> None:
    entry = replace(ENTRY, notes=(NOTE,))
    masks = Beside(highlights=Highlights(parse("mask", typing=False)))
    assert looks(entry, Look.MATCH, masks) == ["masks", "mask", "Masking", "Masks", "mask"]
    authors = Beside(highlights=Highlights(parse("author:yang", typing=False)))
    assert looks(entry, Look.MATCH, authors) == ["Yang"]


def test_a_note_is_read_as_markdown() -> None:
    entry = replace(ENTRY, notes=(NOTE,))
    assert looks(entry, Look.EMPHASIS) == ["this"]
    assert looks(entry, Look.STRONG) == ["that"]


def test_of_a_note_as_long_as_a_book_the_beginning_is_shown() -> None:
    entry = replace(ENTRY, notes=(replace(NOTE, body="A line of a long note.\n" * 100_000),))
    shown = "\n".join(lines(entry))
    assert len(shown) < MOST_OF_NOTE + 2_000
    assert " …\n" in shown


def test_links_lead_where_their_numbers_do() -> None:
    work = replace(
        WORK, url="https://www.example.org/a/page.html", doi="10.1/x", pdf_url="https://e.org/p.pdf"
    )
    (line,) = [each for each in paragraphs(replace(ENTRY, work=work)) if "[1]" in each.text]
    assert line.text == (
        "[1] example.org/…/page.html   [2] arxiv.org   [3] doi.org   [4] code github.com/…/ExLM   "
        "[5] pdf e.org/p.pdf"
    )
    assert [span.target for span in line.spans] == links(work)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://github.com/a/b/c", "github.com/…/c"),
        ("https://github.com/a/", "github.com/a"),
        ("http://example.org", "example.org"),
        ("https://arxiv.org/abs/2501.1", "arxiv.org"),
        ("https://arxiv.org@evil.example/abs", "arxiv.org@evil.example/abs"),
        ("https://[broken", "[broken"),
        ("https://e.org/" + "x" * 60, "e.org/" + "x" * 40 + "…"),
        ("https://", ""),
    ],
)
def test_short_addresses(url: str, shown: str) -> None:
    assert short_address(url) == shown


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_is_shown_harmless_and_no_wider_than_the_pane(text: str) -> None:
    work = replace(
        WORK, title=text, abstract=f"{text}\n{text}", comment=text, venue=Venue(text),
        authors=(Author(literal=text),), code_urls=(f"https://e.org/{text}",),
    )  # fmt: skip
    entry = replace(
        ENTRY, work=work, tags=(text,), notes=(replace(NOTE, title=text, body=text),),
        sightings=(Sighting(text, "2026-11-22T08:00:00Z"),), decided="2026-11-21T08:00:00Z",
        versions=(Version(1, "old", "Old.", "2026-11-20T08:00:00Z"),
                  Version(2, text, f"New. {text}", "2026-11-22T08:00:00Z")),
    )  # fmt: skip
    beside = Beside(replace(MOVED, reason=text), [Attachment(f"/a/{text}")], 1,
                    Highlights(parse("word", typing=False)))  # fmt: skip
    for line in lines(entry, beside, 38):
        assert clean_text(line) == line
        assert cell_len(line) <= 38
