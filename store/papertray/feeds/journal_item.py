"""From what an item of a feed says, by name, to a record. The names are those of `SPACES`.

Where they come from: RSS 0.9x, 1.0 and 2.0, Atom (RFC 4287), Dublin Core, PRISM (what publishers
say of an article), and the pages of single publishers where they leave the rest to the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.model import Author, Json, Record, Sighting, Unread, Venue, Work
from papertray.core.names import parse_authors
from papertray.feeds.instants import date_in, instant_in
from papertray.feeds.journal_words import Words, words_of
from papertray.feeds.texts import Dialect, Texts
from papertray.feeds.written_dates import written_date


class Text(NamedTuple):
    """A text of a feed and how it is written."""

    text: str
    dialect: Dialect = "html"


@dataclass(slots=True)
class FeedItem:
    """What an item says: `texts` by name (``dc:creator``), links as (relation, type, address).

    `more` is what is kept as it is.
    """

    texts: dict[str, list[Text]] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    more: dict[str, Json] = field(default_factory=dict)

    def add(self, name: str, text: str, dialect: Dialect = "html") -> None:
        """Keep a text that is not blank."""
        if text.strip():
            self.texts.setdefault(name, []).append(Text(text, dialect))

    def take(self, *names: str) -> str:
        """Return the first text under the first of `names` that has one; it counts as taken."""
        for name in names:
            if name in self.texts:
                found = self.texts[name].pop(0).text.strip()
                if not self.texts[name]:
                    del self.texts[name]
                return found
        return ""

    def take_all(self, *names: str) -> list[str]:
        """Return all texts under the first of `names` that has any; they count as taken."""
        for name in names:
            if found := self.texts.pop(name, []):
                return [one.text.strip() for one in found]
        return []


@dataclass(frozen=True, slots=True)
class FeedItself:
    """What a feed says of itself, for items that do not say it."""

    title: str = ""
    publication: str = ""
    issn: str = ""
    publisher: str = ""


_TITLES = ("title", "dc:title", "media:title")
_SUMMARIES = ("description", "summary", "dc:description", "prism:teaser")
_CONTENTS = ("content:encoded", "content", "xhtml:body", "dcterms:abstract")
_NAMES = ("author", "dc:creator", "citation_author", "dc:author")
_DATES = (
    "prism:coverDate", "prism:publicationDate", "citation_publication_date", "dc:date",
    "dcterms:issued", "published", "pubDate", "issued", "dcterms:created", "updated", "modified",
)  # fmt: skip
_ARRIVALS = ("pubDate", "published", "dc:date", "issued", "updated", "modified")
_DOIS = ("prism:doi", "dc:doi", "arxiv:doi", "citation_doi", "doi")


def record_of(item: FeedItem, feed: FeedItself, place: str) -> Record | Unread:
    """Return the record of an item, or an Unread if it has no title. Empties the item."""
    titles = next((item.texts.pop(name) for name in _TITLES if name in item.texts), [])
    if not titles:
        return Unread(place, "the item has no title")
    title = Texts("html" if _TAGGED.search(titles[0].text) else titles[0].dialect)
    work_title = _IN_PRESS.sub("", title.title(titles[0].text))
    if _IN_PRESS.match(titles[0].text):
        title.original["title"] = titles[0].text
    if not work_title:
        return Unread(place, "the item has no title")
    for name in _TITLES:
        if [one.text for one in item.texts.get(name, ())] == [titles[0].text]:
            item.take(name)  # told twice
    words, original = _abstract(item, feed.publication or feed.title)
    dates = {name: item.texts[name][0].text for name in (*_DATES, *_ARRIVALS) if name in item.texts}
    year, month, day = next(
        (found for name in _DATES if (found := _date(dates.get(name, "")))[0]), (None, None, None)
    )
    if year is None:
        year, month, day = written_date(words.date)[:3]
    seen = next((at for name in _ARRIVALS if (at := instant_in(dates.get(name, "")))), "")
    url, pdf = _addresses(item)
    known = _identifiers(item, url)
    venue = _venue(item, feed)
    if words.journal and not (venue.volume or venue.pages):
        venue = replace(
            venue, name=words.journal, type="journal", volume=words.volume, number=words.number
        )
    work = Work(
        title=work_title,
        abstract=words.abstract,
        authors=_authors(item) or parse_authors(words.authors),
        type="article" if venue.type == "journal" else "",
        year=year, month=month, day=day,
        venue=venue,
        doi=known.pop("doi", ""),
        arxiv_id=known.pop("arxiv", ""),
        url=url,
        pdf_url=pdf,
    )  # fmt: skip
    rest: dict[str, Json] = dict(item.more)
    for name, texts in item.texts.items():
        told: list[Json] = [one.text.strip() for one in texts]
        rest[name] = told[0] if len(told) == 1 else told
    return Record(
        work=work,
        identifiers=tuple(known.items()),
        sightings=(Sighting(seen=seen),) if seen else (),
        original={**title.original, **original},
        extra={"feed": rest} if rest else {},
        place=place,
    )


# PLOS has tags in titles of Atom that say they are plain.
_TAGGED = re.compile(r"<(i|b|em|strong|su[bp])>[^<>]*</\1>", re.IGNORECASE)
# What the American Chemical Society writes before titles until they are in an issue.
_IN_PRESS = re.compile(r"\A\s*+\[ASAP\]\s*+(?=\S)")


def _date(text: str) -> tuple[int | None, int | None, int | None]:
    """Return the date that a text says, which may be a year, or a year and a month."""
    found = date_in(text)
    if found[0] is None and (partial := _PARTIAL_DATE.fullmatch(text.strip())):
        year, month = int(partial[1]), int(partial[2] or 0)
        return year, month if 1 <= month <= 12 else None, None
    return found


_PARTIAL_DATE = re.compile(r"([12][0-9]{3})(?:[-/]([0-9]{1,2}))?")


def _abstract(item: FeedItem, journal: str) -> tuple[Words, dict[str, str]]:
    """Return the abstract and what came where that differs: the summary, or the whole content.

    A summary is left for the content if it is only the beginning of it; what was not chosen stays
    in the item.
    """
    found: list[tuple[Words, Texts, str]] = []
    for names in (_SUMMARIES, _CONTENTS):
        name = next((name for name in names if name in item.texts), "")
        if name:
            text, dialect = item.texts[name][0]
            texts = Texts(dialect)
            if abstract := texts.abstract(text):
                words = words_of(abstract, journal)
                if words.abstract != abstract:
                    texts.original.setdefault("abstract", text)
                found.append((words, texts, name))
    if not found:
        return Words(""), {}
    abstracts = [words.abstract for words, _, _ in found]
    chosen = 1 if len(found) == 2 and _is_beginning(*abstracts) else 0
    words, texts, name = found[chosen]
    item.take(name)
    if len(found) == 2 and abstracts[0] == abstracts[1]:
        item.take(found[1 - chosen][2])  # told twice
    return words, texts.original


def _is_beginning(short: str, long: str) -> bool:
    """Tell whether a text is the beginning of another: cut, as its last word may be."""
    letters = re.sub(r"[\W_]+", "", short[: -_ELLIPSIS if len(short) > 2 * _ELLIPSIS else None])
    return len(long) > len(short) and re.sub(r"[\W_]+", "", long).startswith(letters)


_ELLIPSIS = 16
"""Letters at the end of a cut text that are left out of account: ``… Read more``."""


def _authors(item: FeedItem) -> tuple[Author, ...]:
    found: list[Author] = []
    for name in _NAMES:
        told = [_named(text) for text in item.take_all(name)]
        several = [text for text in told if text]
        for author in parse_authors(several[0] if len(several) == 1 else several):
            if author not in found:
                found.append(author)
    return tuple(found)


def _named(text: str) -> str:
    """Return the name in ``jane@example.org (Jane Doe)``, as RSS has authors, or the text."""
    found = _MAIL.fullmatch(text)
    if found is None:
        return Texts("html").line("authors", text)
    return (found[1] or found[2] or "").strip()


_MAIL = re.compile(
    r"\s*(?:[^\s@<>()]+@[^\s@<>()]+\s*(?:\(([^()]*)\))?|([^<>]*)<[^\s@<>]+@[^<>]+>)\s*"
)


def _addresses(item: FeedItem) -> tuple[str, str]:
    """Return the address of the item's page and of its PDF."""
    guid = item.texts["guid"][0].text.strip() if "guid" in item.texts else ""
    pages = [
        *item.take_all("feedburner:origLink"),
        *(address for relation, kind, address in item.links
          if relation in ("", "alternate") and "pdf" not in kind),
        *item.take_all("link"), *item.take_all("prism:url"), *item.take_all("url"),
        guid, *(text.text.strip() for text in item.texts.get("id", ())), *item.take_all("about"),
    ]  # fmt: skip
    page = next((one for one in pages if one.startswith(("http://", "https://"))), "")
    pdf = next((address for _, kind, address in item.links if "pdf" in kind), "")
    others: list[Json] = [
        [relation, kind, address]
        for relation, kind, address in item.links
        if address not in (page, pdf)
    ]
    if others:
        item.more["links"] = others
    for name in ("guid", "id"):
        if name in item.texts and item.texts[name][0].text.strip() == page:
            item.take(name)
    return page, pdf


