"""The feed that a page of the web names, for those who subscribed to the page in its place.

``<link rel="alternate" type="application/rss+xml" href="…">``:
https://www.rssboard.org/rss-autodiscovery
"""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

MOST_BYTES = 256 << 10
"""How much of a page is looked at: its head."""

LONGEST = 200
"""Characters of an address that is told."""

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


def named_feed(page: bytes, url: str) -> str:
    """Return the address of the first feed that a `page`, which lies at `url`, names; else empty.

    It is untrusted: to be shown, and never to be asked unless the user names it.
    """
    links = _Links()
    links.feed(page[:MOST_BYTES].decode("utf-8", "replace"))
    for link in links.found:
        try:
            address = urljoin(url, link.strip())
        except ValueError:  # a bracket too many
            continue
        is_plain = address.isprintable() and " " not in address and len(address) <= LONGEST
        if address != url and is_plain and address.startswith(("http://", "https://")):
            return address
    return ""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        is_alternate = "alternate" in said.get("rel", "").lower().split()
        if tag == "link" and is_alternate and said.get("type", "").lower().strip() in _TYPES:
            self.found.append(said.get("href", ""))
