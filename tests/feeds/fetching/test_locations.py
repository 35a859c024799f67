"""What users type after ``feeds add NAME``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertray.core.errors import UsageError
from papertray.core.subscriptions import Kind, Subscription
from papertray.feeds.fetching.arxiv_categories import category_named
from papertray.feeds.fetching.course import Since
from papertray.feeds.fetching.courses import course_of
from papertray.feeds.fetching.locations import Location, parse_listed, parse_location, split_name

NOWHERE = Path("/there/is/no/such/folder")


@pytest.mark.parametrize(
    ("typed", "location"),
    [
        ("arxiv:cs.CL", "arxiv:cs.CL"),
        ("arXiv:CS.cl", "arxiv:cs.CL"),
        ("arxiv: cs.CL", "arxiv:cs.CL"),
        ("arxiv:cs", "arxiv:cs"),
        ("arxiv:hep-th", "arxiv:hep-th"),
        ("arxiv:physics.Optics", "arxiv:physics.optics"),
        ("arxiv:cond-mat.stat-mech", "arxiv:cond-mat.stat-mech"),
        ("arxiv:cs.CL+cs.LG+cs.cl", "arxiv:cs.CL+cs.LG"),
        ("arxiv:au:smith AND cat:cs.LG", "arxiv:au:smith AND cat:cs.LG"),
        ('arxiv:"graph neural"', 'arxiv:"graph neural"'),
        ("arxiv:graph  neural\n", "arxiv:graph neural"),
        ("arxiv:transformers", "arxiv:transformers"),
        ("arxiv:cs.CL, cs.LG stat.ML", "arxiv:cs.CL+cs.LG+stat.ML"),
        ("arxiv:math physics", "arxiv:math physics"),
        ("arxiv:math, physics", "arxiv:math, physics"),
        ("arxiv:math+physics", "arxiv:math+physics"),
        ("arxiv:C++", "arxiv:C++"),
        ("arxiv:node.js", "arxiv:node.js"),
        ("arxiv:cs.CL+cs.Lg1", "arxiv:cs.CL+cs.Lg1"),
        ("hf:daily", "hf:daily"),
        ("HF:Daily", "hf:daily"),
        ("s2:neural decoding", "s2:neural decoding"),
        ("s2:\x1b[0mneural\x00decoding\x7f", "s2:[0mneural decoding"),
        ("openalex:neural | decoding", "openalex:neural | decoding"),
        ("biorxiv:cell_biology", "biorxiv:cell biology"),
        ("biorxiv:Cell__biology_", "biorxiv:cell biology"),
        ("medrxiv:all", "medrxiv:all"),
        ("issn:2041-1723", "issn:2041-1723"),
        ("issn:20411723", "issn:2041-1723"),
        ("issn:2434-561x", "issn:2434-561X"),
    ],
)
def test_a_search(typed: str, location: str) -> None:
    assert parse_location(typed, NOWHERE) == Location(Kind.SEARCH, location)


@pytest.mark.parametrize(
    "typed",
    ["https://example.org/feed.xml", "http://127.0.0.1:8000/rss?q=a+b#c", "HTTPS://Example.org"],
)
def test_an_address(typed: str) -> None:
    assert parse_location(f" {typed} ", NOWHERE) == Location(Kind.URL, typed)


@pytest.mark.parametrize(
    ("typed", "location"),
    [
        ("https://rss.arxiv.org/rss/cs.CL", "arxiv:cs.CL"),
        ("https://rss.arxiv.org/atom/cs.AI+q-bio.NC", "arxiv:cs.AI+q-bio.NC"),
        ("http://export.arxiv.org/rss/hep-th", "arxiv:hep-th"),
        ("https://rss.arxiv.org/rss/cs.CL+cs.LG+cs.CL", "arxiv:cs.CL+cs.LG"),
        ("http://arxiv.org/rss/cs.LG?version=2.0", "arxiv:cs.LG"),
        ("https://www.arxiv.org/rss/cs/", "arxiv:cs"),
        ("https://rss.arxiv.org/rss/cs.CL%2Bcs.LG", "arxiv:cs.CL+cs.LG"),
    ],
)
def test_arxivs_rss_becomes_a_search_and_a_note_says_why(typed: str, location: str) -> None:
    found = parse_location(typed, NOWHERE)
    assert (found.kind, found.location) == (Kind.SEARCH, location)
    assert "empty at weekends" in found.note


@pytest.mark.parametrize(
    "typed",
    [
        "https://rss.arxiv.org/rss/nonsense",
        "https://arxiv.org/list/cs.CL/recent",
        "https://not-arxiv.org/rss/cs.CL",
        "https://example.org/rss/cs.CL",
    ],
)
def test_what_only_resembles_arxivs_rss_stays_an_address(typed: str) -> None:
    assert parse_location(typed, NOWHERE) == Location(Kind.URL, typed)


def test_a_folder_becomes_absolute(tmp_path: Path) -> None:
    (tmp_path / "new papers").mkdir()
    wanted = Location(Kind.FOLDER, str(tmp_path / "new papers"))
    assert parse_location("new papers", tmp_path) == wanted
    assert parse_location("./new papers/", tmp_path) == wanted
    assert parse_location(str(tmp_path / "new papers"), NOWHERE) == wanted


def test_a_folder_that_is_there_comes_before_a_search_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "arxiv:cs.CL").mkdir()
    assert parse_location("arxiv:cs.CL", tmp_path).kind is Kind.FOLDER


def test_a_folder_of_ones_own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "papers").mkdir()
    assert parse_location("~/papers", NOWHERE).location == str(tmp_path / "papers")


@pytest.mark.parametrize(
    ("typed", "name", "location"),
    [
        ("arxiv:cs.CL", "", "arxiv:cs.CL"),
        ("CL arxiv:cs.CL", "CL", "arxiv:cs.CL"),
        ("decoding openalex:neural decoding", "decoding", "openalex:neural decoding"),
        ("openalex:neural decoding", "", "openalex:neural decoding"),
        ("arxiv:au:bengio AND cat:cs.LG", "", "arxiv:au:bengio AND cat:cs.LG"),
        ("s2:mine s2:decoding", "s2:mine", "s2:decoding"),
        ("nature https://example.org/feed", "nature", "https://example.org/feed"),
        ("my papers", "", "my papers"),
        ("my folder", "my", "folder"),
    ],
)
def test_a_name_before_a_location(typed: str, name: str, location: str, tmp_path: Path) -> None:
    (tmp_path / "my papers").mkdir()
    assert split_name(typed.split(), tmp_path) == (name, location)


def test_a_name_behind_an_address_is_told() -> None:
    with pytest.raises(UsageError, match=r"`my feed https://example\.org/feed`"):
        split_name(["https://example.org/feed", "my", "feed"], NOWHERE)


def test_a_file_is_to_be_added_and_not_watched(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").touch()
    with pytest.raises(UsageError, match=r"papertray add"):
        parse_location("./feed.xml", tmp_path)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("exec:~/bin/scholar", "runs no programs"),
        ("filter:cat:https://example.org", "runs no programs"),
        ('query:Unread:unread = "yes"', "papertray save"),
        ("file:///home/ada/feed.xml", "name the folder"),
        ("feed:https://example.org/rss", "the address that follows"),
        ("ftp://example.org/rss", "the web only"),
        ("arvix:cs.CL", "did you mean arxiv:cs.CL?"),
        ("bioarxiv:ecology", "did you mean biorxiv:ecology?"),
        ("huggingface:daily", "did you mean hf:daily?"),
        ("semanticscholar:words", "did you mean s2:words?"),
        ("cs.cl", "did you mean arxiv:cs.CL?"),
        ("example.org/feed.xml", "did you mean https://example.org/feed.xml?"),
        ("yt:channel", "there are https://"),
        ("Papers", "there are https://"),
        ("~/nowhere/papers", "no folder ~/nowhere/papers."),
        ("/nowhere/papers", "no folder /nowhere/papers."),
        ("", "Name an address"),
        ("arxiv:", "not followed by anything"),
        ("s2: ", "not followed by anything"),
        ("arxiv:cs.Quantum", "no category cs.Quantum"),
        ("arxiv:sc.CL", "no category sc.CL"),
        ("arxiv:cs.CL cs.XXX", "no category cs.XXX"),
        ("arxiv:cond-mat.XX", "no category cond-mat.XX"),
        ("hf:weekly", "there is hf:daily"),
        ("biorxiv:?x=1", "no category of biorxiv"),
        ("issn:2041-1724", "a digit of it is wrong"),
        ("issn:2041", "is no ISSN"),
        ("issn:２０４１-１７２３", "is no ISSN"),
        ("https://", "no address of the web"),
        ("https://exa mple.org/", "no address of the web"),
        ("https://example.org:port/", "no address of the web"),
        ("https://[::1/", "no address of the web"),
        ("caf\udce9", "bytes that are no text"),
        ("a\0b/c", "there are https://"),
        ("x/" * 5000, "there are https://"),
    ],
)
def test_what_cannot_be_a_feed(typed: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_location(typed, NOWHERE)
    assert said in str(caught.value)
    assert str(caught.value).endswith((".", "?"))


def test_a_message_shows_how_a_long_line_begins() -> None:
    with pytest.raises(UsageError, match=r"^x{79}… is no address") as caught:
        parse_location("x" * 5000, NOWHERE)
    assert len(str(caught.value)) < 400


@given(st.text(), st.sampled_from(["", "arxiv:", "https://", "issn:", "biorxiv:", "s2:"]))
def test_whatever_is_typed_is_understood_once_and_for_all(text: str, prefix: str) -> None:
    try:
        found = parse_listed(prefix + text)
    except UsageError as error:
        str(error).encode()
        return
    assert parse_listed(found.location) == Location(found.kind, found.location)
    services = dict.fromkeys(
        ("arxiv-oai", "arxiv-api", "hugging-face", "semantic-scholar", "openalex", "biorxiv",
         "crossref"), "https://service.test",
    )  # fmt: skip
    since = Since("", date(2026, 11, 23))
    course = course_of(Subscription(1, "x", found.kind, found.location), services, since)
    assert course.first().url.isprintable() or found.kind is Kind.URL


@pytest.mark.parametrize(
    "name",
    """cs.AI cs.CL astro-ph astro-ph.GA cond-mat.dis-nn econ.EM eess.AS gr-qc hep-ex hep-lat hep-ph
    hep-th math.AG math-ph nlin.AO nucl-ex nucl-th physics.acc-ph physics.space-ph q-bio.BM
    q-fin.CP quant-ph stat.ML""".split(),
)
def test_categories_are_known_in_whatever_case(name: str) -> None:
    assert category_named(name.upper()) == category_named(name.lower()) == name


@pytest.mark.parametrize("name", ["", "cs.", "cs.C", "cs.CLL", "hep-th.XX", "xx.YY", "cs.1a"])
def test_what_is_no_category(name: str) -> None:
    assert category_named(name) == ""
