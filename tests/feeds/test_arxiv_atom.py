"""arXiv's Atom: entries, errors, ids, versions, DOIs; and its announcements in Atom."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Record, Sighting, Unread, Version
from papertray.feeds import arxiv_atom

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>{}</feed>"""


def read(inner: str) -> list[Record | Unread]:
    return list(arxiv_atom.read(io.BytesIO(FEED.format(inner).encode())))


def record(inner: str = "", identifier: str = "http://arxiv.org/abs/2601.00001v1") -> Record:
    (found,) = read(f"<entry><id>{identifier}</id><title>A Title</title>{inner}</entry>")
    assert isinstance(found, Record)
    return found


@pytest.mark.parametrize(
    ("identifier", "arxiv_id", "version"),
    [
        ("http://arxiv.org/abs/2202.12139v1", "2202.12139", 1),
        ("https://arxiv.org/abs/2202.12139v12", "2202.12139", 12),
        ("http://arxiv.org/abs/astro-ph/0601001v2", "astro-ph/0601001", 2),
        ("http://arxiv.org/abs/math.AG/0309136", "math/0309136", None),
        ("oai:arXiv.org:2202.12139v3", "2202.12139", 3),
    ],
)
def test_ids(identifier: str, arxiv_id: str, version: int | None) -> None:
    found = record(identifier=identifier)
    assert (found.work.arxiv_id, found.arxiv_version) == (arxiv_id, version)
    assert found.work.url == f"https://arxiv.org/abs/{arxiv_id}"


DATES = "<published>2026-01-02T03:04:05Z</published><updated>2026-02-03T04:05:06Z</updated>"


def test_a_later_version_has_its_date_and_the_first_keeps_its_own() -> None:
    found = record(DATES + "<summary>Words.</summary>", "http://arxiv.org/abs/2601.00001v3")
    assert (found.work.year, found.work.month, found.work.day) == (2026, 1, 2)
    assert found.versions == (
        Version(1, seen="2026-01-02T03:04:05.000Z"),
        Version(3, "A Title", "Words.", "2026-02-03T04:05:06.000Z"),
    )


def test_the_first_version_has_the_date_of_the_paper() -> None:
    assert record(DATES).versions == (Version(1, "A Title", "", "2026-01-02T03:04:05.000Z"),)


def test_authors_may_stand_in_two_places() -> None:
    names = "<author><name>Ada Li</name></author>" * 2
    told = record(f"{names}<dc:creator>Ada Li, Grace Hopper</dc:creator>").work.authors
    assert [author.display for author in told] == ["Ada Li", "Ada Li", "Grace Hopper"]


def test_an_error_is_no_paper() -> None:
    (found,) = read(
        "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id>"
        "<title>Error</title><summary>incorrect id format for abc</summary></entry>"
    )
    assert isinstance(found, Unread)
    assert found.reason == "arXiv answered with an error: incorrect id format for abc"
    assert b"incorrect id format" in found.data


def test_a_paper_may_be_called_error() -> None:
    (found,) = read("<entry><id>http://arxiv.org/abs/2601.00001v1</id><title>Error</title></entry>")
    assert isinstance(found, Record)


def test_no_hits_are_no_records_and_no_complaint() -> None:
    assert read("<totalResults>0</totalResults>") == []


@pytest.mark.parametrize(
    ("told", "doi", "identifiers"),
    [
        ("10.1109/X.1", "10.1109/X.1", ()),
        ("https://doi.org/10.1109/X.1", "10.1109/X.1", ()),
        ("10.1109/X.1 10.1109/Y.2", "10.1109/X.1", (("doi", "10.1109/Y.2"),)),
        ("10.48550/arXiv.2601.00001", "", ()),
        ("10.48550/arXiv.2601.00001 10.1109/X.1", "10.1109/X.1", ()),
    ],
)
def test_dois(told: str, doi: str, identifiers: tuple[tuple[str, str], ...]) -> None:
    found = record(f"<arxiv:doi>{told}</arxiv:doi>")
    assert (found.work.doi, found.identifiers, found.extra) == (doi, identifiers, {})


