"""General feeds: nothing of a text is lost, identifiers are found wherever a feed has them."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertray.core.model import Record, Unread, Venue
from papertray.feeds import journal_feed
from papertray.feeds.streams import Opened, Pieces

DATA = Path(os.environ.get("PAPERTRAY_TEST_DATA", "/nonexistent")) / "feed_suites"

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:prism="http://prismstandard.org/namespaces/2.0/basic/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)


def rss(item: str, channel: str = "") -> bytes:
    """Return a feed with one item."""
    text = f'<rss version="2.0" {SPACES}><channel>{channel}<item>{item}</item></channel></rss>'
    return text.encode()


def the_record(data: bytes) -> Record:
    """Return the one record of a feed."""
    (found,) = journal_feed.read(io.BytesIO(data))
    assert isinstance(found, Record)
    return found


def test_elsevier_says_all_in_the_description() -> None:
    told = (
        "<![CDATA[<p>Publication date: March 2024</p><p><b>Source:</b> Journal of Gates, "
        "Volume 328, Issue 2</p><p>Author(s): Ada Lovelace, Alan M. Turing</p>]]>"
    )
    found = the_record(rss(f"<title>Learning</title><description>{told}</description>"))
    assert (found.work.abstract, found.work.year, found.work.month) == ("", 2024, 3)
    assert [author.family for author in found.work.authors] == ["Lovelace", "Turing"]
    assert found.work.venue == Venue("Journal of Gates", "journal", volume="328", number="2")
    assert "Publication date" in found.original["abstract"]


@pytest.mark.parametrize(
    ("description", "content"),
    [
        ("Author(s): A. Lovelace and B. Turing&lt;br/&gt;&lt;p&gt;We see.&lt;/p&gt;"
         "&lt;br/&gt;[Phys. Rev. Lett. 1, 2] Published Tue Jan 02, 2024", ""),
        ("", "&lt;p&gt;Nature, Published online: 03 January 2024; &lt;a href='x'&gt;"
         "doi:10.1038/s4&lt;/a&gt;&lt;/p&gt;We see."),
        ("Journal of Gates, EarlyView. &lt;br/&gt;", "&lt;p&gt;We see.&lt;/p&gt;"),
        ("Gates, Volume 3, Issue 2, Page 1-20, January 2024. &lt;br/&gt;We see.", ""),
        ("Volume 12, Issue 3, 2024, Page 1-20", "We see."),
        ("We see.", ""),
    ],
)  # fmt: skip
def test_notices_of_publishers_are_no_part_of_an_abstract(description: str, content: str) -> None:
    item = f"<description>{description}</description><content:encoded>{content}</content:encoded>"
    found = the_record(rss(f"<title>T</title>{item}"))
    assert found.work.abstract == "We see."


def test_a_title_that_is_not_in_an_issue_yet() -> None:
    found = the_record(rss("<title>[ASAP] Making Bonds</title>"))
    assert (found.work.title, found.original["title"]) == ("Making Bonds", "[ASAP] Making Bonds")


def test_tags_in_a_title_that_is_said_to_be_plain() -> None:
    entry = "<entry><title>A study of &lt;i&gt;E. coli&lt;/i&gt; and &lt;EOS&gt;</title></entry>"
    found = the_record(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode())
    assert found.work.title == "A study of E. coli and <EOS>"


def test_a_notice_alone_is_no_abstract() -> None:
    told = "&lt;div&gt;Journal of Gates&lt;/div&gt;&lt;div&gt;DOI: 10.5555/j.1&lt;/div&gt;"
    item = f"<title>T</title><description>{told}</description>"
    found = the_record(rss(item, "<title>Journal of Gates: Latest Articles</title>"))
    assert found.work.abstract == ""
    assert "10.5555/j.1" in found.original["abstract"]


@pytest.mark.parametrize("wrapped", ["{}", "<![CDATA[{}]]>"])
def test_tokens_that_look_like_tags_survive_in_titles_and_descriptions(wrapped: str) -> None:
    if "CDATA" in wrapped:
        text = wrapped.format("The <EOS> and <SEG> of [MASK]")
    else:
        text = wrapped.format("The &lt;EOS&gt; and &lt;SEG&gt; of [MASK]")
    work = the_record(rss(f"<title>{text}</title><description>{text}</description>")).work
    assert work.title == work.abstract == "The <EOS> and <SEG> of [MASK]"


@pytest.mark.parametrize(
    ("told", "doi"),
    [
        ("<prism:doi>10.5555/a.b</prism:doi>", "10.5555/a.b"),
        ("<dc:identifier>doi:10.5555/a.b</dc:identifier>", "10.5555/a.b"),
        ("<guid>https://doi.org/10.5555/a.b</guid>", "10.5555/a.b"),
        ("<guid isPermaLink='false'>10.5555/a.b</guid>", "10.5555/a.b"),
        ("<link>https://example.org/doi/abs/10.5555/a.b?af=R</link>", "10.5555/a.b"),
        ("<link>https://example.org/content/10.1101/2020.01.02.123v2?rss=1</link>",
         "10.1101/2020.01.02.123"),
        ("<link>https://example.org/10.5555/a.b/full</link>", "10.5555/a.b"),
        ("<link>https://example.org/articles/12</link>", ""),
    ],
)  # fmt: skip
def test_a_doi_is_found_wherever_it_stands(told: str, doi: str) -> None:
    assert the_record(rss(f"<title>T</title>{told}")).work.doi == doi


def test_other_identifiers_join_too() -> None:
    record = the_record(
        rss("<title>T</title><guid>pubmed:123</guid><link>http://arxiv.org/abs/2401.00001v2</link>")
    )
    assert record.identifiers == (("pubmed", "123"),)
    assert record.work.arxiv_id == "2401.00001"


def test_what_says_something_else_is_kept_as_it_is() -> None:
    record = the_record(
        rss("<title>T</title><dc:identifier>hwp:372</dc:identifier><category>News</category>")
    )
    assert record.extra == {"feed": {"dc:identifier": "hwp:372", "category": "News"}}


@pytest.mark.parametrize(
    ("summary", "content", "abstract", "kept"),
    [
        ("We show …", "<p>We show it all.</p>", "We show it all.", "description"),
        ("In short.", "<p>A long text.</p>", "In short.", "content:encoded"),
        ("The same.", "<p>The same.</p>", "The same.", ""),
        ("", "<p>Only this.</p>", "Only this.", ""),
    ],
)
def test_the_abstract_is_the_summary_unless_that_is_cut(
    summary: str, content: str, abstract: str, kept: str
) -> None:
    told = f"<description>{summary}</description><content:encoded><![CDATA[{content}]]>"
    record = the_record(rss(f"<title>T</title>{told}</content:encoded>"))
    assert record.work.abstract == abstract
    more = record.extra.get("feed", {})
    assert isinstance(more, dict)
    assert set(more) == ({kept} if kept else set())


def test_a_feeds_title_is_a_venue_only_where_it_is_a_journal() -> None:
    item, title = "<title>T</title>", "<title>Some Journal</title>"
    assert the_record(rss(item, title)).work.venue.name == ""
    assert (
        the_record(rss(item, f"{title}<prism:issn>1</prism:issn>")).work.venue.name
        == "Some Journal"
    )
    of_its_own = f"{item}<prism:publicationName>Own</prism:publicationName>"
    assert (
        the_record(rss(of_its_own, f"{title}<prism:issn>1</prism:issn>")).work.venue.name == "Own"
    )


def test_an_item_without_a_title_is_named() -> None:
    (found,) = journal_feed.read(io.BytesIO(rss("<description>Only this.</description>")))
    assert isinstance(found, Unread)
    assert found.reason == "the item has no title"
    assert b"Only this." in found.data


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html><head><title>A feed</title></head></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><title>rss</title></svg>',
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><x/></rdf:RDF>',
        b"<opml><body><outline type='rss'/></body></opml>",
        b"<feed xmlns='http://example.org/food'/>",
        b'{"title": "A", "items": []}',
        b"rss",
    ],
)
def test_what_is_no_feed_is_left_to_others(data: bytes) -> None:
    assert not journal_feed.recognise(data, "feed.xml")


def suites() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the test suites of feedparser and of the W3C's feed validator."""
    for archive in sorted(DATA.glob("*.tar.gz")):
        with tarfile.open(archive) as files:
            for member in files:
                if (file := files.extractfile(member)) is not None:
                    yield member.name, file.read()


