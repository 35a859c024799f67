"""CSL-JSON: names, dates, types, ids and markup, item by item; and whole files."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.model import Author, NoteText, Record, Unread
from papertray.feeds import csl_json
from papertray.feeds.csl_item import item_to_record


def record(**variables: object) -> Record:
    """Return the record of an item with these variables, underscores read as hyphens."""
    item = {name.replace("_", "-"): value for name, value in variables.items()}
    found = item_to_record({"title": "A Title", **item}, "item 1")  # type: ignore[dict-item]
    assert isinstance(found, Record)
    return found


def read(data: bytes | str) -> list[Record | Unread]:
    return list(csl_json.read(io.BytesIO(data if isinstance(data, bytes) else data.encode())))


def csl(found: Record) -> Mapping[str, object]:
    """Return what had no place in the record."""
    left = found.extra.get("csl", {})
    assert isinstance(left, dict)
    return left


def test_a_whole_item() -> None:
    found = record(
        id="lee2020", type="article-journal", container_title="Journal of Things",
        container_title_short="J. Things", volume=12, issue="3", page="1–9", publisher="Press",
        issued={"date-parts": [["2020", "4", 5]]}, DOI="https://doi.org/10.1234/ABC",
        URL="https://example.org/a", ISSN="1234-5678", PMID="123", abstract="It works.",
        keyword="red, green; blue", language="en", author=[{"family": "Lee", "given": "Ann"}],
    )  # fmt: skip
    work, venue = found.work, found.work.venue
    assert (work.title, work.type, work.abstract) == ("A Title", "article", "It works.")
    assert (work.year, work.month, work.day) == (2020, 4, 5)
    assert (venue.name, venue.short, venue.type) == ("Journal of Things", "J. Things", "journal")
    assert (venue.volume, venue.number, venue.pages, venue.publisher) == ("12", "3", "1–9", "Press")
    assert (work.doi, work.url) == ("10.1234/ABC", "https://example.org/a")
    assert found.identifiers == (("issn", "1234-5678"), ("pubmed", "123"))
    assert (found.citekey, found.decisions.tags) == ("lee2020", ("red", "green", "blue"))
    assert csl(found) == {"language": "en"}, "what is not known stays"


NAMES = [
    ({"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
     Author("Beethoven", "Ludwig", "van")),
    ({"family": "Fontaine", "given": "Jean", "dropping-particle": "de",
      "non-dropping-particle": "La"}, Author("Fontaine", "Jean", "de La")),
    ({"family": "King", "given": "Martin Luther", "suffix": "Jr."},
     Author("King", "Martin Luther", suffix="Jr.")),
    ({"literal": "The ATLAS Collaboration"}, Author(literal="The ATLAS Collaboration")),
    ({"name": "World Health Organization"}, Author(literal="World Health Organization")),
    ({"literal": "et al."}, Author(literal="et al.")),
    ({"family": "Plato"}, Author("Plato")),
    ({"family": "van der Berg", "given": "Jan", "non-dropping-particle": ""},
     Author("Berg", "Jan", "van der")),
    ("Ada Lovelace", Author("Lovelace", "Ada")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "author"), NAMES)
def test_names(name: object, author: Author) -> None:
    assert record(author=[name]).work.authors == (author,)


def test_what_is_said_of_an_author_beside_the_name_stays() -> None:
    author = [{"family": "Lee", "given": "Ann", "ORCID": "0000-0001"}]
    found = record(author=author)
    assert (found.work.authors, csl(found)) == ((Author("Lee", "Ann"),), {"author": author})


DATES = [
    ({"date-parts": [[2020]]}, (2020, None, None), False),
    ({"date-parts": [["2020", 4]]}, (2020, 4, None), False),
    ({"date-parts": [[2020, 4, 5], [2020, 6, 7]]}, (2020, 4, 5), True),
    ({"date-parts": [[2020]], "season": 2}, (2020, None, None), True),
    ({"date-parts": [["-334"]]}, (None, None, None), True),
    ({"date-parts": [[]]}, (None, None, None), True),
    ({"date-parts": [[2020, 13, 40]]}, (2020, None, None), True),
    ({"date-parts": [[2020, 2, 30]]}, (2020, 2, None), True),
    ({"date-parts": [["2020", "", ""]]}, (2020, None, None), False),
    ("2021-02-29", (2021, 2, None), True),
    ({"raw": "2020-04-05"}, (2020, 4, 5), True),
    ({"literal": "c. 1999, in spring"}, (1999, None, None), True),
    ({"literal": "forthcoming"}, (None, None, None), True),
    ("2020-04", (2020, 4, None), True),
    ({}, (None, None, None), True),
]


@pytest.mark.parametrize(("issued", "date", "stays"), DATES)
def test_dates(issued: object, date: tuple[int | None, ...], stays: bool) -> None:
    found = record(issued=issued)
    assert (found.work.year, found.work.month, found.work.day) == date
    assert ("issued" in csl(found)) is stays, "what says more than a day stays as it came"


@pytest.mark.parametrize(
    ("type_", "ours", "stays"),
    [
        ("article", "preprint", False), ("paper-conference", "inproceedings", False),
        ("thesis", "thesis", False), ("journal-article", "article", True),
        ("article-magazine", "article", True), ("webpage", "misc", True),
        ("new-thing", "misc", True),
    ],
)  # fmt: skip
def test_types(type_: str, ours: str, stays: bool) -> None:
    found = record(type=type_)
    assert (found.work.type, csl(found).get("type")) == (ours, type_ if stays else None)


@pytest.mark.parametrize(
    ("variables", "arxiv_id", "version"),
    [
        ({"number": "arXiv:1706.03762v5"}, "1706.03762", 5),
        ({"number": "arXiv:1706.03762 [cs]"}, "1706.03762", None),
        ({"URL": "http://arxiv.org/abs/1706.03762v2"}, "1706.03762", 2),
        ({"note": "arXiv:1706.03762 [cs]"}, "1706.03762", None),
        ({"note": "Extra\nARXIV: math.AG/0309136"}, "math/0309136", None),
        ({"DOI": "10.48550/arXiv.1706.03762"}, "1706.03762", None),
        ({"archive": "arXiv", "archive_location": "1706.03762"}, "1706.03762", None),
        ({"URL": "https://example.org/1706.03762"}, "", None),
    ],
)
def test_arxiv_ids(variables: dict[str, object], arxiv_id: str, version: int | None) -> None:
    found = item_to_record({"title": "A", **variables}, "item 1")  # type: ignore[dict-item]
    assert isinstance(found, Record)
    assert (found.work.arxiv_id, found.arxiv_version) == (arxiv_id, version)


def test_a_note_holds_facts_and_text() -> None:
    text = "PMID: 123\nPMCID: PMC9\nDOI: 10.1234/x\nCitation Key: lee2020\n\nI like: this.\nA lot."
    found = record(note=text)
    assert found.identifiers == (("pubmed", "123"), ("pmc", "PMC9"))
    assert (found.work.doi, found.citekey) == ("10.1234/x", "lee2020")
    assert found.decisions.notes == (NoteText("I like: this.\nA lot."),)
    assert csl(found) == {"note": text}


@pytest.mark.parametrize(
    ("id_", "citekey"),
    [
        ("lee2020", "lee2020"), ("vapnik95", "vapnik95"),
        ("http://zotero.org/users/1/items/BDQRTS3T", ""), ("ITEM-1", ""),
        ("BDQRTS3T", ""), ("123/BDQRTS3T", ""), ("123", ""), ("a b", ""),
        ("0b6ec5ec-9f62-4a52-8e33-2a3b1a8f8f11", ""),
    ],
)  # fmt: skip
def test_an_id_is_a_citekey_only_where_somebody_chose_it(id_: str, citekey: str) -> None:
    found = record(id=id_)
    assert (found.citekey, csl(found).get("id")) == (citekey, None if citekey else id_)


def test_the_citation_key_wins() -> None:
    assert record(id="http://x/y", citation_key="lee2020").citekey == "lee2020"


def test_markup_is_decoded_and_the_original_kept() -> None:
    title = 'The <span class="nocase">DNA</span> of <i>E. coli</i> &amp; <EOS>'
    found = record(title=title, abstract="<jats:p>One.</jats:p> <jats:p>Two.</jats:p>")
    assert (found.work.title, found.work.abstract) == ("The DNA of E. coli & <EOS>", "One.\nTwo.")
    assert set(found.original) == {"title", "abstract"}
    assert found.original["title"] == title


def test_lists_as_crossref_has_them() -> None:
    found = record(title=["One Title"], container_title=["Long", "Other"], ISSN=["1-2", "3-4"])
    assert (found.work.title, found.work.venue.name) == ("One Title", "Long")
    assert found.identifiers == (("issn", "1-2"), ("issn", "3-4"))
    assert csl(found) == {"container-title": ["Long", "Other"]}


def test_several_isbns_in_one_text() -> None:
    assert record(ISBN="0-943396-04-2 0-85131-041-9").identifiers == (
        ("isbn", "0-943396-04-2"), ("isbn", "0-85131-041-9"),
    )  # fmt: skip


ITEMS: list[dict[str, object]] = [
    {"id": "a1", "type": "book", "title": "First"},
    {"id": "b2", "type": "book", "title": "Second", "issued": {"raw": "2020"}},
]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(ITEMS), json.dumps(ITEMS, indent=2).replace("\n", "\r\n"),
        "\ufeff" + json.dumps(ITEMS), "\n".join(map(json.dumps, ITEMS)),
        json.dumps({"items": ITEMS}),
    ],
)  # fmt: skip
def test_forms_of_a_file(data: str) -> None:
    assert csl_json.recognise(data.encode(), "x")
    found = read(data)
    assert [item.work.title for item in found if isinstance(item, Record)] == ["First", "Second"]
    assert [item.place for item in found] == ["item 1", "item 2"]


def test_a_single_item() -> None:
    (found,) = read(json.dumps(ITEMS[1], indent=1))
    assert isinstance(found, Record)
    assert found.citekey == "b2"


def test_what_cannot_be_read_is_named_and_its_neighbours_go_in() -> None:
    first, second = map(json.dumps, ITEMS)
    found = read(f'[{first},\n{{"id": "c", "type": "book"}}, 7, {{"title": bad}},\n{second}]')
    assert [
        item.work.title if isinstance(item, Record) else f"{item.place}: {item.reason}"
        for item in found
    ] == [
        "First",
        'item 2 (line 2): its "title" is not there',
        "item 3 (line 2): not a JSON object",
        "item 4 (line 2): the array is broken or cut here (Expecting value)",
        "Second",
    ]
    assert all(item.data for item in found if isinstance(item, Unread))


OTHERS = [
    b"", b"[]", b"{}", b"[1]", b'{"title": "A"}', b'[{"title": "A", "type": "book"}]',
    b'{"title": "A", "type": "article", "authors": [], "uid": "1", "id": 4}',
    b'{"id": "https://openalex.org/W1", "doi": "x", "type": "article", "title": "A"}',
    b'{"DOI": "10.1/x", "type": "journal-article", "title": ["A"]}',
    b'{"results": [{"type": "book", "id": "a"}]}', b"[" * 9999, b'{"type": ' * 9999,
]  # fmt: skip


@pytest.mark.parametrize("head", OTHERS)
def test_other_json_is_not_recognised(head: bytes) -> None:
    assert not csl_json.recognise(head, "x.json")


def test_an_item_longer_than_the_head_is_recognised() -> None:
    item = {"id": "a1", "type": "book", "issued": {"raw": "2020"}, "abstract": "x" * 100_000}
    assert csl_json.recognise(json.dumps([item]).encode()[: 1 << 16], "x")


def test_deep_nesting_and_halves_of_characters_do_no_harm() -> None:
    deep = json.dumps({**ITEMS[0], "x": None}).replace("null", "[" * 200 + "]" * 200)
    half = rb'{"id": "a", "type": "book", "title": "A \ud800 B", "x\udc00": "\udfff"}'
    first, second = (*read(deep), *read(half))
    assert isinstance(first, Unread)
    assert "nested" in first.reason
    assert isinstance(second, Record)
    assert second.work.title == "A \ufffd B"
    assert csl(second) == {"x\ufffd": "\ufffd"}


_VARIABLES = st.sampled_from(
    """type title author issued DOI URL ISBN note keyword id citation-key container-title volume
    issue page publisher abstract number archive PMID other""".split()
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["family", "date-parts", "raw", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(_VARIABLES, _JSON))
def test_any_item_is_read_or_named(item: dict[str, object]) -> None:
    (found,) = read(json.dumps([item]))
    assert isinstance(found, Record) or "title" in found.reason


DATA = Path(os.environ.get("PAPERTRAY_TEST_DATA", "/nowhere")) / "csl_json"


@pytest.mark.skipif(not DATA.is_dir(), reason="PAPERTRAY_TEST_DATA names no folder with csl_json")
def test_real_files_are_read_whole() -> None:
    for file in sorted(DATA.iterdir()):
        data = file.read_bytes()
        whole = json.loads(data.decode("utf-8-sig"))
        assert csl_json.recognise(data[: 1 << 16], file.name), file.name
        found = read(data)
        assert len(found) == (len(whole) if isinstance(whole, list) else 1)
        assert all(isinstance(item, Record) for item in found), file.name
