"""What feed a page names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.feeds.fetching.named_feed import LONGEST, named_feed

PAGE = "https://journal.example.org/home/"


def link(href: str, rel: str = "alternate", kind: str = "application/rss+xml") -> bytes:
    """Return a page with one link."""
    tag = f'<link rel="{rel}" type="{kind}" href="{href}">'
    return f"<!DOCTYPE html><html><head><title>A</title>{tag}</head><body></html>".encode()


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (link("https://journal.example.org/rss"), "https://journal.example.org/rss"),
        (link("/rss"), "https://journal.example.org/rss"),
        (link("rss.xml?a=1&amp;b=2"), "https://journal.example.org/home/rss.xml?a=1&b=2"),
        (link("/atom", "Alternate home", "application/ATOM+xml"), "https://journal.example.org/atom"),
        (link("/style.css", "stylesheet", "text/css"), ""),
        (link("/other-language", kind="text/html"), ""),
        (link("file:///etc/passwd"), ""),
        (link("javascript:alert(1)"), ""),
        (link("https://[::1/") + link("/rss"), "https://journal.example.org/rss"),
        (link("/" + "x" * LONGEST), ""),
        (link("/a\x1b[31m"), ""),
        (b"", ""),
        (b'<link rel="alternate" type="application/rss+xml">', ""),
    ],
)  # fmt: skip
def test_the_feed_of_a_page(page: bytes, feed: str) -> None:
    assert named_feed(page, PAGE) == feed


@given(st.binary(), st.text())
def test_any_bytes_are_looked_at(page: bytes, href: str) -> None:
    named_feed(page, PAGE)
    named_feed(link(href), PAGE)
