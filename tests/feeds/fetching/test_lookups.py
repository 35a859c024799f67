"""Looking up works by their names, from services that answer on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.fetching.asking import asking
from local_server import LocalServer, Reply
from named_works import Known, Services
from papertray.core.errors import NoNetwork
from papertray.core.identity import identifiers
from papertray.core.model import Decisions, Record
from papertray.core.pasted import Named
from papertray.feeds.fetching.lookups import MOST_IDS, Found, Missed, look_up

OYSTERS = Known("On Oysters and Their Sorting by Size")
DOI = Named("doi", "10.1000/Shells.7")


@pytest.fixture
def services() -> Iterator[Services]:
    """Services that know nothing yet."""
    with LocalServer() as server:
        yield Services(server)


def ask(services: Services, folder: Path, *wanted: Named) -> list[Found | Missed]:
    """Look works up."""
    with asking() as transport:
        return list(look_up(transport, services.addresses, wanted, folder))


def found(answers: list[Found | Missed]) -> Record:
    """Return the record of the one work that was asked for."""
    (answer,) = answers
    assert isinstance(answer, Found), answer
    return answer.record


def missed(answers: list[Found | Missed]) -> Missed:
    """Return what was said of the one work that was asked for."""
    (answer,) = answers
    assert isinstance(answer, Missed), answer
    return answer


def test_many_arxiv_ids_are_asked_for_at_once(services: Services, tmp_path: Path) -> None:
    wanted = [Named("arxiv", f"2510.{number:05d}") for number in range(MOST_IDS + 20)]
    services.arxiv |= {one.value: replace(OYSTERS, title=f"Oyster {one.value}") for one in wanted}
    del services.arxiv["2510.00007"]

    answers = ask(services, tmp_path, *wanted)

    assert services.asked == ["/api/query"] * 2
    titles = {one.named.value: one.record.work.title for one in answers if isinstance(one, Found)}
    assert len(titles) == len(wanted) - 1
    assert all(title == f"Oyster {value}" for value, title in titles.items())
    (other,) = (one for one in answers if isinstance(one, Missed))
    assert (other.named.value, other.is_answer) == ("2510.00007", True)


def test_a_doi_is_known_to_crossref(services: Services, tmp_path: Path) -> None:
    services.crossref[DOI.value.lower()] = OYSTERS
    services.expect("/works/10.1000/Shells.7")

    record = found(ask(services, tmp_path, DOI))

    assert (record.work.title, record.work.venue.name) == (OYSTERS.title, "Journal of Shells")
    assert services.asked == ["/works/10.1000/Shells.7"]


def test_a_doi_of_another_agency_is_resolved(services: Services, tmp_path: Path) -> None:
    services.resolver[DOI.value.lower()] = OYSTERS
    services.expect("/works/10.1000/Shells.7", "/doi/10.1000/Shells.7")

    record = found(ask(services, tmp_path, DOI))

    assert (record.work.title, record.work.type) == (OYSTERS.title, "dataset")
    assert record.decisions == Decisions(), "its keywords are no tags of ours"


def test_a_doi_with_signs_that_addresses_cannot_have(services: Services, tmp_path: Path) -> None:
    odd = Named("doi", "10.1002/(sici)17:15/16<1661::aid-sim968>3.0.co;2-2")
    services.crossref[odd.value] = OYSTERS
    services.expect("/works/10.1002/%28sici%2917%3A15/16%3C1661%3A%3Aaid-sim968%3E3.0.co%3B2-2")

    assert found(ask(services, tmp_path, odd)).work.title == OYSTERS.title


def test_other_names_are_asked_for_where_they_are_known(services: Services, tmp_path: Path) -> None:
    services.openreview["rJ4km2R5t7"] = OYSTERS
    services.acl["2020.acl-main.1"] = OYSTERS
    services.pubmed["34265844"] = OYSTERS
    services.expect("/acl/2020.acl-main.1.bib")
    names = [Named("openreview", "rJ4km2R5t7"), Named("acl", "2020.acl-main.1"),
             Named("pubmed", "34265844")]  # fmt: skip

    answers = ask(services, tmp_path, *names)

    assert services.asked == ["/notes", "/acl/2020.acl-main.1.bib", "/eutils/efetch.fcgi"]
    for named, answer in zip(names, answers, strict=True):
        assert isinstance(answer, Found), answer
        assert answer.record.work.title == OYSTERS.title
        assert named.pair in identifiers(answer.record)
        assert answer.record.citekey == ""


def test_an_older_conference_of_openreview(services: Services, tmp_path: Path) -> None:
    services.openreview_old["rJ4km2R5t7"] = OYSTERS

    record = found(ask(services, tmp_path, Named("openreview", "rJ4km2R5t7")))

    assert record.work.title == OYSTERS.title
    assert services.asked == ["/notes", "/old/notes"]
    assert missed(ask(services, tmp_path, Named("openreview", "other-one"))).is_answer


def test_the_record_of_another_work_is_refused(services: Services, tmp_path: Path) -> None:
    services.acl["2020.acl-main.1"] = OYSTERS
    services.server.answers("/acl/N19-1423.bib", services._acl("2020.acl-main.1"))

    answer = missed(ask(services, tmp_path, Named("acl", "N19-1423")))

    assert answer.reason == "aclanthology.org answered with another work than acl:N19-1423."
    assert answer.is_answer


def test_a_preprint_is_not_taken_for_what_it_became(services: Services, tmp_path: Path) -> None:
    services.arxiv["2510.06638"] = replace(OYSTERS, doi=DOI.value)

    record = found(ask(services, tmp_path, Named("arxiv", "2510.06638")))

    assert set(identifiers(record)) == {("arxiv", "2510.06638"), DOI.pair}


@pytest.mark.parametrize(
    ("reply", "is_answer"),
    [
        (Reply(b"not here", status=404), True),
        (Reply(b"gone", status=410), True),
        (Reply(b"no", status=403), False),
        (Reply(b"later", status=429, headers={"Retry-After": "3600"}), False),
        (Reply(b"<!doctype html><title>Welcome aboard</title>", content_type="text/html"), False),
        (Reply(b"@misc{x,\n title = {x}, ", content_type="text/plain"), True),
        (Reply(b""), False),
    ],
)
def test_what_comes_instead_of_a_work(
    services: Services, tmp_path: Path, reply: Reply, is_answer: bool
) -> None:
    services.server.answers("/acl/N19-1423.bib", reply)

    assert missed(ask(services, tmp_path, Named("acl", "N19-1423"))).is_answer == is_answer


def test_a_work_that_was_named_twice_is_asked_for_once(services: Services, tmp_path: Path) -> None:
    services.acl["N19-1423"] = OYSTERS
    services.expect("/acl/N19-1423.bib")
    named = Named("acl", "N19-1423")

    assert len(ask(services, tmp_path, named, named)) == 1
    assert len(services.asked) == 1


def test_one_service_that_cannot_be_reached_keeps_none_from_answering(
    services: Services, tmp_path: Path
) -> None:
    services.arxiv["2510.06638"] = OYSTERS
    addresses = {**services.addresses, "acl": "http://nowhere.invalid"}
    acl, arxiv = Named("acl", "N19-1423"), Named("arxiv", "2510.06638")
    with asking() as transport:
        first, second = look_up(transport, addresses, [acl, arxiv], tmp_path)

    assert isinstance(first, Found)
    assert isinstance(second, Missed)
    assert (second.named, second.is_answer) == (acl, False)
    assert "nowhere.invalid" in second.reason


def test_the_second_service_out_of_reach(services: Services, tmp_path: Path) -> None:
    known = Named("doi", "10.1000/known")
    services.crossref["10.1000/known"] = OYSTERS
    services.expect("/works/10.1000/Shells.7", "/works/10.1000/known")
    addresses = {**services.addresses, "doi": "http://nowhere.invalid"}
    with asking() as transport:
        first, second = look_up(transport, addresses, [DOI, known], tmp_path)

    assert isinstance(first, Missed)
    assert not first.is_answer
    assert isinstance(second, Found)


def test_without_a_network(services: Services, tmp_path: Path) -> None:
    addresses = dict.fromkeys(services.addresses, "http://nowhere.invalid")
    wanted = [Named("arxiv", "2510.06638"), Named("acl", "N19-1423"), DOI]
    with asking() as transport, pytest.raises(NoNetwork):
        list(look_up(transport, addresses, wanted, tmp_path))
