"""Crossref's XML: what of a journal, conference or book belongs to the work in it."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import LeftBehind, Record, Unread
from papertray.feeds import crossref_xml


def _read(inside: str) -> list[Record | Unread | LeftBehind]:
    document = f"<doi_records><doi_record><crossref>{inside}</crossref></doi_record></doi_records>"
    return list(crossref_xml.read(io.BytesIO(document.encode())))


def _article(inside: str) -> Record:
    found = _read(
        f"<journal><journal_article><titles><title>T</title></titles>{inside}"
        "</journal_article></journal>"
    )
    assert isinstance(found[0], Record)
    return found[0]


def _person(name: str, role: str, sequence: str) -> str:
    return (
        f'<person_name contributor_role="{role}" sequence="{sequence}">'
        f"<surname>{name}</surname></person_name>"
    )


def test_authors_stand_in_their_order_and_editors_are_none() -> None:
    people = (
        _person("C", "author", "additional")
        + _person("E", "editor", "first")
        + _person("A", "author", "first")
        + '<organization contributor_role="author" sequence="additional">G &amp; H</organization>'
    )
    record = _article(f"<contributors>{people}</contributors>")
    assert [author.display for author in record.work.authors] == ["A", "C", "G & H"]
    assert "E" in str(record.extra["crossref-xml"])


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ("2019-12-05", (2019, 12, 5)),
        ("2020-03- 2019-12-05", (2019, 12, 5)),
        ("2019-- 2019-12-05", (2019, 12, 5)),
        ("2013-05-15 2009-03-", (2009, 3, None)),
        ("0000-00-00", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_the_earliest_date_counts(dates: str, found: tuple[int | None, ...]) -> None:
    parts = [date.split("-") for date in dates.split(" ") if date]
    work = _article(
        "".join(
            f"<publication_date><year>{y}</year><month>{m}</month><day>{d}</day></publication_date>"
            for y, m, d in parts
        )
    ).work
    assert (work.year, work.month, work.day) == found


def test_an_abstract_is_taken_before_a_teaser() -> None:
    jats = 'xmlns:jats="http://www.ncbi.nlm.nih.gov/JATS1"'
    record = _article(
        f'<jats:abstract {jats} abstract-type="teaser"><jats:p>Hey!</jats:p></jats:abstract>'
        f"<jats:abstract {jats}><jats:sec><jats:title>Aim</jats:title><jats:p>To see.</jats:p>"
        "</jats:sec></jats:abstract>"
    )
    assert record.work.abstract == "Aim: To see."


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("preprint", "preprint"),
        ("working_paper", "preprint"),
        ("dissertation", "thesis"),
        ("report", "report"),
        ("other", "misc"),
    ],
)
def test_posted_content(kind: str, type_: str) -> None:
    (record,) = _read(
        f'<posted_content type="{kind}"><titles><title>T</title></titles></posted_content>'
    )
    assert isinstance(record, Record)
    assert record.work.type == type_


_BOOK = "<book_metadata><titles><title>B</title></titles><doi_data><doi>10.1234/b</doi></doi_data>\
</book_metadata>"
_CHAPTER = "<content_item><titles><title>C</title></titles></content_item>"


@pytest.mark.parametrize(
    ("book", "works"),
    [
        (_BOOK, [("B", "book", "")]),
        (_BOOK + _CHAPTER, [("C", "chapter", "B")]),
        (_BOOK + _CHAPTER * 2, [("C", "chapter", "B")] * 2),
    ],
)
def test_a_book_is_a_work_where_none_of_its_chapters_is(
    book: str, works: list[tuple[str, str, str]]
) -> None:
    records = [item for item in _read(f"<book>{book}</book>") if isinstance(item, Record)]
    found = [(one.work.title, one.work.type, one.work.venue.name) for one in records]
    assert found == works


def test_a_journal_says_nothing_of_the_next_work() -> None:
    journal = "<journal><journal_metadata><full_title>J</full_title></journal_metadata>{}</journal>"
    article = "<journal_article><titles><title>T</title></titles></journal_article>"
    found = _read(journal.format(article) + f"<journal>{article}</journal>")
    names = [item.work.venue.name for item in found if isinstance(item, Record)]
    assert names == ["J", ""]


@pytest.mark.parametrize("title", ["", "[No title found]", "<i/>"])
def test_a_work_without_a_title_is_said(title: str) -> None:
    found = _read(f"<dissertation><titles><title>{title}</title></titles></dissertation>")
    assert [type(item) for item in found] == [Unread]


def test_an_unknown_doi_is_said() -> None:
    (found,) = _read("<error>doi:10.1234/nobody</error>")
    assert isinstance(found, Unread)
    assert found.reason == "Crossref answered: doi:10.1234/nobody"


@pytest.mark.parametrize(
    ("head", "is_crossref"),
    [
        ("<doi_records><doi_record>", True),
        ('<crossref_result xmlns="http://www.crossref.org/qrschema/3.0">', True),
        ("<doi_batch><head>", True),
        ("<OAI-PMH><metadata><doi_record>", True),
        ("<OAI-PMH><metadata><arXiv>", False),
    ],
)
def test_recognising(head: str, is_crossref: bool) -> None:
    assert crossref_xml.recognise(head.encode(), "x.xml") is is_crossref
