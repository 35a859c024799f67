"""One item of Zotero's as a record: what its types and fields mean here.

Fields are those of https://github.com/zotero/zotero-schema. What has no place in a record stays
under ``zotero`` in `extra`, by Zotero's own names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence

from papertray.core.citekeys import is_citekey
from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.json_fields import one_line
from papertray.core.model import (
    Attachment,
    Author,
    Decisions,
    Json,
    NoteText,
    Record,
    Unread,
    Venue,
    Work,
)
from papertray.core.names import parse_author
from papertray.feeds.note_facts import NoteFacts
from papertray.feeds.texts import Texts
from papertray.feeds.zotero_annotations import annotations_to_markdown
from papertray.feeds.zotero_notes import note_to_markdown
from papertray.feeds.zotero_words import (
    LinkMode,
    ZoteroAttachment,
    ZoteroCreator,
    ZoteroItem,
    ZoteroNote,
)

TYPES = {
    "journalArticle": "article",
    "magazineArticle": "article",
    "newspaperArticle": "article",
    "preprint": "preprint",
    "conferencePaper": "inproceedings",
    "book": "book",
    "bookSection": "chapter",
    "encyclopediaArticle": "chapter",
    "dictionaryEntry": "chapter",
    "thesis": "thesis",
    "report": "report",
    "dataset": "dataset",
    "computerProgram": "software",
}
"""Zotero's types → ours; all others are `misc`."""

_AMBIGUOUS = frozenset(("magazineArticle", "newspaperArticle", "encyclopediaArticle",
                        "dictionaryEntry"))  # fmt: skip
_VENUE_TYPES = {"article": "journal", "inproceedings": "conference", "chapter": "book"}

_AUTHORS = frozenset(
    "author artist performer sponsor programmer director interviewee cartographer inventor "
    "podcaster presenter".split()
)
"""The creators that Zotero shows as the authors of an item, type by type."""

_TITLES = ("title", "caseName", "nameOfAct", "subject")
_DATES = ("date", "dateDecided", "dateEnacted", "issueDate")
_CONTAINERS = (
    "publicationTitle", "bookTitle", "proceedingsTitle", "encyclopediaTitle", "dictionaryTitle",
    "websiteTitle", "blogTitle", "forumTitle", "programTitle", "conferenceName", "meetingName",
)  # fmt: skip
_PUBLISHERS = (
    "publisher", "university", "institution", "company", "label", "distributor", "studio",
    "network", "organization",
)  # fmt: skip
_VOLUMES = ("volume", "codeVolume", "reporterVolume")
_NUMBERS = (
    "issue", "number", "reportNumber", "patentNumber", "billNumber", "docketNumber",
    "documentNumber", "publicLawNumber", "episodeNumber", "identifier",
)  # fmt: skip
_PAGES = ("pages", "codePages", "firstPage")

_DUAL_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?: (.*))?", re.DOTALL)
_ARXIV_PLACE = re.compile(r"(arxiv:\S+)(?:\s+\[[\w., -]+\])?", re.IGNORECASE)


class Fields:
    """The fields of one item; what is taken leaves, the rest is kept as it came."""

    def __init__(self, item: ZoteroItem) -> None:
        self.left = {name: value for name, value in item.fields.items() if value.strip()}

    def take(self, *names: str) -> str:
        """Take the first of some fields that holds anything."""
        name = next((name for name in names if name in self.left), "")
        return self.left.pop(name, "").strip()


