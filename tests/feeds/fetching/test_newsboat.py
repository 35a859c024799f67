"""newsboat's list of feeds: addresses, tags, titles, and what it has that we have not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.subscriptions import Kind
from papertray.feeds.fetching.listed import ListedFeed
from papertray.feeds.fetching.locations import Location
from papertray.feeds.fetching.newsboat import find_newsboat, read_newsboat


def feed(line: str) -> ListedFeed:
    feeds, unread = read_newsboat(line)
    assert not unread
    (found,) = feeds
    return found


@pytest.mark.parametrize(
    ("line", "name", "tags"),
    [
        ("https://a.test/feed", "a.test", ()),
        ("  https://www.a.test/feed\t\r", "a.test", ()),
        ("https://a.test/feed physics maths physics", "a.test", ("physics", "maths")),
        ('https://a.test/feed "two words" "~A Title"', "A Title", ("two words",)),
        ('"https://a.test/feed" "~The \\"A\\" \\\\ B"', 'The "A" \\ B', ()),
        ('https://a.test/feed "~ first " ~second', "first", ()),
        ("https://a.test/feed ! science", "a.test", ("science",)),
        ('https://a.test/feed "!hidden" science', "a.test", ("science",)),
        ("https://a.test/feed physics # maths", "a.test", ("physics",)),
        ("https://a.test/feed C# F#", "a.test", ("C#", "F#")),
        ('https://a.test/feed ""', "a.test", ()),
        ('https://a.test/feed "not closed', "a.test", ("not closed",)),
        ('https://a.test/feed it"s', "a.test", ('it"s',)),
        ("\ufeffhttps://a.test/feed", "a.test", ()),
    ],
)
def test_a_line(line: str, name: str, tags: tuple[str, ...]) -> None:
    found = feed(line)
    assert found.place.location.startswith("https://")
    assert (found.name, found.tags) == (name, tags)


def test_a_sign_within_an_address_begins_no_comment() -> None:
    assert feed("https://a.test/feed#new").place.location == "https://a.test/feed#new"


def test_only_an_end_of_line_ends_a_line() -> None:
    feeds, unread = read_newsboat('https://a.test "~A\u2028B\x85C"\r\nhttps://b.test\r\n')
    assert ([one.name for one in feeds], unread) == (["A B C", "b.test"], [])


def test_comments_and_empty_lines_say_nothing() -> None:
    assert read_newsboat("# https://a.test\n\n   \n  # more\n") == ([], [])


def test_what_newsboat_does_itself_is_left_behind_with_the_reason() -> None:
    feeds, unread = read_newsboat(
        'https://a.test\n"query:Unread:unread = \\"yes\\"" fun\n'
        '"exec:~/bin/a b"\nfilter:~/bin/x:https://b.test\nfile:///tmp/feed\nhttps://c.test\n'
    )
    assert [one.name for one in feeds] == ["a.test", "c.test"]
    assert [one.place for one in unread] == ["line 2", "line 3", "line 4", "line 5"]
    assert unread[0].reason.startswith('query:Unread:unread = "yes" cannot be a feed')
    assert "runs no programs" in unread[1].reason


def test_arxivs_rss_becomes_a_search() -> None:
    assert feed('https://rss.arxiv.org/rss/cs.CL "~CL"').place.location == "arxiv:cs.CL"


def test_a_feed_that_is_listed_twice_has_the_tags_of_both() -> None:
    feeds, _ = read_newsboat("https://a.test one\nhttps://b.test\nhttps://a.test two one")
    assert [(one.place.location, one.tags) for one in feeds] == [
        ("https://a.test", ("one", "two")),
        ("https://b.test", ()),
    ]


@given(st.text())
def test_whatever_is_in_the_file_is_read(text: str) -> None:
    feeds, unread = read_newsboat(text)
    assert len(feeds) + len(unread) <= 1 + text.count("\n")


_label = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=9
).filter(lambda text: text[0] not in "~!")


@given(st.lists(_label, unique=True, max_size=4), _label)
def test_labels_come_as_newsboat_writes_them(tags: list[str], title: str) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    line = " ".join(["https://a.test", *map(quoted, [*tags, f"~{title}"])])
    wanted = ListedFeed(title, Location(Kind.URL, "https://a.test"), tuple(tags))
    assert feed(line) == wanted


@pytest.mark.parametrize("place", [".newsboat/urls", ".config/newsboat/urls"])
def test_where_newsboat_keeps_it(tmp_path: Path, place: str) -> None:
    assert find_newsboat(tmp_path) is None
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).touch()
    assert find_newsboat(tmp_path) == tmp_path / place