_DOI_IN_ADDRESS = re.compile(r"10\.[0-9]{4,9}/[^\s?#&\"<>]+")
_AFTER_DOI = re.compile(
    r"(?:/(?:abstract|full|fulltext|pdf|epdf|meta|html)|\.pdf)+$|(?<=[0-9])v[0-9]+(?:\.full)?$",
    re.IGNORECASE,
)


def _identifiers(item: FeedItem, url: str) -> dict[str, str]:
    """Return the identifiers of an item by scheme: from its own fields first, then addresses."""
    found: dict[str, str] = {}
    for text in item.take_all(*_DOIS):
        if doi := bare_doi(text):
            found.setdefault("doi", doi)
    for name in ("dc:identifier", "dcterms:identifier", "guid", "id", "about"):
        left: list[Text] = []
        for one in item.texts.pop(name, ()):
            scheme, value = _identifier(one.text.strip())
            if not scheme or found.setdefault(scheme, value).casefold() != value.casefold():
                left.append(one)
        if left:
            item.texts[name] = left
    for address in (url, *(address for _, _, address in item.links)):
        if "doi" not in found and (in_address := _DOI_IN_ADDRESS.search(address)):
            doi = bare_doi(_AFTER_DOI.sub("", in_address[0]).rstrip("/.,;"))
            if doi:
                found["doi"] = doi
        if "arxiv" not in found and "arxiv.org/" in address and (arxiv := split_arxiv_id(address)):
            found["arxiv"] = arxiv[0]
    return found