def test_what_is_no_doi_is_kept() -> None:
    assert record("<arxiv:doi>soon</arxiv:doi>").extra == {"arxiv": {"doi": "soon"}}


def test_a_journal_reference_stays_in_one_piece() -> None:
    venue = record(r"<arxiv:journal_ref>Zeitschrift f\"ur X 12, 3 (2020)</arxiv:journal_ref>").work
    assert (venue.venue.name, venue.venue.volume) == ("Zeitschrift für X 12, 3 (2020)", "")
    assert venue.type == "", "what appeared is more than a preprint"


def test_math_stays_tex_goes_and_lines_are_joined() -> None:
    found = record(
        '<summary>  We use $O(n \\log n)$ &lt;EOS&gt; and\nna\\"ive {\\em keepers}, cf. Fig.~3,\n'
        "in 45\\% of \\sysname.\n\n  Then we stop.</summary>"
    )
    assert found.work.abstract == (
        "We use $O(n \\log n)$ <EOS> and naïve keepers, cf. Fig.\u00a03, in 45% of \\sysname.\n"
        "Then we stop."
    )
    assert "abstract" in found.original
    assert "title" not in found.original


def test_classes_are_no_categories() -> None:
    terms = ("cs.LG", "math.CO", "68T05; 05C10", "I.2.6", "quant-ph", "cond-mat.mes-hall")
    found = record("".join(f'<category term="{term}"/>' for term in terms))
    assert found.work.categories == ("cs.LG", "math.CO", "quant-ph", "cond-mat.mes-hall")
    assert found.extra == {"arxiv": {"classes": ["68T05; 05C10", "I.2.6"]}}


def test_affiliations_and_fields_of_tomorrow_are_kept() -> None:
    found = record(
        "<author><name>Ada Lee</name><arxiv:affiliation>House</arxiv:affiliation></author>"
        "<arxiv:mood>bright</arxiv:mood>"
    )
    assert found.extra == {"arxiv": {"affiliations": [["Ada Lee", ["House"]]], "mood": "bright"}}


def test_an_announcement_says_when_it_was_made_not_when_the_paper_came() -> None:
    found = record(
        "<summary>arXiv:2512.00001v2 Announce Type: replace-cross \nAbstract: Words.</summary>"
        "<published>2026-01-02T00:00:00-05:00</published><dc:creator>Ada Lee, Bo Ek</dc:creator>"
        "<arxiv:announce_type>replace-cross</arxiv:announce_type>",
        "oai:arXiv.org:2512.00001v2",
    )
    assert (found.work.year, found.work.month, found.work.day) == (2025, 12, None)
    assert (found.arxiv_version, found.versions) == (2, ())
    assert found.sightings == (Sighting(seen="2026-01-02T05:00:00.000Z"),)
    assert found.work.abstract == "Words."
    assert [author.display for author in found.work.authors] == ["Ada Lee", "Bo Ek"]
    assert found.extra == {"arxiv": {"announce_type": "replace-cross"}}


def test_without_a_title_it_is_named_and_its_neighbours_go_in() -> None:
    found = read("<entry><id>x</id></entry><entry><title>There</title></entry>")
    assert [type(item) for item in found] == [Unread, Record]


def test_a_cut_answer_gives_what_is_whole() -> None:
    whole = FEED.format("<entry><title>One</title></entry><entry><title>Two</title></entry>")
    cut = whole[: whole.index("Two") + 1]
    first, second = arxiv_atom.read(io.BytesIO(cut.encode()))
    assert isinstance(first, Record)
    assert isinstance(second, Unread)


@pytest.mark.parametrize(
    ("data", "is_ours"),
    [
        (FEED.format(""), True),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><id>http://export.arxiv.org/api/x</id>', True),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><id>http://example.org/</id></feed>', False),
        ('<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom"><channel/></rss>', False),
        ('{"id": "http://arxiv.org/abs/1"}', False),
    ],
)
def test_recognising(data: str, is_ours: bool) -> None:
    assert arxiv_atom.recognise(data.encode(), "x.xml") is is_ours
