"""Papers as JSON objects: what is understood, what is refused, and the way there and back."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertray.core.clock import instant
from papertray.core.identifiers import bare_doi, split_arxiv_id
from papertray.core.model import (
    WORK_TYPES,
    Author,
    Decisions,
    Entry,
    Json,
    Note,
    NoteText,
    Pile,
    Record,
    Sighting,
    Unread,
    Venue,
    Version,
    Work,
)
from papertray.core.records import entry_to_json, item_from_json, record_from_json

OTHERS = Author(literal="et al.")


def record(**fields: Any) -> Record:
    found = record_from_json({"title": "A title", **fields}, "line 1")
    assert isinstance(found, Record), found
    return found


def reason(**fields: Any) -> str:
    found = item_from_json(fields, "line 7")
    assert isinstance(found, Unread), found
    assert found.place == "line 7"
    return found.reason


def test_a_title_is_enough() -> None:
    assert record() == Record(Work("A title"), place="line 1")


LOVELACE, TURING = Author("Lovelace", "Ada"), Author("Turing", "Alan")


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        (["Ada Lovelace", "Turing, Alan"], [LOVELACE, TURING]),
        ("Ada Lovelace and Turing, Alan", [LOVELACE, TURING]),
        ("Lovelace, Ada; Turing, Alan", [LOVELACE, TURING]),
        ("Ada Lovelace, Alan Turing", [LOVELACE, TURING]),
        (["Ada Lovelace", "et al."], [LOVELACE, OTHERS]),
        ("Ada Lovelace et al.", [LOVELACE, OTHERS]),
        ([{"name": "Ada Lovelace"}, {"given": "Alan", "family": "Turing"}], [LOVELACE, TURING]),
        ([{"literal": "ATLAS Collaboration"}], [Author(literal="ATLAS Collaboration")]),
        (
            [{"family": "Maaten", "given": "L", "particle": "van der", "suffix": "Jr."}],
            [Author("Maaten", "L", "van der", "Jr.")],
        ),
        ({"family": "Lovelace", "given": "Ada"}, [LOVELACE]),
        ([None, "Ada Lovelace"], [LOVELACE]),
        (None, []),
    ],
)
def test_authors_come_in_many_shapes(authors: object, expected: list[Author]) -> None:
    assert list(record(authors=authors).work.authors) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2401.01234", ("2401.01234", None)),
        ("2401.01234v3", ("2401.01234", 3)),
        ("arXiv:0704.0001v1", ("0704.0001", 1)),
        ("https://arxiv.org/abs/2401.01234v2", ("2401.01234", 2)),
        ("http://export.arxiv.org/pdf/2401.01234.pdf", ("2401.01234", None)),
        ("hep-ph/9609357", ("hep-ph/9609357", None)),
        ("math.AG/0309136v2", ("math/0309136", 2)),
        ("oai:arXiv.org:2401.01234v1", ("2401.01234", 1)),
        ("1706", None),
        ("10.1000/x", None),
    ],
)
def test_arxiv_ids_lose_their_version(text: str, expected: tuple[str, int | None] | None) -> None:
    assert split_arxiv_id(text) == expected
    if expected:
        found = record(arxiv=text)
        assert (found.work.arxiv_id, found.arxiv_version) == expected
    else:
        assert record(arxiv=text).extra == {"arxiv": text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1000/Ab.1", "10.1000/Ab.1"),
        ("https://doi.org/10.1000/a%3C1%3E", "10.1000/a<1>"),
        ("http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("doi: 10.1000/x", "10.1000/x"),
        ("NA", ""),
    ],
)
def test_dois_lose_their_resolver(text: str, expected: str) -> None:
    assert bare_doi(text) == expected
    assert record(doi=text).work.doi == expected


@pytest.mark.parametrize(
    ("fields", "year", "month", "day"),
    [
        ({"year": 2017, "month": 6, "day": 12}, 2017, 6, 12),
        ({"year": "2017", "month": "June"}, 2017, 6, None),
        ({"year": 2017.0}, 2017, None, None),
        ({"published": "2017-06-12T17:57:34Z"}, 2017, 6, 12),
        ({"published": "2017"}, 2017, None, None),
        ({"published": "NA"}, None, None, None),
        ({"year": 1999, "published": "2017"}, 1999, None, None),
    ],
)
def test_dates(fields: dict[str, Json], year: int, month: int | None, day: int | None) -> None:
    work = record(**fields).work
    assert (work.year, work.month, work.day) == (year, month, day)


@pytest.mark.parametrize(
    "field",
    [
        {"year": "forthcoming"},
        {"year": 20177},
        {"month": 13},
        {"day": 0},
        {"doi": "none"},
        {"type": "poem"},
        {"pile": "later"},
        {"done": True},
        {"snoozed": "tomorrow"},
        {"added": "yesterday"},
        {"keywords": [{"id": 1}]},
        {"my field": {"a": [1, None]}},
    ],
)
def test_what_cannot_be_used_or_is_not_known_is_kept_and_comes_back(field: dict[str, Json]) -> None:
    found = record(**field)
    assert found.extra == field
    entry = Entry(1, "u", found.work, Pile.INBOX, "", extra={**found.extra, "title": "other"})
    written = entry_to_json(entry)
    if "pile" not in field:  # every entry has one of its own
        assert written.items() >= field.items()
    assert written["title"] == "A title"


def test_other_common_names() -> None:
    found = record(summary="Abstract.", key="lovelace1843", keywords="engines; notes")
    assert found.work.abstract == "Abstract."
    assert found.citekey == "lovelace1843"
    assert found.decisions.tags == ("engines", "notes")
    assert found.extra == {}


def test_our_own_name_wins_over_the_other() -> None:
    found = record(abstract="ours", summary="theirs")
    assert (found.work.abstract, found.extra) == ("ours", {"summary": "theirs"})


def test_rank_and_votes_are_a_listing_unless_one_says_the_same() -> None:
    assert record(listing_rank="3", votes=12).sightings == (Sighting(rank=3, votes=12),)
    listings = [{"feed": "f", "rank": 3}]
    assert record(listings=listings, listing_rank=3).sightings == (Sighting("f", rank=3),)


def test_lists_from_other_programs() -> None:
    found = record(
        categories="cs.CL cs.LG",
        code_urls="https://github.com/a/b",
        identifiers={"acl": "N18-1001", "pubmed": ["1", 2]},
        notes=["First.", {"body": "Second.\n", "created": "2024-05-01T12:00:00+02:00"}],
        venue={"name": "ACL", "pages": "1-9"},
        versions=[{"version": "v2", "title": "Old title"}],
    )
    assert found.work.categories == ("cs.CL", "cs.LG")
    assert found.work.code_urls == ("https://github.com/a/b",)
    assert found.identifiers == (("acl", "N18-1001"), ("pubmed", "1"), ("pubmed", "2"))
    assert found.decisions.notes == (
        NoteText("First."),
        NoteText("Second.\n", created="2024-05-01T10:00:00.000Z"),
    )
    assert found.work.venue == Venue("ACL", pages="1-9")
    assert found.versions == (Version(2, "Old title"),)


def test_an_identifier_that_is_a_url_is_one() -> None:
    assert record(identifiers=["https://x.org/1"]).identifiers == (("url", "https://x.org/1"),)


def test_titles_become_one_line_in_nfc() -> None:
    found = record_from_json({"title": " Cafe\u0301\n  society "}, "line 1")
    assert isinstance(found, Record)
    assert found.work.title == "Café society"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "title"),
        ({"title": None}, "title"),
        ({"title": " \n"}, "title"),
        ({"title": {"a": 1}}, "title"),
        ({"title": ["a", "b"]}, "title"),
        ({"title": "x", "authors": 5}, "authors"),
        ({"title": "x", "authors": [[]]}, "authors"),
        ({"title": "x", "authors": [{}]}, "authors"),
        ({"title": "x", "abstract": ["a"]}, "abstract"),
        ({"title": "x", "year": {}}, "year"),
        ({"title": "x", "versions": [{"title": "no number"}]}, "versions"),
        ({"title": "x", "listings": "hn"}, "listings"),
        ({"title": "x", "identifiers": 4}, "identifiers"),
        ({"title": "x", "original": []}, "original"),
        ({"record": "note", "body": " "}, "body"),
        ({"record": "note", "body": ["x"]}, "body"),
        ({"record": "feed", "title": "x"}, "name"),
        ({"record": "feed", "name": "x", "settings": []}, "settings"),
        ({"record": "search", "name": "x"}, "query"),
        ({"record": "rule", "query": "x", "action": "skip"}, "action"),
        ({"record": "opinion", "title": "x"}, "opinion"),
        ({"record": {}, "title": "x"}, "not known"),
        ({"title": "x", "uid": "u", "pile": "read", "edited": {"title": "x"}}, "edited"),
        ({"title": "x", "uid": "u", "pile": "read", "attachments": ["x"]}, "attachments"),
    ],
)
def test_what_is_no_paper_is_named(fields: dict[str, Json], named: str) -> None:
    assert named in reason(**fields)


def test_the_order_of_fields_is_stable_and_empty_ones_are_left_out() -> None:
    work = Work("T", abstract="A", authors=(LOVELACE, OTHERS), year=1843, venue=Venue("Memoirs"))
    entry = Entry(4, "uid4", work, Pile.READ, "2026-11-23T07:12:01.123Z", tags=("a",))
    assert json.dumps(entry_to_json(entry)) == (
        '{"title": "T", "abstract": "A", "authors": [{"given": "Ada", "family": "Lovelace"}, '
        '"et al."], "year": 1843, "venue": "Memoirs", "uid": "uid4", "pile": "read", '
        '"tags": ["a"], "added": "2026-11-23T07:12:01.123Z"}'
    )


# --- there and back ---------------------------------------------------------------------------

_WORDS = st.text(alphabet=string.ascii_letters + "éß中 -_[]<>\\{}\"'\x1b\u202e", max_size=20).map(
    lambda text: " ".join(text.split())
)
_SOME_WORDS = _WORDS.filter(bool)
_TEXT = st.text(alphabet=string.printable + "é中\u2028", max_size=60)
_TOKENS = st.text(alphabet=string.ascii_lowercase + string.digits, min_size=1, max_size=8)
_URLS = _TOKENS.map(lambda token: f"https://example.org/{token}")
_INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)).map(
    instant
)
_DATES = st.dates().map(lambda day: day.isoformat())
_NUMBERS = st.none() | st.integers(0, 10**6)


def _lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


_AUTHORS = st.builds(Author, _SOME_WORDS, _WORDS, _WORDS, _WORDS) | st.builds(
    Author, literal=_SOME_WORDS
)
_WORKS = st.builds(
    Work,
    title=_SOME_WORDS,
    abstract=_TEXT,
    authors=st.tuples(_lists(_AUTHORS), st.sampled_from([(), (OTHERS,)])).map(
        lambda a: a[0] + a[1]
    ),
    type=st.sampled_from(["", *WORK_TYPES]),
    year=st.none() | st.integers(1000, 2999),
    month=st.none() | st.integers(1, 12),
    day=st.none() | st.integers(1, 31),
    venue=st.builds(Venue, *([_WORDS] * 7)),
    doi=st.just("") | _TOKENS.map(lambda token: f"10.1000/{token}"),
    arxiv_id=st.sampled_from(["", "1706.03762", "hep-ph/9609357"]),
    url=st.just("") | _URLS,
    pdf_url=st.just("") | _URLS,
    code_urls=_lists(_URLS),
    primary_class=st.sampled_from(["", "cs.CL"]),
    categories=_lists(st.sampled_from(["cs.CL", "stat.ML"])),
    comment=_TEXT,
)
_NOTES = st.builds(
    Note,
    id=st.integers(1, 99),
    uid=_TOKENS,
    paper_id=st.just(1),
    title=_WORDS,
    body=_TEXT,
    created=_INSTANTS,
    updated=_INSTANTS,
)
_ENTRIES = st.builds(
    Entry,
    id=st.integers(1, 99),
    uid=_TOKENS,
    work=_WORKS,
    pile=st.sampled_from(list(Pile)),
    added=_INSTANTS,
    citekey=st.just("") | _TOKENS,
    older_keys=_lists(_TOKENS),
    done=st.just("") | _DATES,
    snoozed=st.just("") | _DATES,
    removed=st.just("") | _INSTANTS,
    tags=_lists(_SOME_WORDS),
    notes=_lists(_NOTES),
    identifiers=_lists(st.tuples(st.sampled_from(["acl", "pubmed", "url"]), _URLS)),
    versions=_lists(st.builds(Version, st.integers(1, 9), _WORDS, _TEXT, _INSTANTS)),
    sightings=_lists(st.builds(Sighting, _WORDS, _INSTANTS, _NUMBERS, _NUMBERS)),
    original=st.dictionaries(st.sampled_from(["title", "abstract"]), _TEXT),
    extra=st.dictionaries(
        _TOKENS.map(lambda token: f"x-{token}"),
        st.none() | st.booleans() | st.integers() | _TEXT | st.lists(st.integers()),
        max_size=3,
    ),
)


@settings(max_examples=150)
@given(_ENTRIES)
def test_an_entry_written_and_read_again_tells_the_same(entry: Entry) -> None:
    line = json.dumps(entry_to_json(entry))
    found = record_from_json(json.loads(line), "line 1")
    assert isinstance(found, Record), found
    assert found == Record(
        work=entry.work,
        identifiers=entry.identifiers,
        versions=entry.versions,
        sightings=entry.sightings,
        uid=entry.uid,
        citekey=entry.citekey,
        older_keys=entry.older_keys,
        decisions=Decisions(
            pile=entry.pile,
            done=entry.done,
            snoozed=entry.snoozed,
            removed=entry.removed,
            tags=entry.tags,
            notes=tuple(
                NoteText(n.body, n.title, n.created, n.updated, n.uid, n.is_main)
                for n in entry.notes
            ),
            added=entry.added,
        ),
        original=entry.original,
        extra=entry.extra,
        place="line 1",
    )


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TOKENS, inner, max_size=3),
    max_leaves=6,
)
_FIELD_NAMES = [
    "abstract", "added", "arxiv", "arxiv_id", "author", "authors", "categories", "citekey",
    "code_urls", "day", "doi", "done", "identifiers", "key", "keys", "keywords", "listing_rank",
    "listings", "month", "notes", "original", "pile", "published", "removed", "snoozed", "source",
    "summary", "tags", "type", "uid", "url", "venue", "versions", "votes", "x", "year",
]  # fmt: skip


@given(st.dictionaries(st.sampled_from(_FIELD_NAMES), _JSON, max_size=6))
def test_any_object_with_a_title_is_read_or_named(fields: dict[str, Json]) -> None:
    found = record_from_json({"title": "A title", **fields}, "line 1")
    if isinstance(found, Unread):
        assert any(f'"{name}"' in found.reason for name in fields), found.reason
    else:
        assert found.work.title == "A title"
        assert {"x"} & fields.keys() <= found.extra.keys()


def test_our_own_lines_bring_back_what_would_be_read_as_something_else() -> None:
    extra: dict[str, Json] = {
        "id": 7, "files": ["x"], "summary": "S", "published": "2020", "extra": {"a": 1},
        "attachments": "none", "pinned": True, "title": "other", "year": "forthcoming",
    }  # fmt: skip
    entry = Entry(1, "u", Work("A title"), Pile.INBOX, "2026-11-23T07:12:01.123Z", extra=extra)
    found = record_from_json(json.loads(json.dumps(entry_to_json(entry))), "line 1")
    assert isinstance(found, Record)
    assert found.extra == extra
    assert found.work == Work("A title")


def test_what_only_a_tray_tells_is_nothing_of_ours_in_lines_of_others() -> None:
    foreign: dict[str, Json] = {"attachments": [{"path": "x"}], "edited": "2020", "pinned": False}
    found = record(**foreign)
    assert found.extra == foreign
    assert found.attachments == ()
    assert not found.has_made_key
    assert not found.decisions.edited