DIFFERENT = {
    # Microsoft's CDF of 1997, and a namespace that is nobody's: no feeds here.
    *(f"tests/wellformed/cdf/item_{name}.xml" for name in (
        "abstract_map_description", "abstract_map_summary", "href_map_links", "lastmod_parsed",
        "title")),
    "testcases/atom/1.2/wrong-namespace.xml",
    # An empty entry, two of them within the source of another.
    "testcases/atom/4.2.11/missing-self.xml",
    "testcases/atom/4.2.11/source-entry.xml",
    "testcases/atom/must/entry_id_missing.xml",
}  # fmt: skip
"""Files where feedparser counts an entry more."""


@pytest.mark.long
@pytest.mark.skipif(not DATA.exists(), reason="PAPERTRAY_TEST_DATA names no folder of real files")
def test_the_suites_hold_the_items_that_feedparser_finds() -> None:
    feedparser = pytest.importorskip("feedparser")
    different: set[str] = set()
    for name, data in suites():
        opened = Opened(Pieces([data]), name)
        found = list(journal_feed.read(opened.stream()))
        is_feed = journal_feed.recognise(opened.head, name)
        number = sum(
            isinstance(item, Record) or (isinstance(item, Unread) and "no title" in item.reason)
            for item in found
        )
        if len(feedparser.parse(data).entries) != (number if is_feed else 0):
            different.add(name)
    assert different == DIFFERENT