def item_to_record(
    item: ZoteroItem, account: str, find_file: Callable[[ZoteroAttachment], Attachment | None]
) -> Record | Unread:
    """Return the record that an item describes; Unread if it has no title.

    Arguments: `account` is Zotero's name for the library, which makes an item's key unique;
    `find_file` tells where the file of an attachment lies, None where it has none.
    """
    place = f"item {item.key}"
    fields = Fields(item)
    texts = Texts("html")
    title = texts.title(fields.take(*_TITLES))
    if not title:
        data = json.dumps({"type": item.type, **item.fields}, ensure_ascii=False)
        reason = f"it has no title ({_shown(item)})"
        return Unread(place, reason, data.encode("utf-8", "replace")[: 1 << 16])
    facts = NoteFacts(fields.left.get("extra", ""))
    arxiv_id, version = _arxiv_id(fields)
    type_ = _type(item, arxiv_id)
    year, month, day = _date(fields)
    work = Work(
        title=title,
        abstract=texts.abstract(fields.take("abstractNote")),
        authors=tuple(map(_author, filter(_is_author, item.creators))),
        type=type_,
        year=year,
        month=month,
        day=day,
        venue=_venue(fields, type_, texts),
        doi=_take_doi(fields) or facts.doi,
        arxiv_id=arxiv_id or facts.arxiv_id,
        url=fields.take("url"),
    )
    return Record(
        work=work,
        arxiv_version=version if arxiv_id else facts.arxiv_version,
        identifiers=(
            ("uid", f"zotero:{account}/{item.key}"),
            *_book_numbers(fields),
            *facts.identifiers,
        ),
        citekey=_citekey(fields, facts, item),
        decisions=Decisions(
            tags=tuple(dict.fromkeys(_tag(tag) for tag in (*item.tags, *item.collections))),
            notes=tuple(notes_of(item)),
            added=item.added,
        ),
        attachments=tuple(
            dict.fromkeys(file for one in item.attachments if (file := find_file(one)) is not None)
        ),
        original=texts.original,
        extra={"zotero": _extra(item, type_, fields)},
        place=place,
    )


def _shown(item: ZoteroItem) -> str:
    """Return what Zotero's list shows of an item without title; it never shows its key."""
    creator = next((one.last.strip() for one in item.creators), "")
    date = next(filter(None, (item.fields.get(name, "") for name in _DATES)), "")
    year = date[:4] if date[:4].isdigit() and date[:4] != "0000" else ""
    return one_line(", ".join(filter(None, (item.type, creator, year)))) or "of no known type"


def _type(item: ZoteroItem, arxiv_id: str) -> str:
    """Return our type. Before Zotero had one for preprints, arXiv's were journal articles."""
    type_ = TYPES.get(item.type, "misc")
    is_in_arxiv = _ARXIV_PLACE.fullmatch(item.fields.get("publicationTitle", "").strip())
    return "preprint" if type_ == "article" and arxiv_id and is_in_arxiv else type_


def _take_doi(fields: Fields) -> str:
    """Take the DOI; what is none stays."""
    doi = bare_doi(fields.left.get("DOI", ""))
    if doi:
        del fields.left["DOI"]
    return doi


def _is_author(creator: ZoteroCreator) -> bool:
    return creator.type in _AUTHORS and bool(creator.last.strip() or creator.first.strip())


def _author(creator: ZoteroCreator) -> Author:
    first, last = one_line(creator.first).strip(), one_line(creator.last).strip()
    if creator.is_whole or not last:
        whole = last or first
        parsed = parse_author(whole)
        return parsed if parsed.stands_for_others else Author(literal=whole)
    if not first:
        return Author(family=last)
    parsed = parse_author(f"{last}, {first}")
    # The two fields say what is what, also where the words look like a body's name.
    return parsed if parsed.family else Author(family=last, given=first)


def _date(fields: Fields) -> tuple[int | None, int | None, int | None]:
    """Read a date: ``2017-06-12 June 12, 2017``, for a machine and as it was written.

    What was written stays unless the first part says all of it.
    """
    name = next((name for name in _DATES if name in fields.left), "")
    found = _DUAL_DATE.fullmatch(fields.left.get(name, "").strip())
    if not found:
        return None, None, None
    year, month, day = (int(part) or None for part in found.groups()[:3])
    if year is None or year < 1000:
        return None, None, None
    month = month if month in range(1, 13) else None
    day = day if month and day in range(1, 32) else None
    parts = (f"{year}", f"-{month:02}" if month else "", f"-{day:02}" if day else "")
    if (found[4] or "").strip() in ("", "".join(parts)):
        del fields.left[name]
    return year, month, day


def _venue(fields: Fields, type_: str, texts: Texts) -> Venue:
    place = fields.left.get("publicationTitle", "")
    name = ""
    if not (type_ == "preprint" and _ARXIV_PLACE.fullmatch(place)):
        name = texts.line("venue", fields.take(*_CONTAINERS))
    return Venue(
        name=name,
        type=_VENUE_TYPES.get(type_, "") if name else "",
        short=one_line(fields.take("journalAbbreviation")),
        publisher=one_line(fields.take(*_PUBLISHERS)),
        volume=one_line(fields.take(*_VOLUMES)),
        number=one_line(fields.take(*_NUMBERS)),
        pages=one_line(fields.take(*_PAGES)),
    )


