"""RSS of arXiv's papers: today's, the one before 2024, and that of others."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Record, Sighting, Unread, Version
from papertray.feeds import arxiv_rss

FEED = """<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 version="2.0"><channel><link>{link}</link>{items}</channel></rss>"""


def read(items: str) -> list[Record | Unread]:
    data = FEED.format(link="http://rss.arxiv.org/rss/cs.LG", items=items)
    return list(arxiv_rss.read(io.BytesIO(data.encode())))


def record(inner: str) -> Record:
    (found,) = read(f"<item>{inner}</item>")
    assert isinstance(found, Record)
    return found


def announced(announce_type: str, abstract: str = "Words.") -> Record:
    return record(
        f"""<title>A Title</title><link>https://arxiv.org/abs/2601.00002</link>
        <description>arXiv:2601.00002v3 Announce Type: {announce_type} \nAbstract: {abstract}
        </description><guid isPermaLink="false">oai:arXiv.org:2601.00002v3</guid>
        <category>cs.LG</category><category>cs.AI</category>
        <pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>
        <dc:creator>Ada Lee, Bo Ek (House)</dc:creator>"""
    )


@pytest.mark.parametrize("announce_type", ["new", "cross", "replace", "replace-cross"])
def test_announcements_of_all_kinds_belong_to_the_paper(announce_type: str) -> None:
    found = announced(announce_type)
    assert (found.work.arxiv_id, found.arxiv_version) == ("2601.00002", 3)
    assert found.work.abstract == "Words."
    assert (found.work.year, found.work.month, found.work.day) == (2026, 1, None)
    assert found.sightings == (Sighting(seen="2026-11-20T05:00:00.000Z"),)
    assert found.extra == {
        "arxiv": {"announce_type": announce_type, "authors": "Ada Lee, Bo Ek (House)"}
    }


@pytest.mark.parametrize("word", ["<EOS>", "<SEG>", "<b", "<i>x</i>", "[MASK]", "P*"])
def test_no_word_of_an_abstract_is_taken_for_markup(word: str) -> None:
    told = word.replace("<", "&lt;").replace(">", "&gt;")
    assert announced("new", f"The {told} ends.").work.abstract == f"The {word} ends."


def test_an_empty_feed_is_a_feed() -> None:
    data = FEED.format(link="http://rss.arxiv.org/rss/cs.LG", items="<skipDays/>").encode()
    assert arxiv_rss.recognise(data, "x")
    assert list(arxiv_rss.read(io.BytesIO(data))) == []


@pytest.mark.parametrize(
    ("title", "read_title", "version", "announce_type"),
    [
        ("A Title. (arXiv:2101.00001v1 [cs.LG])", "A Title", 1, ""),
        ("A Title. (arXiv:2101.00001v2 [cs.LG] UPDATED)", "A Title", 2, "replace"),
        ("A Title? (arXiv:2101.00001v1 [cs.LG] CROSS LISTED)", "A Title?", 1, "cross"),
        ("A Title (of X). (arXiv:2101.00001)", "A Title (of X)", None, ""),
        ("On (arXiv:2101.00001 and others", "On (arXiv:2101.00001 and others", None, ""),
    ],
)
def test_titles_before_2024(
    title: str, read_title: str, version: int | None, announce_type: str
) -> None:
    found = record(f"<title>{title}</title><link>http://arxiv.org/abs/2101.00001</link>")
    assert (found.work.title, found.arxiv_version) == (read_title, version)
    assert found.work.arxiv_id == "2101.00001"
    arxiv = found.extra.get("arxiv", {})
    assert isinstance(arxiv, dict)
    assert arxiv.get("announce_type", "") == announce_type


HTML = """
<p> Ada Lee, Ludwig van Berg </p> <p> We see z ~ 6 at R~1000 (10<sup>-1</sup>, &gt;3 &amp;ndash; 4).
</p><p>Twice.</p> <p> <b> Published: </b> 2026-08-01T17:49:40Z </p>
<p> <b> Updated: </b> 2026-08-14T17:49:40Z </p> <p> <b> Comments: </b> 3 pages </p>
<p> <b> PDF: </b> <a href="https://arxiv.org/pdf/2608.00007v2"> the PDF </a> </p>"""


def test_feeds_of_others_with_html() -> None:
    told = HTML.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    found = record(
        f"""<title>At z ~ 6</title><link>https://arxiv.org/abs/2608.00007v2</link>
        <description>{told}</description><author>Ada Lee</author>"""
    )
    work = found.work
    assert work.title == "At z ~ 6"
    assert work.abstract == "We see z ~ 6 at R~1000 (10⁻¹, >3 – 4).\nTwice."
    assert [author.display for author in work.authors] == ["Ada Lee", "Ludwig van Berg"]
    assert (work.year, work.month, work.day, work.comment) == (2026, 8, 1, "3 pages")
    assert [version.version for version in found.versions] == [1, 2]
    assert found.versions[1] == Version(2, work.title, work.abstract, "2026-08-14T17:49:40.000Z")
    assert found.original["abstract"].startswith("<p> Ada Lee")


@pytest.mark.parametrize(
    "piece", ["<p><b>" + " " * 60_000, "<p>" * 30_000, "<p><b>" * 9_000, "</p " * 20_000, "(arXiv:"]
)
def test_html_takes_no_longer_than_its_length(piece: str) -> None:
    told = f"<p>Words.</p>{piece}".replace("<", "&lt;")
    assert record(f"<title>A {told}</title><description>{told}</description>").work.title
    arxiv_rss.recognise(f"<rss><item><guid>{piece[:60_000]}".encode(), "x")


@pytest.mark.parametrize(
    ("items", "link", "is_ours"),
    [
        ("<item><guid>oai:arXiv.org:2601.00001v1</guid></item>", "http://x.org", True),
        ("<item><link>https://arxiv.org/abs/2601.00001</link></item>", "http://x.org", True),
        ("<item><link><![CDATA[https://arxiv.org/abs/2601.00001]]></link></item>", "x", True),
        ("", "https://rss.arxiv.org/rss/cs.LG", True),
        ("", "http://x.org", False),
        # A blog that tells of one paper is no feed of arXiv's.
        ("<item><link>https://arxiv.org/abs/2601.00001</link></item>"
         "<item><link>https://x.org/1</link></item>", "http://x.org", False),
        ("<item><link>https://x.org/1</link><description>arxiv.org/abs/2601.00001</description>"
         "</item>", "http://x.org", False),
    ],
)  # fmt: skip
def test_recognising(items: str, link: str, is_ours: bool) -> None:
    assert arxiv_rss.recognise(FEED.format(link=link, items=items).encode(), "x") is is_ours
