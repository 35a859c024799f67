"""A work as a TOML text that people edit, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from papertray.cli.formats import CODES, json_text
from papertray.core.errors import UsageError
from papertray.core.model import Author, Entry, Json, Unread, Work
from papertray.core.names import parse_author, parse_authors
from papertray.core.records import record_from_json

_NUMBERS = ("year", "month", "day")
_VENUE_TYPES = ("", "journal", "conference", "workshop", "book")
_VENUE = ("name", "type", "short", "publisher", "volume", "number", "pages")
FIELDS = (
    "citekey", "title", "authors", "type", *_NUMBERS, "doi", "arxiv_id", "url", "pdf_url",
    "code_urls", "primary_class", "categories", "comment", "abstract", "venue",
)  # fmt: skip
"""What can be edited, in the order of the text; `venue` is a table of its own, at the end."""

# As in JSON, but beyond the first plane TOML has one escape where JSON has two.
_ESCAPES = {code: f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}" for code in CODES}
_ESCAPES |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")

# What ends a key in BibTeX, in TeX or in a list of keys, and what nobody can type.
_NOT_IN_KEYS = frozenset([*"{}(),%#=\"'\\~", *map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))])

_HEADER = "# Save to keep, leave as it is to change nothing. An empty value takes the field away.\n"


def fields_of(entry: Entry) -> dict[str, Json]:
    """Return what can be edited of a paper: every field, empty where nothing is known."""
    work = entry.work
    venue: dict[str, Json] = {name: getattr(work.venue, name) for name in _VENUE}
    return {
        "citekey": entry.citekey,
        "title": work.title,
        "authors": [_author(author) for author in work.authors],
        "type": work.type,
        "year": work.year,
        "month": work.month,
        "day": work.day,
        "doi": work.doi,
        "arxiv_id": work.arxiv_id,
        "url": work.url,
        "pdf_url": work.pdf_url,
        "code_urls": list(work.code_urls),
        "primary_class": work.primary_class,
        "categories": list(work.categories),
        "comment": work.comment,
        "abstract": work.abstract,
        "venue": venue,
    }


def _author(author: Author) -> Json:
    """Return a name as one text where that reads back to the same name, else its parts."""
    family = " ".join(part for part in (author.particle, author.family) if part)
    text = author.literal or ", ".join(p for p in (family, author.suffix, author.given) if p)
    reads_back = author.stands_for_others or parse_author(text) == author
    if reads_back and parse_authors([text]) == (author,):
        return text
    parts = ("given", "particle", "family", "suffix", "literal")
    return {part: getattr(author, part) for part in parts if getattr(author, part)}


def to_toml(fields: Mapping[str, Json]) -> str:
    """Return `fields_of` a paper as TOML."""
    lines = [_HEADER]
    for name in FIELDS:
        value = fields[name]
        if isinstance(value, dict):
            lines.append(f"\n[{name}]")
            lines += [f"{part} = {_value(text)}" for part, text in value.items()]
        elif value is None:
            lines.append(f"# {name} =")
        else:
            lines.append(f"{name} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Json) -> str:
    if isinstance(value, list):
        return "[" + "".join(f"\n  {_value(item)}," for item in value) + ("\n]" if value else "]")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(part)}" for name, part in value.items()) + " }"
    if isinstance(value, str) and "\n" in value:
        return '"""\n' + "\n".join(_value(line)[1:-1] for line in value.split("\n")) + '"""'
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)


def from_toml(text: str) -> dict[str, Json]:
    """Return the fields of an edited text. Raises `UsageError` for what is no TOML or no field."""
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"This is not TOML: {error}.") from error
    for name in found:
        if name not in FIELDS:
            raise UsageError(f"There is no field {name}; there are {', '.join(FIELDS)}.")
    try:
        fields: dict[str, Json] = json.loads(json.dumps(found))
    except TypeError as error:
        raise UsageError("Dates and times must stand in quotation marks.") from error
    return fields


def assign(fields: dict[str, Json], assignment: str) -> None:
    """Change one of `fields` as ``FIELD=VALUE`` says, ``venue.short=ICML`` too.

    Raises `UsageError` for a field there is not.
    """
    name, equals, value = assignment.partition("=")
    name = name.strip()
    venue = fields["venue"]
    assert isinstance(venue, dict)
    table, _, part = name.partition(".")
    if equals and table == "venue" and (part or "name") in _VENUE:
        venue[part or "name"] = value
    elif equals and name in FIELDS:
        fields[name] = value
    elif not equals:
        raise UsageError(f"{assignment} is not FIELD=VALUE.")
    else:
        names = [*FIELDS, *(f"venue.{part}" for part in _VENUE)]
        raise UsageError(f"There is no field {name}; there are {', '.join(names)}.")


def work_of(fields: Mapping[str, Json], entry: Entry) -> tuple[Work, str]:
    """Return the work and the citation key that edited `fields` of a paper say.

    Only what differs from the paper is read: nothing else can change, or stand in the way. Raises
    `UsageError` that names the field whose value cannot be used.
    """
    before = fields_of(entry)
    changed = {name: fields.get(name) for name in FIELDS if fields.get(name) != before[name]}
    citekey = _citekey(changed.pop("citekey", ""))
    record = record_from_json({"title": "-", **changed}, "")
    if isinstance(record, Unread):
        raise UsageError(f"This cannot be kept: {record.reason}.")
    for name in record.extra:
        raise UsageError(f"The value of {name} cannot be used: {json_text(changed.get(name))}.")
    if record.work.venue.type not in _VENUE_TYPES:
        raise UsageError("The type of a venue is journal, conference, workshop or book.")
    values: dict[str, Any] = {name: getattr(record.work, name) for name in changed}
    return replace(entry.work, **values), citekey


def _citekey(value: Json) -> str:
    """Return the key that the user chose, empty for none."""
    key = value.strip() if isinstance(value, str) else ""
    if value and (not key or any(sign.isspace() or sign in _NOT_IN_KEYS for sign in key)):
        raise UsageError(f"{json_text(value)} cannot be a citation key.")
    return key