def _arxiv_id(fields: Fields) -> tuple[str, int | None]:
    """Find an arXiv id where Zotero's translators have put it over the years."""
    for name in ("archiveID", "number", "reportNumber"):
        value = fields.left.get(name, "").strip()
        is_arxiv = value.lower().startswith("arxiv:")
        if is_arxiv and (found := split_arxiv_id(value.partition(" [")[0])):
            del fields.left[name]
            return found
    if fields.left.get("archive", "").strip().lower() == "arxiv" and (
        found := split_arxiv_id(fields.left.get("archiveLocation", ""))
    ):
        return found
    place = _ARXIV_PLACE.fullmatch(fields.left.get("publicationTitle", "").strip())
    if place and (found := split_arxiv_id(place[1])):
        return found
    doi = bare_doi(fields.left.get("DOI", "")).lower()
    if doi.startswith(_ARXIV_DOI) and (found := split_arxiv_id(doi.removeprefix(_ARXIV_DOI))):
        return found
    url = fields.left.get("url", "")
    if "arxiv.org/" in url.lower() and (found := split_arxiv_id(url)):
        return found
    return "", None


_ARXIV_DOI = "10.48550/arxiv."


def _book_numbers(fields: Fields) -> Iterator[tuple[str, str]]:
    for name in ("ISBN", "ISSN"):
        for number in re.split(r"[\s,;]+", fields.take(name)):
            if number:
                yield name.lower(), number


def _citekey(fields: Fields, facts: NoteFacts, item: ZoteroItem) -> str:
    """Return the key: Zotero's own field, the line of Extra, then Better BibTeX's own list.

    A key that Better BibTeX made and did not pin counts like one that is pinned: papers that are
    being written cite it.
    """
    own = fields.left.get("citationKey", "").strip()
    if is_citekey(own):
        del fields.left["citationKey"]
        return own
    return facts.citekey or (item.citekey if is_citekey(item.citekey) else "")


def _tag(name: str) -> str:
    return " ".join(one_line(name).split())


def notes_of(item: ZoteroItem) -> Iterator[NoteText]:
    """Yield the notes of an item: its own, those on its files, and what was marked in them.

    The first one is the paper's main note, so it has no title.
    """
    written = [note for one in item.notes if (note := free_note(one)) is not None]
    for number, note in enumerate(written):
        is_main = number == 0
        yield NoteText(note.body, "" if is_main else note.title, note.created, note.updated)
    for attachment in item.attachments:
        yield from notes_of_file(attachment, is_only=_have_annotations(item.attachments) == 1)


def _have_annotations(attachments: Sequence[ZoteroAttachment]) -> int:
    return sum(bool(one.annotations) for one in attachments)


def notes_of_file(attachment: ZoteroAttachment, *, is_only: bool) -> Iterator[NoteText]:
    """Yield the note that hangs on a file, and one with all that was marked in it.

    `is_only` tells that no other file of the paper has marks, so that it need not be named.
    """
    title = one_line(attachment.title).strip()
    if body := note_to_markdown(attachment.note):
        yield NoteText(body, title or "Note on a file")
    if body := annotations_to_markdown(attachment.annotations):
        yield NoteText(body, "Annotations" if is_only or not title else f"Annotations: {title}")


def free_note(note: ZoteroNote) -> NoteText | None:
    """Return a note as Markdown, None where nothing stands in it."""
    body = note_to_markdown(note.html)
    if not body:
        return None
    return NoteText(body, one_line(note.title).strip(), note.created, note.updated)


def _extra(item: ZoteroItem, type_: str, fields: Fields) -> dict[str, Json]:
    """Return what has no place in a record, by Zotero's names."""
    kept: dict[str, Json] = {"key": item.key, **fields.left}
    if type_ == "misc" or item.type in _AMBIGUOUS:
        kept["itemType"] = item.type
    if item.added:
        kept["dateAdded"] = item.added
    others: list[Json] = [
        {"creatorType": one.type, "firstName": one.first, "lastName": one.last}
        for one in item.creators
        if not _is_author(one)
    ]
    links: list[Json] = [
        {"title": one.title, "url": one.url}
        for one in item.attachments
        if one.link_mode == LinkMode.LINKED_URL and one.url
    ]
    automatic: list[Json] = [*map(_tag, item.automatic_tags)]
    more = {"creators": others, "links": links, "automaticTags": automatic}
    kept |= {name: value for name, value in more.items() if value}
    if item.retracted:
        kept["retracted"] = _json(item.retracted)
    return kept


def _json(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value or True
