"""OPML: lists of feeds from any reader, and ours, which come back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papertray.core.subscriptions import Kind, Subscription
from papertray.feeds.fetching.listed import ListedFeed
from papertray.feeds.fetching.locations import Location
from papertray.feeds.fetching.opml import read_opml, write_opml


def read(outlines: str) -> list[ListedFeed]:
    feeds, unread = read_opml(f'<opml version="2.0"><body>{outlines}</body></opml>'.encode())
    assert not unread
    return feeds


def url(address: str) -> Location:
    return Location(Kind.URL, address)


def test_folders_become_tags() -> None:
    feeds = read(
        '<outline text="Science"><outline title="Physics">'
        '<outline type="rss" title="PRL" text="no" xmlUrl="https://prl.test/rss"/></outline>'
        '<outline type="rss" text="Nature" xmlUrl="https://nature.test/rss"/></outline>'
        '<outline type="rss" text="News" xmlUrl="https://news.test/rss"/>'
    )
    assert feeds == [
        ListedFeed("PRL", url("https://prl.test/rss"), ("Science", "Physics")),
        ListedFeed("Nature", url("https://nature.test/rss"), ("Science",)),
        ListedFeed("News", url("https://news.test/rss")),
    ]


def test_categories_become_tags() -> None:
    (feed,) = read('<outline text="a" category="/News/EU, physics,," xmlUrl="https://a.test"/>')
    assert feed.tags == ("News/EU", "physics")


@pytest.mark.parametrize("name", ["xmlUrl", "xmlURL", "xmlurl", "XMLURL", "url"])
def test_all_spellings_of_the_address(name: str) -> None:
    (feed,) = read(f'<outline type="rss" text="a" {name}=" https://a.test "/>')
    assert feed.place == url("https://a.test")


@pytest.mark.parametrize("title", ["", 'text=""', 'text="" title="  "'])
def test_a_feed_without_a_title_is_called_by_its_host(title: str) -> None:
    (feed,) = read(f'<outline {title} xmlUrl="https://www.example.org/feed5.rss"/>')
    assert feed.name == "example.org"


def test_a_feed_that_is_listed_twice_has_the_tags_of_both() -> None:
    twice = '<outline text="{}"><outline text="{}" xmlUrl="https://a.test"/></outline>'
    feeds = read(twice.format("one", "A") + twice.format("two", "B"))
    assert feeds == [ListedFeed("A", url("https://a.test"), ("one", "two"))]


def test_links_texts_and_included_lists_are_no_feeds() -> None:
    assert not read(
        '<outline text="words"/><outline type="link" url="https://a.test"/>'
        '<outline type="include" url="https://a.test/more.opml"/>'
    )


def test_arxivs_rss_becomes_a_search() -> None:
    (feed,) = read('<outline text="CL" xmlUrl="http://export.arxiv.org/rss/cs.CL"/>')
    assert feed.place.location == "arxiv:cs.CL"
    assert feed.place.note


def test_what_cannot_be_a_feed_is_named() -> None:
    feeds, unread = read_opml(
        b'<opml><body>\n<outline text="Empty" type="rss"/>\n'
        b'<outline text="Mine" xmlUrl="exec:rm -r /"/><outline text="B" xmlUrl="https://b.test"/>'
        b"</body></opml>"
    )
    assert [feed.name for feed in feeds] == ["B"]
    assert [one.place for one in unread] == ["line 2", "line 3"]
    assert unread[0].reason == "Empty has no address"
    assert "runs no programs" in unread[1].reason


@pytest.mark.parametrize(
    "data",
    [
        b'<opml><body><outline text="Wallace & Gromit &eacute;" xmlUrl="https://a.test/?a=1&b=2"/>',
        b'<?xml version="1.0" encoding="ISO-8859-1"?><opml><body>'
        b'<outline text="Wallace &amp; Gromit \xe9" xmlUrl="https://a.test/?a=1&amp;b=2"/>'
        b"</body></opml>",
        '\ufeff<opml><outline text="Wallace &amp; Gromit é" xmlUrl="https://a.test/?a=1&amp;b=2"/>'
        "</opml>".encode("utf-16"),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><opml><body>'
        b'<outline text="Wallace &#38; Gromit &#233;" xmlUrl="https://a.test/?a=1&amp;b=2"></outline>',
    ],
    ids=["cut, not escaped", "Latin-1", "UTF-16", "a type of document"],
)
def test_broken_files_are_read_as_far_as_they_go(data: bytes) -> None:
    feeds, _ = read_opml(data)
    assert [(feed.name, feed.place.location) for feed in feeds] == [
        ("Wallace & Gromit é", "https://a.test/?a=1&b=2")
    ]


@pytest.mark.parametrize("data", [b"", b"not XML", b"<html><p>Hello", b"\0\xff", b"<opml>" * 3000])
def test_what_is_no_opml_has_no_feeds(data: bytes) -> None:
    assert read_opml(data)[0] == []


def test_entities_of_a_file_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    data = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        '<opml><outline text="&e;" xmlUrl="https://a.test"/></opml>'
    )
    assert [feed.name for feed in read_opml(data.encode())[0]] == ["&e;"]


def test_a_list_as_other_readers_see_it() -> None:
    feeds = [
        Subscription(
            1, "Nature", Kind.URL, "https://nature.test/?a=1&b=2", tags=("science", "top")
        ),
        Subscription(2, "CL <new>", Kind.SEARCH, "arxiv:cs.CL", expire=30),
        Subscription(3, "drop", Kind.FOLDER, "/home/ada/new papers"),
    ]
    assert write_opml(feeds).decode().splitlines()[5:-1] == [
        "  <body>",
        '    <outline text="science" title="science">',
        '      <outline type="rss" text="Nature" title="Nature"'
        ' xmlUrl="https://nature.test/?a=1&amp;b=2" category="science,top"/>',
        "    </outline>",
        '    <outline type="rss" text="CL &lt;new&gt;" title="CL &lt;new&gt;"'
        ' xmlUrl="papertray:arxiv:cs.CL" papertray:expire="30"/>',
        '    <outline type="rss" text="drop" title="drop"'
        ' xmlUrl="papertray:/home/ada/new%20papers"/>',
        "  </body>",
    ]


_words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=9
).filter(lambda text: all(ord(sign) not in (0xFFFE, 0xFFFF) for sign in text))
_lines = st.lists(_words, min_size=1, max_size=3).map(" ".join)
_searches = st.one_of(
    st.builds("arxiv:all:{}".format, _lines),
    st.builds("s2:{}".format, _lines),
    st.builds("openalex:{}".format, _lines),
    st.sampled_from(["arxiv:cs.CL+cs.LG", "hf:daily", "biorxiv:cell biology", "issn:2041-1723"]),
)
_places = st.one_of(
    st.tuples(st.just(Kind.URL), st.builds("https://example.org/{}".format, _words)),
    st.tuples(st.just(Kind.SEARCH), _searches),
    st.tuples(st.just(Kind.FOLDER), st.builds("/home/{}".format, _lines)),
)
_subscriptions = st.builds(
    lambda name, place, expire, tags: Subscription(
        0, name, place[0], place[1], expire, tuple(tags)
    ),
    _lines,
    _places,
    st.integers(0, 99999),
    st.lists(_lines, unique=True, max_size=3),
)


@example([Subscription(0, "a", Kind.URL, "https://a.test", tags=("50%2C", "a/b, c", "%"))])
@given(st.lists(_subscriptions, max_size=5, unique_by=lambda one: (one.kind, one.location)))
def test_every_subscription_comes_back(subscriptions: list[Subscription]) -> None:
    feeds, unread = read_opml(write_opml(subscriptions))
    assert not unread
    found = {(one.place.kind, one.place.location): one for one in feeds}
    assert len(feeds) == len(subscriptions)
    for one in subscriptions:
        feed = found[one.kind, one.location]
        assert (feed.name, feed.expire, feed.tags) == (one.name, one.expire, one.tags)


@given(st.text(), st.text())
def test_any_text_can_be_written(name: str, tag: str) -> None:
    one = Subscription(0, name, Kind.URL, "https://a.test", tags=(tag,))
    feeds, _ = read_opml(write_opml([one]))
    assert [feed.place.location for feed in feeds] == ["https://a.test"]
