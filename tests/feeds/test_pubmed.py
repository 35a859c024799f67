"""PubMed's XML: what is taken from it, whatever PubMed writes."""

from __future__ import annotations

import io

import pytest

from papertray.core.model import Author, Record, Unread
from papertray.feeds import pubmed


def _read(articles: str, root: str = "PubmedArticleSet") -> list[Record | Unread]:
    return list(pubmed.read(io.BytesIO(f"<{root}>{articles}</{root}>".encode())))


def _article(inside: str, after: str = "") -> Record:
    """Return the record of an article with a title and `inside`; `after` stands behind it."""
    (record,) = _read(
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T</ArticleTitle>"
        f"{inside}</Article></MedlineCitation>{after}</PubmedArticle>"
    )
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("<Year>2018</Year><Month>Nov</Month><Day>09</Day>", (2018, 11, 9)),
        ("<Year>2018</Year><Month>02</Month>", (2018, 2, None)),
        ("<Year>2018</Year>", (2018, None, None)),
        ("<Year>2000</Year><Season>Spring</Season>", (2000, None, None)),
        ("<MedlineDate>2000 Spring</MedlineDate>", (2000, None, None)),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", (1998, 12, None)),
        ("<MedlineDate>2015 Nov 27-Dec 3</MedlineDate>", (2015, 11, None)),
        ("<MedlineDate>no date</MedlineDate>", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_dates(date: str, found: tuple[int | None, ...]) -> None:
    work = _article(
        f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>"
    ).work
    assert (work.year, work.month, work.day) == found


def test_a_date_that_says_more_than_a_day_is_kept_as_it_came() -> None:
    date = "<PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate>"
    assert _article(date).extra == {"pubmed": {"PubDate": {"MedlineDate": "1998 Dec-1999 Jan"}}}


def test_the_electronic_date_stands_in_for_none() -> None:
    date = "<ArticleDate><Year>2017</Year><Month>11</Month><Day>09</Day></ArticleDate>"
    assert _article(date).work.day == 9


@pytest.mark.parametrize(
    ("author", "found"),
    [
        (
            "<LastName>van der Berg</LastName><ForeName>Anna K</ForeName><Initials>AK</Initials>",
            Author("Berg", "Anna K", "van der"),
        ),
        ("<LastName>Dupont</LastName><Initials>PQ</Initials>", Author("Dupont", "PQ")),
        (
            "<LastName>King</LastName><ForeName>Martin</ForeName><Suffix>Jr</Suffix>",
            Author("King", "Martin", suffix="Jr"),
        ),
        ("<LastName>Selvamani</LastName>", Author(literal="Selvamani")),
        # The parts are told apart already, so no name is taken for a body's.
        ("<LastName>Group</LastName><ForeName>Ann</ForeName>", Author("Group", "Ann")),
        ("<CollectiveName>EXAMPLE Group.</CollectiveName>", Author(literal="EXAMPLE Group")),
    ],
)
def test_authors(author: str, found: Author) -> None:
    assert _article(f"<AuthorList><Author>{author}</Author></AuthorList>").work.authors == (found,)


def test_a_list_that_pubmed_calls_incomplete_ends_in_others() -> None:
    authors = '<AuthorList CompleteYN="N"><Author><LastName>A</LastName></Author></AuthorList>'
    assert [author.display for author in _article(authors).work.authors] == ["A", "et al."]


def test_labelled_parts_of_an_abstract_are_paragraphs() -> None:
    abstract = (
        '<Abstract><AbstractText Label="AIM">To see\n if P &lt; <i>x</i>.</AbstractText>'
        '<AbstractText Label="UNLABELLED">We saw.</AbstractText><AbstractText/></Abstract>'
    )
    assert _article(abstract).work.abstract == "AIM: To see if P < x.\nWe saw."


def test_text_that_was_escaped_twice_is_text() -> None:
    abstract = "<Abstract><AbstractText>P&amp;lt;0.05 and A&amp;B</AbstractText></Abstract>"
    assert _article(abstract).work.abstract == "P<0.05 and A&B"


def test_identifiers_are_those_of_the_article_and_not_of_its_references() -> None:
    record = _article(
        '<ELocationID EIdType="doi" ValidYN="N">10.1234/wrong</ELocationID>',
        '<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1234/Right</ArticleId>'
        '<ArticleId IdType="pmc">pmc-id: PMC123;</ArticleId></ArticleIdList><ReferenceList>'
        '<Reference><ArticleIdList><ArticleId IdType="doi">10.1/x</ArticleId></ArticleIdList>'
        "</Reference></ReferenceList></PubmedData>",
    )
    assert record.work.doi == "10.1234/Right"
    assert record.identifiers == (("pubmed", "1"), ("pmc", "PMC123"))


def test_keywords_are_the_records_and_no_tags() -> None:
    record = _article("", "")
    assert not record.decisions
    record = _article("<KeywordList><Keyword>a</Keyword></KeywordList>")
    assert not record.decisions
    assert record.extra == {"pubmed": {"KeywordList": ["a"]}}


@pytest.mark.parametrize(
    ("kinds", "type_"),
    [
        (["Journal Article", "Preprint"], "preprint"),
        (["Journal Article", "Dataset"], "article"),
        (["Academic Dissertation"], "thesis"),
        (["Case Reports"], "article"),
    ],
)
def test_types(kinds: list[str], type_: str) -> None:
    terms = "".join(f"<PublicationType>{kind}</PublicationType>" for kind in kinds)
    record = _article(f"<PublicationTypeList>{terms}</PublicationTypeList>")
    assert record.work.type == type_


def test_a_set_of_bare_citations_is_read_too() -> None:
    citation = (
        "<MedlineCitation><PMID>7</PMID><Article><ArticleTitle>Bare.</ArticleTitle></Article>"
        "</MedlineCitation>"
    )
    (record,) = _read(citation, "MedlineCitationSet")
    assert isinstance(record, Record)
    assert record.work.title == "Bare"


def test_a_broken_article_keeps_its_neighbours() -> None:
    good = "<PubmedArticle><ArticleTitle>Good.</ArticleTitle></PubmedArticle>"
    found = _read(f"<PubmedArticle> wrong </PubmedArticle>{good}")
    assert [type(item) for item in found] == [Unread, Record]


@pytest.mark.parametrize(
    ("head", "is_pubmed"),
    [
        ("<PubmedArticleSet><PubmedArticle>", True),
        ("<PubmedBookArticleSet>", True),
        ("<ArticleSet><Article><ArticleTitle>", True),
        ("<ArticleSet><item>", False),
        ("<article xmlns='http://jats.nlm.nih.gov'>", False),
        ("{}", False),
    ],
)
def test_recognising(head: str, is_pubmed: bool) -> None:
    assert pubmed.recognise(head.encode(), "x.xml") is is_pubmed
