"""Papers as JSON objects: what a line of JSON Lines says, and how an entry is written as one.

`record_from_json` is tolerant of other people's spellings; `entry_to_json` writes one spelling,
which read again gives the same facts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from papertray.core.identifiers import bare_doi, canonical, split_arxiv_id
from papertray.core.json_fields import (
    OTHER_NAMES,
    Fields,
    WrongType,
    all_names,
    instant_of,
    local_date,
    month_number,
    number_within,
    one_line,
    text_of,
    whole_number,
)
from papertray.core.model import (
    WORK_TYPES,
    Author,
    Decisions,
    Entry,
    Item,
    Json,
    NoteText,
    Pile,
    Record,
    Sighting,
    Unread,
    Venue,
    Version,
    Work,
)
from papertray.core.names import parse_author, parse_authors, plain_author
from papertray.core.tray_records import (
    NOTHING_MORE,
    OfTray,
    attachment_to_json,
    extra_to_json,
    note_from_json,
    note_to_json,
    taken_of_tray,
    told_from_json,
)

_NO_DECISIONS = Decisions()
_DECIDED = all_names("pile", "done", "snoozed", "removed", "tags", "notes", "added", "decided")
_SEEN = all_names("listings", "listing_rank", "votes")
_OF_A_TRAY = frozenset({"uid", "pile"})
_FOREIGN_NAMES = frozenset([*OTHER_NAMES.values(), "published"])
_YEARS = range(1000, 3000)
_YEAR = number_within(_YEARS)
_DAY = number_within(range(1, 32))
_NO_ARXIV_ID: tuple[str, int | None] = ("", None)
_TYPES = {name: name for name in WORK_TYPES}

_PUBLISHED = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?(?![0-9-])")


def item_from_json(fields: Mapping[str, Json], place: str) -> Item:
    """Return what an object is by its ``record``: a paper, if that says no other kind."""
    kind = fields.get("record", "paper")
    is_paper = kind == "paper"
    return record_from_json(fields, place) if is_paper else told_from_json(kind, fields, place)


def record_from_json(fields: Mapping[str, Json], place: str) -> Record | Unread:
    """Return the record that one JSON object describes.

    Arguments: `fields` is the object; `place` says where it stands (``line 12``).

    Returns Unread (without data) if there is no usable title, or a field has a type it cannot be
    read from. A known field whose value cannot be used (``"year": "forthcoming"``) does not cost
    the paper: it stays in `extra`, like all fields that are not known, and is written back from
    there.
    """
    unknown: set[str] = set()
    while True:
        try:
            return _record(Fields(fields, unknown), place)
        except WrongType as problem:
            # Another program's field may share only the name: then it is none of ours.
            if problem.name not in _FOREIGN_NAMES or problem.name in unknown:
                return Unread(place, str(problem))
            unknown.add(problem.name)


def _record(fields: Fields, place: str) -> Record:
    is_own = fields.left.keys() >= _OF_A_TRAY
    of_tray = taken_of_tray(fields) if is_own else NOTHING_MORE
    work, arxiv_version = _work(fields)
    identifiers = _identifiers(fields)
    return Record(
        work=work,
        arxiv_version=arxiv_version,
        identifiers=identifiers,
        versions=tuple(_versions(fields)),
        sightings=_sightings(fields),
        uid=fields.text("uid"),
        citekey=fields.text("citekey"),
        older_keys=fields.texts("keys"),
        has_made_key=of_tray.has_made_key,
        decisions=_decisions(fields, of_tray),
        attachments=of_tray.attachments,
        source=fields.text("source"),
        original=_original(fields),
        extra={**fields.extra, **fields.left, **of_tray.extra},
        place=place,
    )


def _title(fields: Fields) -> str:
    _, value = fields.take("title")
    if isinstance(value, list) and len(value) == 1:  # Crossref's way
        value = value[0]
    title = one_line(text_of(value, "title")).strip()
    if not title:
        raise WrongType("title", "there") if value is None else WrongType("title", "a title")
    return title


def _work(fields: Fields) -> tuple[Work, int | None]:
    title = _title(fields)
    year = fields.usable("year", _YEAR, None)
    month = fields.usable("month", month_number, None)
    day = fields.usable("day", _DAY, None)
    if year is None and "published" in fields.left and "year" not in fields.extra:
        year, month, day = _published(fields)
    arxiv_id, version = fields.usable("arxiv_id", split_arxiv_id, _NO_ARXIV_ID)
    work = Work(
        title=title,
        abstract=unicodedata.normalize("NFC", fields.text("abstract")),
        authors=tuple(_authors(fields)),
        type=fields.usable("type", _TYPES.get, ""),
        year=year,
        month=month,
        day=day,
        venue=_venue(fields),
        doi=fields.usable("doi", _doi, ""),
        arxiv_id=arxiv_id,
        url=fields.text("url"),
        pdf_url=fields.text("pdf_url"),
        code_urls=fields.texts("code_urls"),
        primary_class=fields.text("primary_class"),
        categories=fields.texts("categories", r"\s,;"),
        comment=unicodedata.normalize("NFC", fields.text("comment")),
    )
    return work, fields.usable("arxiv_version", whole_number, version)


def _doi(text: str) -> str | None:
    return bare_doi(text) or None


def _published(fields: Fields) -> tuple[int | None, int | None, int | None]:
    """Read ``2017``, ``2017-06``, ``2017-06-12`` or an instant; what says more stays in `extra`."""
    value = fields.left["published"]
    text = text_of(value, "published").strip()
    found = _PUBLISHED.match(text)
    if not found or int(found[1]) not in _YEARS:
        return None, None, None
    if found.end() == len(text):
        del fields.left["published"]
    month, day = (int(part) if part else None for part in found.groups()[1:])
    return int(found[1]), month, day


def _authors(fields: Fields) -> list[Author]:
    name, value = fields.take("authors")
    if value is None:
        return []
    if isinstance(value, str):
        return list(parse_authors(value))
    found: list[Author] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            plain = plain_author(item)
            if plain is not None:
                found.append(plain)
            else:
                found += parse_authors([item])
        elif isinstance(item, dict):
            found.append(_author(item, name))
        elif item is not None:
            raise WrongType(name, "a list of names")
    return found


def _author(parts: dict[str, Json], name: str) -> Author:
    def part(*names: str) -> str:
        texts = (one_line(text_of(parts.get(one), name)) for one in names)
        return next(filter(None, texts), "")

    author = Author(
        family=part("family"),
        given=part("given"),
        particle=part("particle", "non-dropping-particle", "dropping-particle"),
        suffix=part("suffix"),
        literal=part("literal"),
    )
    if author == Author():
        whole = part("name")
        if not whole:
            raise WrongType(name, "a list of names")
        return parse_author(whole)
    return author


def _venue(fields: Fields) -> Venue:
    name, value = fields.take("venue")
    if not isinstance(value, dict):
        return Venue(name=one_line(text_of(value, name)))
    parts = ("name", "type", "short", "publisher", "volume", "number", "pages")
    return Venue(**{part: one_line(text_of(value.get(part), name)) for part in parts})


def _identifiers(fields: Fields) -> tuple[tuple[str, str], ...]:
    """Read ``["acl:N18-1001"]``, or an object whose values are texts or lists of texts."""
    name, value = fields.take("identifiers")
    if isinstance(value, dict):
        pairs = [
            (scheme, text_of(one, name))
            for scheme, many in value.items()
            for one in (many if isinstance(many, list) else [many])
        ]
    elif value is None or isinstance(value, list):
        pairs = []
        for item in value or []:
            scheme, _, rest = text_of(item, name).partition(":")
            is_url = scheme.lower() in ("http", "https")
            pairs.append(("url", text_of(item, name)) if is_url else (scheme, rest))
    else:
        raise WrongType(name, "a list of identifiers")
    return tuple(canonical(scheme.strip().lower(), text.strip()) for scheme, text in pairs if text)


def _versions(fields: Fields) -> Iterable[Version]:
    for item in fields.objects("versions"):
        part = Fields(item)
        number = part.usable(
            "version", lambda text: whole_number(text.lower().removeprefix("v")), None
        )
        if number is None:
            raise WrongType("versions", "a list of objects with a version number")
        yield Version(
            version=number,
            title=one_line(part.text("title")),
            abstract=unicodedata.normalize("NFC", part.text("abstract")),
            seen=part.usable("seen", instant_of, ""),
        )


def _sightings(fields: Fields) -> tuple[Sighting, ...]:
    """Read `listings`; `votes` and `listing_rank` beside them are a listing of this source."""
    if not fields.has_any(_SEEN):
        return ()
    listed = []
    for item in fields.objects("listings"):
        part = Fields(item)
        feed, seen = part.text("feed"), part.usable("seen", instant_of, "")
        rank, votes = (
            part.usable("rank", whole_number, None),
            part.usable("votes", whole_number, None),
        )
        listed.append(Sighting(feed, seen, rank, votes, part.left.get("again") is True))
    rank = fields.usable("listing_rank", whole_number, None)
    votes = fields.usable("votes", whole_number, None)
    is_new = all((one.rank, one.votes) != (rank, votes) for one in listed)
    if is_new and (rank is not None or votes is not None):
        listed.append(Sighting(rank=rank, votes=votes))
    return tuple(listed)


def _decisions(fields: Fields, of_tray: OfTray) -> Decisions:
    if not fields.has_any(_DECIDED):
        return _NO_DECISIONS
    return Decisions(
        pile=fields.usable("pile", lambda text: Pile(text) if text in set(Pile) else None, None),
        done=_flag_or_date(fields, "done"),
        snoozed=_flag_or_date(fields, "snoozed"),
        removed=fields.usable("removed", instant_of, ""),
        tags=fields.texts("tags", ",;"),
        notes=tuple(_notes(fields)),
        added=fields.usable("added", instant_of, ""),
        decided=fields.usable("decided", instant_of, ""),
        edited=of_tray.edited,
        apart=of_tray.apart,
    )


def _flag_or_date(fields: Fields, name: str) -> str:
    """Read a local date. Other programs say ``"done": true``, which tells no date: `extra`."""
    if isinstance(fields.left.get(name), bool):
        fields.extra[name] = fields.left.pop(name)
    return fields.usable(name, local_date, "")


def _notes(fields: Fields) -> Iterable[NoteText]:
    name, value = fields.take("notes")
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            body = text_of(item, name)
            if body.strip():
                yield NoteText(body)
            continue
        yield note_from_json(Fields(item))


def _original(fields: Fields) -> dict[str, str]:
    name, value = fields.take("original")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise WrongType(name, "an object of texts")
    return {field: text_of(text, name) for field, text in value.items()}


def entry_to_json(entry: Entry) -> dict[str, Json]:
    """Return `entry` as the JSON object that `record_from_json` reads back to the same facts.

    Only fields that hold something are there, always in the same order; the fields of
    `entry.extra` come last, under ``extra`` where their name would be read as something else.
    Identifiers are texts ``scheme:value``; ids of rows mean nothing elsewhere and are left out.
    """
    work = entry.work
    venue = _filled(name=work.venue.name, type=work.venue.type, short=work.venue.short,
                    publisher=work.venue.publisher, volume=work.venue.volume,
                    number=work.venue.number, pages=work.venue.pages)  # fmt: skip
    written = _filled(
        title=work.title,
        abstract=work.abstract,
        authors=[_author_json(author) for author in work.authors if one_line(author.display)],
        type=work.type,
        year=work.year,
        month=work.month,
        day=work.day,
        venue=work.venue.name if venue.keys() == {"name"} else venue,
        doi=work.doi,
        arxiv_id=work.arxiv_id,
        primary_class=work.primary_class,
        categories=list(work.categories),
        comment=work.comment,
        identifiers=[
            *[f"{scheme}:{value}" for scheme, value in entry.identifiers],
            *[f"uid:{uid}" for uid in entry.uids],
        ],
        versions=[
            _filled(version=v.version, title=v.title, abstract=v.abstract, seen=v.seen)
            for v in entry.versions
        ],
        url=work.url,
        pdf_url=work.pdf_url,
        code_urls=list(work.code_urls),
        listings=[
            _filled(feed=s.feed, seen=s.seen, rank=s.rank, votes=s.votes, again=s.is_again or None)
            for s in entry.sightings
        ],
        uid=entry.uid,
        citekey=entry.citekey,
        pinned=None if entry.is_pinned or not entry.citekey else False,
        keys=list(entry.older_keys),
        pile=str(entry.pile),
        done=entry.done,
        snoozed=entry.snoozed,
        decided=entry.decided,
        removed=entry.removed,
        tags=list(entry.tags),
        notes=[note_to_json(note) for note in entry.notes],
        added=entry.added,
        original=dict(entry.original),
        attachments=[attachment_to_json(file) for file in entry.attachments],
        edited={name: list(texts) for name, texts in entry.edited.items()},
        apart=list(entry.apart),
    )
    return {**written, **extra_to_json(entry.extra, written)} if entry.extra else written


def _filled(**fields: Json) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _author_json(author: Author) -> Json:
    if author.stands_for_others:
        return author.literal
    return _filled(
        given=author.given,
        family=author.family,
        particle=author.particle,
        suffix=author.suffix,
        literal=author.literal,
    )
