"""Courses: each service asked for what is new, also after days offline, and nothing lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.fetching.made_up_services import (
    ArxivApi,
    ArxivOai,
    Biorxiv,
    Crossref,
    HuggingFace,
    OpenAlex,
    SemanticScholar,
    Service,
    addresses,
    atom,
    oai,
)
from local_server import Ask, LocalServer, Reply
from papertray.core.errors import FetchFailed, UsageError
from papertray.core.model import Record
from papertray.core.settings import usual_settings
from papertray.core.subscriptions import Kind, Subscription
from papertray.feeds.fetching.course import (
    MOST_PAGES,
    MOST_PAGES_AT_ONCE,
    Since,
    days_to_read,
)
from papertray.feeds.fetching.courses import Course, course_of
from papertray.feeds.fetching.http import HttpTransport
from papertray.feeds.fetching.pace import Paces
from papertray.feeds.fetching.transport import Answer, Request
from papertray.feeds.source import open_source

TODAY = date(2026, 11, 23)
DAY = timedelta(1)

SERVICES: dict[str, tuple[str, type[Service]]] = {
    "arxiv:cs.CL": ("/oai", ArxivOai),
    "arxiv:au:ito": ("/api/query", ArxivApi),
    "hf:daily": ("/hf/api/daily_papers", HuggingFace),
    "s2:neural decoding": ("/graph/v1/paper/search/bulk", SemanticScholar),
    "openalex:neural decoding": ("/openalex/works", OpenAlex),
    "biorxiv:neuroscience": ("/details/*", Biorxiv),
    "issn:2041-1723": ("/crossref/journals/2041-1723/works", Crossref),
}


@dataclass
class Fetched:
    """What a fetch brought: news, papers that were only touched, and how far it is read."""

    news: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    read_until: str = ""
    answers: list[Answer] = field(default_factory=list)


@dataclass
class Fetcher:
    """Follows courses as fetching does, with the real transport and the real readers."""

    server: LocalServer
    folder: Path
    transport: HttpTransport

    def course(self, location: str, since: Since, contact: str = "") -> Course:
        kind = Kind.URL if location.startswith("http") else Kind.SEARCH
        feed = Subscription(1, "feed", kind, location)
        return course_of(feed, addresses(self.server), since, contact)

    def serve(self, location: str, papers: list[tuple[str, date]] | None = None) -> Service:
        path, made = SERVICES[location]
        service = made(papers or [])
        self.server.answers(path, service.answer)
        return service

    def follow(self, course: Course) -> Fetched:
        fetched = Fetched()
        request: Request | None = course.first()
        while request is not None:
            page = self.folder / str(len(self.server.asked))
            fetched.answers.append(self.transport.get(request, page))
            if not page.exists():
                break
            following = course.next(request, page)
            if course.holds_papers(page):
                self._read(course, page, fetched)
            request = following
        fetched.read_until = course.read_until
        return fetched

    def _read(self, course: Course, page: Path, fetched: Fetched) -> None:
        with open_source(str(page), io.BytesIO(), course.format_name) as source:
            for item in source.items():
                assert isinstance(item, Record)
                (fetched.news if course.is_news(item) else fetched.touched).append(item.work.title)

    def fetch(self, location: str, read_until: str = "", today: date = TODAY) -> Fetched:
        return self.follow(self.course(location, Since(read_until, today)))


@pytest.fixture(scope="module")
def transport() -> Iterator[HttpTransport]:
    transport = HttpTransport({"127.0.0.1"}, "papertray", Paces())
    yield transport
    transport.close()


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


@pytest.fixture
def fetcher(server: LocalServer, tmp_path: Path, transport: HttpTransport) -> Fetcher:
    server.asked.clear()
    return Fetcher(server, tmp_path, transport)


def a_paper_a_day(first: date, last: date) -> list[tuple[str, date]]:
    return [(f"Paper {first + DAY * n}", first + DAY * n) for n in range((last - first).days + 1)]


every_service = pytest.mark.parametrize("location", SERVICES)


@every_service
def test_a_first_fetch_looks_back_some_days_and_is_read_until_today(
    fetcher: Fetcher, location: str
) -> None:
    fetcher.serve(location, a_paper_a_day(TODAY - DAY * 40, TODAY))
    fetched = fetcher.fetch(location)
    days = 14 if location.startswith(("s2:", "openalex:")) else 7
    assert sorted(fetched.news) == [f"Paper {TODAY - DAY * n}" for n in range(days, -1, -1)]
    assert fetched.read_until == "2026-11-23"


@every_service
@pytest.mark.parametrize("offline", [7, 31, 100])
def test_days_offline_are_caught_up_to_the_last_paper(
    fetcher: Fetcher, location: str, offline: int
) -> None:
    last = TODAY - DAY * offline
    fetcher.serve(location, a_paper_a_day(last - DAY * 40, TODAY))
    news: set[str] = set()
    read_until, fetches = last.isoformat(), 0
    while read_until != TODAY.isoformat():
        asked = len(fetcher.server.asked)
        fetched = fetcher.fetch(location, read_until)
        assert fetched.read_until > read_until  # each fetch goes on where the last one ended
        assert len(fetcher.server.asked) - asked <= MOST_PAGES + 10
        news.update(fetched.news)
        read_until, fetches = fetched.read_until, fetches + 1
    assert {title for title, _ in a_paper_a_day(last, TODAY)} <= news
    assert fetches <= 1 + offline // 30


@every_service
def test_an_empty_weekend_is_read_without_a_page_to_read(fetcher: Fetcher, location: str) -> None:
    fetcher.serve(location)
    course = fetcher.course(location, Since("2026-11-21", date(2026, 11, 22)))
    request = course.first()
    page = fetcher.folder / "page"
    fetcher.transport.get(request, page)
    following = course.next(request, page)
    assert not course.holds_papers(page)
    while following is not None:
        page = fetcher.folder / "next"
        fetcher.transport.get(following, page)
        following = course.next(following, page)
        page.unlink()
    assert course.read_until == "2026-11-22"


@every_service
def test_what_came_late_on_the_last_day_comes_with_the_next_fetch(
    fetcher: Fetcher, location: str
) -> None:
    service = fetcher.serve(location, [("Early", TODAY)])
    first = fetcher.fetch(location)
    service.papers.append(("Late", TODAY))
    service.papers.append(("Next day", TODAY + DAY))
    second = fetcher.fetch(location, first.read_until, TODAY + DAY)
    assert first.news == ["Early"]
    assert sorted(second.news) == ["Early", "Late", "Next day"]


@every_service
def test_a_fetch_on_the_same_day_is_one_request(fetcher: Fetcher, location: str) -> None:
    fetcher.serve(location)
    fetched = fetcher.fetch(location, TODAY.isoformat())
    assert (len(fetcher.server.asked), fetched.read_until) == (1, TODAY.isoformat())


@every_service
def test_a_last_day_that_is_yet_to_come_says_nothing(fetcher: Fetcher, location: str) -> None:
    fetcher.serve(location, a_paper_a_day(TODAY - DAY * 20, TODAY))
    fetched = fetcher.fetch(location, "2027-01-01")
    assert len(fetched.news) in (8, 15)
    assert fetched.read_until == TODAY.isoformat()


def usual_addresses() -> dict[str, str]:
    """Return where the services are."""
    return {
        setting.partition(".")[2]: str(value)
        for setting, value in usual_settings().values.items()
        if setting.startswith("services.")
    }


@every_service
@pytest.mark.parametrize(
    "page",
    [
        b"<html><body>Welcome to the hotel! Please log in.</body></html>",
        b"",
        b"[[[[[[",
        b'{"message": "Too wide a search"}',
        b'{"data": null, "results": 1, "messages": {}, "message": {"items": {}}}',
        b"\xff\xfe\x00",
        oai("<ListRecords><record/></ListRecords>").body[:-20],
        atom("<entry>", 1).body[:-20],
    ],
    ids=["log-in", "empty", "cut JSON", "error", "other types", "bytes", "cut OAI", "cut Atom"],
)
def test_a_page_that_is_no_answer_is_a_failure(tmp_path: Path, location: str, page: bytes) -> None:
    feed = Subscription(1, "feed", Kind.SEARCH, location)
    course = course_of(feed, usual_addresses(), Since("2026-11-20", TODAY))
    body = tmp_path / "page"
    body.write_bytes(page)
    with pytest.raises(FetchFailed):
        course.next(course.first(), body)
    assert course.read_until == "2026-11-20"
    assert not course.holds_papers(body)


HOSTILE = {
    "bytes in a token": oai("<resumptionToken>TOKEN</resumptionToken>").body.replace(
        b"TOKEN", b"\xff\xfe"
    ),
    "a token that is more": oai(
        "<resumptionToken>a&amp;verb=Identify&#13;&#10;Host: x#/../?</resumptionToken>"
    ).body,
    "half characters": b"""{"message": {"items": [], "next-cursor": "\\ud800"},
        "meta": {"next_cursor": "\\ud800"}, "results": [{}], "data": [{}], "token": "\\ud800",
        "messages": [{"status": "\\ud800"}], "error": "\\ud800"}""",
    "a number without end": b"""{"messages": [{"status": "ok", "cursor": %s, "total": %s}],
        "collection": [{}], "message": {"items": []}}"""
    % (b"9" * 4300, b"8" * 4300),
    "a total without end": atom("<entry></entry>", 1).body.replace(b">1<", b">%s<" % (b"9" * 9999)),
    "errors without end": atom("arxiv.org/api/errors" * 40_000, 1).body,
}


@every_service
@pytest.mark.parametrize("page", HOSTILE.values(), ids=list(HOSTILE))
def test_whatever_a_service_says_leads_to_itself_or_is_a_failure(
    tmp_path: Path, location: str, page: bytes
) -> None:
    course = course_of(
        Subscription(1, "feed", Kind.SEARCH, location), usual_addresses(), Since("", TODAY)
    )
    body, first = tmp_path / "page", course.first()
    body.write_bytes(page)
    try:
        following = course.next(first, body)
    except FetchFailed as error:
        str(error).encode()
        return
    if following is not None:
        before, after = urlsplit(first.url), urlsplit(following.url)
        assert (before.scheme, before.netloc) == (after.scheme, after.netloc)
        assert after.path.split("/")[:2] == before.path.split("/")[:2]
        assert following.url.isascii()
        assert following.url.isprintable()
        assert following.url.count("verb=") == first.url.count("verb=")


def test_an_endless_list_is_given_up(tmp_path: Path) -> None:
    feed = Subscription(1, "feed", Kind.SEARCH, "openalex:the")
    course = course_of(feed, {"openalex": "https://openalex.test"}, Since("", TODAY))
    request, body = course.first(), tmp_path / "page"
    for number in range(MOST_PAGES_AT_ONCE - 1):
        body.write_text(f'{{"meta": {{"next_cursor": "c{number}"}}, "results": [{{}}]}}')
        following = course.next(request, body)
        assert following is not None
        request = following
    with pytest.raises(FetchFailed, match="narrower"):
        course.next(request, body)


def test_a_cursor_that_never_moves_is_given_up(tmp_path: Path) -> None:
    feed = Subscription(1, "feed", Kind.SEARCH, "openalex:the")
    course = course_of(feed, {"openalex": "https://openalex.test"}, Since("", TODAY))
    body = tmp_path / "page"
    body.write_text('{"meta": {"next_cursor": "*"}, "results": [{}]}')
    for _ in range(3):
        assert course.next(course.first(), body) == course.first()
    with pytest.raises(FetchFailed, match="loses its place"):
        course.next(course.first(), body)


@pytest.mark.parametrize("location", ["s2:words", "hf:daily", "openalex:words"])
def test_what_a_service_says_in_place_of_papers_is_told(fetcher: Fetcher, location: str) -> None:
    body = fetcher.folder / "page"
    body.write_text('{"message": "Too  wide."}')
    course = fetcher.course(location, Since("", TODAY))
    with pytest.raises(FetchFailed, match=r"answered: Too wide\.$"):
        course.next(course.first(), body)


# arXiv's categories


def test_a_category_is_asked_for_by_its_set_and_days(fetcher: Fetcher) -> None:
    fetcher.serve("arxiv:cs.CL")
    fetcher.fetch("arxiv:cs.CL", "2026-11-20")
    (ask,) = fetcher.server.asked
    assert ask.query == {
        "verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs:cs:CL",
        "from": "2026-11-19", "until": "2026-11-23",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("hep-th", "physics:hep-th"),
        ("astro-ph.GA", "physics:astro-ph:GA"),
        ("cond-mat.mes-hall", "physics:cond-mat:mes-hall"),
        ("physics.optics", "physics:physics:optics"),
        ("math.AG", "math:math:AG"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("cs", "cs"),
    ],
)
def test_sets_are_spelled_as_arxiv_does(fetcher: Fetcher, category: str, name: str) -> None:
    course = fetcher.course(f"arxiv:{category}", Since("", TODAY))
    assert f"set={name.replace(':', '%3A')}&" in course.first().url


def test_several_categories_are_one_feed(fetcher: Fetcher) -> None:
    service = ArxivOai([("A Paper", TODAY)])
    fetcher.server.answers("/oai", service.answer)
    fetched = fetcher.fetch("arxiv:cs.CL+cs.LG", TODAY.isoformat())
    assert [ask.query["set"] for ask in fetcher.server.asked] == ["cs:cs:CL", "cs:cs:LG"]
    assert (fetched.news, fetched.read_until) == (["A Paper"] * 2, TODAY.isoformat())


def test_a_day_counts_as_read_only_when_all_categories_are(fetcher: Fetcher) -> None:
    course = fetcher.course("arxiv:cs.CL+cs.LG", Since("2026-11-20", TODAY))
    body = fetcher.folder / "page"
    body.write_bytes(oai('<error code="noRecordsMatch"/>').body)
    second = course.next(course.first(), body)
    assert second is not None
    assert course.read_until == "2026-11-20"
    assert course.next(second, body) is None
    assert course.read_until == "2026-11-23"


def test_an_old_paper_that_was_touched_is_no_news(fetcher: Fetcher) -> None:
    papers = [("New", TODAY), ("Held by moderators", TODAY), ("Old", TODAY)]
    created = {"Held by moderators": TODAY - DAY * 8, "Old": TODAY - DAY * 20}
    service = ArxivOai(papers, created)
    fetcher.server.answers("/oai", service.answer)
    fetched = fetcher.fetch("arxiv:cs.CL", "2026-11-23")
    assert (fetched.news, fetched.touched) == (["New", "Held by moderators"], ["Old"])


def test_an_expired_token_begins_the_list_again(fetcher: Fetcher) -> None:
    papers = [(f"{n}. {title}", day) for title, day in a_paper_a_day(TODAY - DAY * 12, TODAY)
              for n in range(3)]  # fmt: skip
    service = ArxivOai(papers, expired={"2026-11-10|2026-11-23|35"})
    fetcher.server.answers("/oai", service.answer)
    fetched = fetcher.fetch("arxiv:cs.CL", "2026-11-11")
    assert set(fetched.news) == {title for title, _ in papers}
    assert not service.expired
    starts = [ask for ask in fetcher.server.asked if "from" in ask.query]
    assert [ask.query["from"] for ask in starts] == ["2026-11-10"] * 2


def test_tokens_that_always_expire_are_given_up(fetcher: Fetcher) -> None:
    service = ArxivOai(a_paper_a_day(TODAY - DAY * 12, TODAY))

    def answer(ask: Ask) -> Reply:
        if "resumptionToken" in ask.query:
            return oai('<error code="badResumptionToken"/>')
        return service.answer(ask)

    fetcher.server.answers("/oai", answer)
    with pytest.raises(FetchFailed, match="loses its place"):
        fetcher.fetch("arxiv:cs.CL", "2026-11-11")
    assert len(fetcher.server.asked) < 10


def test_a_page_that_is_no_answer_is_not_read_in_place_of_the_one_before(
    fetcher: Fetcher,
) -> None:
    course = fetcher.course("arxiv:cs.CL+cs.LG", Since("", TODAY))
    body = fetcher.folder / "page"
    body.write_bytes(oai("<ListRecords><record/></ListRecords>").body)
    second = course.next(course.first(), body)
    assert second is not None
    assert course.holds_papers(body)
    body.write_bytes(b"Please log in.")
    with pytest.raises(FetchFailed, match="log in with a browser"):
        course.next(second, body)
    assert not course.holds_papers(body)


def test_arxivs_own_words_say_what_is_wrong(fetcher: Fetcher) -> None:
    fetcher.server.answers("/oai", oai('<error code="badArgument">No such set</error>'))
    with pytest.raises(FetchFailed, match=r"arXiv answered: badArgument No such set\."):
        fetcher.fetch("arxiv:cs.ZZ")


def test_a_year_offline_goes_on_fetch_after_fetch(fetcher: Fetcher) -> None:
    last = TODAY - DAY * 365
    fetcher.serve("arxiv:cs.CL", a_paper_a_day(last, TODAY))
    news: set[str] = set()
    ends = [last.isoformat()]
    while ends[-1] != TODAY.isoformat():
        fetched = fetcher.fetch("arxiv:cs.CL", ends[-1])
        news.update(fetched.news)
        ends.append(fetched.read_until)
    assert news == {title for title, _ in a_paper_a_day(last, TODAY)}
    assert ends == sorted(ends)
    assert 3 <= len(ends) <= 5


# arXiv's queries


def test_a_query_is_asked_for_what_was_submitted_lately(fetcher: Fetcher) -> None:
    fetcher.serve("arxiv:au:ito")
    fetcher.fetch("arxiv:au:ito OR cat:cs.LG", "2026-11-22")
    (ask,) = fetcher.server.asked
    wanted = "(au:ito OR cat:cs.LG) AND submittedDate:[202611150000 TO 202611232359]"
    assert ask.query["search_query"] == wanted
    assert (ask.query["sortBy"], ask.query["sortOrder"]) == ("submittedDate", "ascending")


def test_an_empty_page_in_the_middle_is_asked_for_again(fetcher: Fetcher) -> None:
    papers = a_paper_a_day(TODAY - DAY * 7, TODAY)
    service = ArxivApi(papers, empty=[0, 5, 5])
    fetcher.server.answers("/api/query", service.answer)
    fetched = fetcher.fetch("arxiv:au:ito")
    assert fetched.news == [title for title, _ in papers]
    assert [ask.query["start"] for ask in fetcher.server.asked] == ["0", "0", "5", "5", "5"]


def test_a_page_that_stays_empty_is_a_failure(fetcher: Fetcher) -> None:
    service = ArxivApi(a_paper_a_day(TODAY - DAY * 7, TODAY), empty=[5] * 20)
    fetcher.server.answers("/api/query", service.answer)
    with pytest.raises(FetchFailed, match="loses its place"):
        fetcher.fetch("arxiv:au:ito")


def test_an_error_among_the_entries_is_a_failure(fetcher: Fetcher) -> None:
    error = (
        "<entry><id>https://arxiv.org/api/errors#bad</id><title>Error</title>"
        "<summary>incorrect  query &amp;</summary></entry>"
    )
    fetcher.server.answers("/api/query", atom(error, 1))
    with pytest.raises(FetchFailed, match="arXiv answered: incorrect query &"):
        fetcher.fetch("arxiv:au:")


# the others


def test_a_later_version_of_a_preprint_is_no_news(fetcher: Fetcher) -> None:
    service = fetcher.serve("biorxiv:neuroscience", [("New", TODAY), ("Revised", TODAY)])
    assert isinstance(service, Biorxiv)
    service.versions["Revised"] = 2
    fetched = fetcher.fetch("biorxiv:neuroscience")
    assert (fetched.news, fetched.touched) == (["New"], ["Revised"])


@pytest.mark.parametrize(
    ("location", "query"),
    [
        ("biorxiv:cell biology", {"category": "cell_biology"}),
        ("medrxiv:all", {}),
    ],
)
def test_preprints_are_asked_for_by_category(
    fetcher: Fetcher, location: str, query: dict[str, str]
) -> None:
    fetcher.serve("biorxiv:neuroscience")
    fetcher.fetch(location, "2026-11-23")
    (ask,) = fetcher.server.asked
    server = location.partition(":")[0]
    assert ask.path == f"/details/{server}/2026-11-22/2026-11-23/0/json"
    assert ask.query == query


def test_hugging_face_is_asked_for_each_day_that_was_missed(fetcher: Fetcher) -> None:
    fetcher.serve("hf:daily")
    fetcher.fetch("hf:daily", "2026-11-20")
    days = [ask.query["date"] for ask in fetcher.server.asked]
    assert days == ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"]


@pytest.mark.parametrize("location", ["openalex:words", "issn:2041-1723"])
@pytest.mark.parametrize("contact", ["ada@example.org", ""])
def test_a_contact_is_told_to_those_who_want_one(
    fetcher: Fetcher, location: str, contact: str
) -> None:
    url = fetcher.course(location, Since("", TODAY), contact).first().url
    assert ("mailto=ada%40example.org" in url) == bool(contact)


def test_a_journal_with_many_works_on_a_day_is_read_to_the_end(fetcher: Fetcher) -> None:
    works = [(f"Work {n}", TODAY) for n in range(230)]
    fetcher.serve("issn:2041-1723", works)
    fetched = fetcher.fetch("issn:2041-1723")
    assert fetched.news == [title for title, _ in works]
    assert [ask.query["cursor"] for ask in fetcher.server.asked] == ["*", "100", "200"]


def test_semantic_scholar_is_asked_for_fields_that_the_reader_takes(fetcher: Fetcher) -> None:
    fetcher.serve("s2:neural decoding")
    fetcher.fetch("s2:neural decoding", "2026-11-23")
    (ask,) = fetcher.server.asked
    assert ask.query["query"] == "neural decoding"
    assert {"title", "abstract", "externalIds"} <= set(ask.query["fields"].split(","))


def test_a_search_of_a_newer_papertray_is_named() -> None:
    feed = Subscription(1, "dreams", Kind.SEARCH, "dreams:electric sheep")
    with pytest.raises(UsageError, match="dreams:electric sheep"):
        course_of(feed, {}, Since("", TODAY))


# addresses


def test_an_address_is_asked_once_and_on_condition(fetcher: Fetcher) -> None:
    fetcher.server.answers("/feed", Reply(b'{"title": "Paper"}', etag='"7"'))
    url = fetcher.server.url("/feed")
    course = fetcher.course(url, Since("", TODAY))
    assert course.is_conditional
    first = fetcher.follow(course)
    again = fetcher.follow(fetcher.course(url, Since("", TODAY, etag='"7"')))
    assert first.news == ["Paper"]
    assert [answer.status for answer in first.answers + again.answers] == [200, 304]
    assert (first.read_until, again.news) == ("", [])


def test_a_feed_that_moved_for_good_is_asked_where_it_is_now(fetcher: Fetcher) -> None:
    since = Since("", TODAY, last_modified="Mon, 23 Nov 2026 07:00:00 GMT", moved="http://new.test")
    request = fetcher.course("http://old.test/feed", since).first()
    assert request.url == "http://new.test"
    assert request.last_modified == "Mon, 23 Nov 2026 07:00:00 GMT"


# days


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sampled_from([(0, 1), (1, 14), (5, 14), (14, 28)]),
)
def test_days_are_asked_for_once_in_their_order_up_to_today(
    last: date, today: date, search: tuple[int, int]
) -> None:
    overlap, at_once = search
    pieces = days_to_read(Since(last.isoformat(), today), overlap, at_once)
    days = [
        piece.first + DAY * n
        for piece in pieces
        for n in range((piece.last - piece.first).days + 1)
    ]
    assert days == [days[0] + DAY * n for n in range(len(days))]
    assert days[-1] == today
    if last <= today:
        assert days[0] == last - DAY * overlap
        assert pieces[0].last >= last  # so that no fetch ends before it has got anywhere