_PUBMED = re.compile(r"(?:pmid|pubmed)\s*:\s*([0-9]{1,9})", re.IGNORECASE)


def _identifier(text: str) -> tuple[str, str]:
    """Return (scheme, value) of a text that is an identifier and nothing else, or empty texts."""
    if doi := bare_doi(text.removeprefix("info:doi/").removeprefix("urn:doi:")):
        return "doi", doi
    if pubmed := _PUBMED.fullmatch(text):
        return "pubmed", pubmed[1]
    if arxiv := split_arxiv_id(text):
        return "arxiv", arxiv[0]
    return "", ""


def _venue(item: FeedItem, feed: FeedItself) -> Venue:
    """Return where the item appeared: as it says itself, else as the feed of a journal does."""
    # PRISM's are read even where the venue stays empty, or they would be kept twice.
    told = item.take("prism:publicationName", "citation_journal_title", "prism:publicationTitle")
    source = item.texts.get("dc:source", [Text("")])[0].text.strip()
    if not told and source and not _NO_NAME.search(source):
        told = item.take("dc:source")
    elif told and source == told:
        item.take("dc:source")
    pages = item.take("prism:pageRange")
    first, last = (
        item.take("prism:startingPage", "startPage"),
        item.take("prism:endingPage", "endPage"),
    )
    if not pages and first:
        pages = f"{first}-{last}" if last and last != first else first
    name = _line(told or feed.publication or (feed.title if feed.issn else ""))
    if not name:
        return Venue(volume="", pages=pages)
    return Venue(
        name=name,
        type="journal",
        publisher=_line(item.take("dc:publisher", "prism:publisher") or feed.publisher),
        volume=_line(item.take("prism:volume")),
        number=_line(item.take("prism:number", "prism:issueIdentifier")),
        pages=_line(pages),
    )


_NO_NAME = re.compile(r"https?:|^[0-9\W]+$|\b10\.[0-9]{4}")


def _line(text: str) -> str:
    return Texts("html").line("venue", text)
