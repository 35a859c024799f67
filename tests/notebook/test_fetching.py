"""Fetching: right new papers, once each; what fails fails alone, and the next fetch completes."""

from __future__ import annotations

import gzip
import os
import re
import socket
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from feeds.fetching.made_up_services import ArxivOai, number
from local_server import Answerer, Ask, LocalServer, Reply
from notebook.desk import Desk, Item, feed, ids, no_names
from papertray.core.errors import TrayLocked, UsageError
from papertray.core.model import Pile, Record, Work
from papertray.feeds import jsonlines
from papertray.feeds.fetching.pace import Pace
from papertray.feeds.fetching.transport import Transport
from papertray.notebook.fetch_report import FetchReport
from papertray.notebook.subscriptions import Change

from made_up_pdfs import small_pdf
from trays import add_lines

DATA = Path(os.environ.get("PAPERTRAY_TEST_DATA", "/nonexistent")) / "arxiv_rss"
SNAPSHOTS = sorted(DATA.glob("jwst_feed_*.xml.gz"))

LOGIN = Reply(b"<!doctype html><html><body>Log in first</body></html>", content_type="text/html")


def told(desk: Desk, *names: str) -> dict[str, tuple[int, int, str]]:
    """Fetch; return what each feed brought, how many new versions, and why it failed."""
    report = desk.fetch(*names)
    return {
        one.name: (one.counts.added, one.counts.renewed, one.failure and "failed")
        for one in report.feeds
    }


# --- what comes


def test_what_is_awaited_and_comes_by_a_feed_is_not_looked_up(desk: Desk) -> None:
    desk.notebook.feeds.add(["2608.00001"], BytesIO())
    assert desk.rows("SELECT title FROM paper") == [("arXiv:2608.00001",)]
    desk.subscribe("a", Reply(feed([1])))

    report = desk.fetch()

    assert report.completed is not None
    assert report.completed.waiting == 0
    assert desk.rows("SELECT count(*) FROM awaited") == [(0,)]
    assert desk.papers() == ids(1)
    assert [ask.path for ask in desk.server.asked] == ["/a"]


def test_one_fetch_is_one_batch_and_a_paper_of_two_feeds_is_one_paper(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1, 2, 3])))
    desk.subscribe("b", Reply(feed([3, 4])))

    report = desk.fetch()

    assert report.counts.added == 4
    assert desk.papers() == ids(1, 2, 3, 4)
    assert desk.listings() == [
        *(("a", one) for one in ids(1, 2, 3)), *(("b", one) for one in ids(3, 4)),
    ]  # fmt: skip
    batch = desk.notebook.journal.history(1)[0]
    assert (batch.id, batch.origin, batch.size) == (report.batch, "add", 5)
    assert batch.label in ("fetch a and 1 more", "fetch b and 1 more")
    assert len(desk.rows("SELECT DISTINCT added FROM standing")) == 1


def test_nothing_new_is_one_conditional_request_a_feed_and_writes_its_time(desk: Desk) -> None:
    for name in "abc":
        desk.subscribe(name, Reply(feed(range(50)), etag=f'"{name}"'))
    desk.subscribe("d", Reply(feed([1]), last_modified="Mon, 23 Nov 2026 06:00:00 GMT"))
    desk.fetch()
    desk.asked()
    before, written = desk.content(), desk.notebook.places.database.with_name("papertray.db-wal")
    size = written.stat().st_size
    desk.clock.moment += timedelta(hours=1)

    report = desk.fetch()

    told = [(ask.path, ask.headers.get("if-none-match", "")) for ask in desk.server.asked]
    assert sorted(told) == [("/a", '"a"'), ("/b", '"b"'), ("/c", '"c"'), ("/d", "")]
    assert report.batch is None
    assert report.unchanged == 4
    assert desk.content() == before
    assert {desk.state(name).fetched for name in "abcd"} == {"2026-11-23T07:12:01.000Z"}
    assert written.stat().st_size <= size + 4 * 4200, "a few pages of the table of feeds"


def test_the_same_bytes_again_are_not_read(desk: Desk) -> None:
    broken = feed([1, "<item><link>https://example.org/no-title</link></item>"])
    desk.subscribe("a", [Reply(feed([1, 2])), Reply(feed([1, 2])), Reply(broken)])
    desk.fetch()
    before = desk.content()

    assert told(desk) == {"a": (0, 0, "")}
    assert desk.content() == before


def test_a_server_that_changes_its_mark_but_not_its_bytes_is_asked_with_the_new_one(
    desk: Desk,
) -> None:
    page = feed([1])
    desk.subscribe("a", [Reply(page, etag='"1"'), Reply(page, etag='"2"')])
    desk.fetch()
    desk.fetch()
    desk.fetch()
    marks = [ask.headers.get("if-none-match") for ask in desk.server.asked]
    assert marks == [None, '"1"', '"2"']


def test_only_the_feeds_that_are_named_are_asked(desk: Desk) -> None:
    for name in "abc":
        desk.subscribe(name, Reply(feed([1])))
    desk.fetch("b", "B", "c")
    assert desk.asked() == ["/b", "/c"]
    with pytest.raises(UsageError, match="There is no feed nothing"):
        desk.fetch("nothing")


def test_a_bibliography_that_is_fetched_lands_in_the_inbox_undecided(desk: Desk) -> None:
    entry = b"@article{a, title = {A Study of Things}, keywords = {mine}, note = {read it}}"
    desk.subscribe("bib", Reply(entry, content_type="text/plain"))
    desk.fetch()
    assert desk.rows("SELECT pile, done FROM standing") == [("inbox", None)]
    assert desk.rows("SELECT count(*) FROM op WHERE kind = 'paper'") == [(0,)]
    assert desk.rows("SELECT count(*) FROM citekey WHERE state <> 'provisional'") == [(0,)]


# --- day after day


def snapshots(days: int) -> list[bytes]:
    """Return a feed of ten entries as it is day after day: three go, two new ones and a version."""
    pages = []
    for day in range(days):
        new = [Item(100 + 3 * day + place) for place in range(9, -1, -1)]
        again = Item(100 + 3 * day, 2, "It follows otherwise, as we show now.")
        pages.append(feed([again, *new[:-1]] if day else new))
    return pages


def test_snapshots_of_a_growing_feed_bring_each_paper_once_and_versions_to_it(desk: Desk) -> None:
    pages = snapshots(6)
    desk.subscribe("daily", [Reply(page, etag=f'"{day}"') for day, page in enumerate(pages)])
    found = []
    for _ in pages:
        found.append(told(desk)["daily"])
        desk.clock.moment += timedelta(days=1)

    assert found == [(10, 0, ""), *[(3, 1, "")] * 5]
    assert desk.papers() == ids(*range(100, 125))
    versions = desk.rows("SELECT paper_id, count(*) FROM versions GROUP BY 1 HAVING count(*) > 1")
    assert len(versions) == 5
    shown = "SELECT count(*) FROM paper WHERE abstract LIKE 'It follows otherwise%'"
    assert desk.rows(shown) == [(5,)]


@pytest.mark.skipif(not SNAPSHOTS, reason="PAPERTRAY_TEST_DATA names no folder of real files")
def test_real_snapshots_of_a_growing_feed(desk: Desk) -> None:
    pages = [gzip.decompress(path.read_bytes()) for path in SNAPSHOTS]
    links = [re.findall(rb"<link>https?://arxiv.org/abs/(\S+?)v(\d+)</link>", p) for p in pages]
    desk.subscribe("jwst", [Reply(page) for page in pages])
    seen: dict[bytes, int] = {}
    for day, page in enumerate(links):
        new = {name for name, _ in page} - seen.keys()
        newer = {name for name, version in page if int(version) > seen.get(name, 99)}
        added, renewed, failure = told(desk)["jwst"]
        assert (added, renewed, failure) == (len(new), len(newer), ""), f"day {day}"
        for name, version in page:
            seen[name] = max(seen.get(name, 0), int(version))
    assert sorted(desk.papers()) == sorted(name.decode() for name in seen)
    assert told(desk)["jwst"] == (0, 0, "")
    held = desk.rows(
        "SELECT arxiv_id, max(version) FROM versions JOIN paper ON id = paper_id GROUP BY 1"
    )
    assert set(held) == {(name.decode(), version) for name, version in seen.items()}


def subscribe_to_category(desk: Desk, answer: Answerer | Reply) -> None:
    """Subscribe to cs.CL, which is served as arXiv serves it."""
    desk.server.answers("/oai", answer)
    desk.notebook.places.config.mkdir(parents=True)
    desk.notebook.places.settings.write_text(
        f'[services]\narxiv-oai = "{desk.server.url("/oai")}"\n', encoding="utf-8"
    )
    desk.notebook.subscriptions.add("arxiv:cs.CL", "cs.CL", folder=desk.folder)


def test_a_catching_up_that_breaks_goes_on_where_it_was(desk: Desk) -> None:
    service, breaks = ArxivOai(), [False]

    def answer(ask: Ask) -> Reply:
        is_late = ask.query.get("until", "") > "2026-12-20"
        return Reply(status=404) if breaks[0] and is_late else service.answer(ask)

    subscribe_to_category(desk, answer)
    desk.fetch()
    monday = desk.clock.moment.date()
    service.papers = [(f"Paper {day:03}", monday + timedelta(day)) for day in range(1, 40)]
    desk.clock.moment += timedelta(days=40)
    breaks[0] = True

    report = desk.fetch()

    until = desk.state("cs.CL").read_until
    assert "404" in report.failed[0].failure
    assert "2026-11-23" < until < "2026-12-20"
    assert len(desk.papers()) == report.counts.added == (date.fromisoformat(until) - monday).days
    breaks[0] = False
    desk.server.asked.clear()
    assert told(desk) == {"cs.CL": (39 - report.counts.added, 0, "")}
    assert (
        desk.server.asked[0].query["from"] >= (date.fromisoformat(until) - timedelta(1)).isoformat()
    )
    assert desk.state("cs.CL").read_until == "2027-01-02"


def test_what_came_of_a_feed_that_is_stopped_in_the_middle_is_told(desk: Desk) -> None:
    service = ArxivOai()
    subscribe_to_category(desk, service.answer)
    today = desk.clock.moment.date()
    service.papers = [(f"Paper {number:03}", today) for number in range(100)]
    report = desk.fetch(during=lambda transport: transport.stop())
    assert report.interrupted
    assert 0 < len(desk.papers()) == report.counts.added < 100
    assert desk.state("cs.CL").read_until == ""
    desk.fetch()
    assert len(desk.papers()) == 100


def test_a_week_offline_is_caught_up_with(desk: Desk) -> None:
    service = ArxivOai()
    subscribe_to_category(desk, service.answer)
    monday = desk.clock.moment.date()
    papers = [(f"Paper {letter}", monday + timedelta(day)) for day, letter in enumerate("abcdefgh")]
    service.papers = papers[:1]
    assert told(desk) == {"cs.CL": (1, 0, "")}
    assert desk.state("cs.CL").read_until == "2026-11-23"

    desk.clock.moment += timedelta(days=7)
    # Two old papers of which only the categories changed; one of them is in the tray.
    service.created = dict.fromkeys(["Paper old", "Paper kept"], date(2020, 1, 1))
    service.papers = [*papers, *((title, monday + timedelta(2)) for title in service.created)]
    kept = f"2611.{number('Paper kept')}"
    add_lines(desk.notebook, [{"title": "Paper kept", "arxiv_id": kept}])

    assert told(desk) == {"cs.CL": (7, 0, "")}
    assert desk.papers() == sorted([kept, *(f"2611.{number(title)}" for title, _ in papers)])
    assert ("cs.CL", kept) in desk.listings()
    assert desk.state("cs.CL").read_until == "2026-11-30"
    assert told(desk) == {"cs.CL": (0, 0, "")}


# --- what fails


def test_a_feed_that_fails_fails_alone(desk: Desk) -> None:
    desk.subscribe("good", Reply(feed([1])))
    desk.subscribe("gone", Reply(status=404))
    desk.subscribe("login", LOGIN)
    desk.subscribe("empty", Reply(b""))
    report = desk.fetch()
    failures = {one.name: one.failure for one in report.failed}
    assert desk.papers() == ids(1)
    assert failures.keys() == {"gone", "login", "empty"}
    assert "404 Not Found" in failures["gone"]
    assert "is an HTML page" in failures["login"]
    assert failures["login"].startswith(desk.server.url("/login"))
    state = desk.state("login")
    assert (state.failure, state.failures) == (failures["login"], 1)
    desk.fetch("login")
    assert desk.state("login").failures == 2
    desk.server.answers("/login", Reply(feed([2]), etag='"2"'))
    desk.fetch("login")
    state = desk.state("login")
    assert (state.failure, state.failures, state.failed, state.etag) == ("", 0, "", '"2"')


def test_a_reader_that_stumbles_fails_its_feed_alone_and_is_logged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a bug would end the screen each time it opens, for as long as the feed says the same."""

    def stumble(stream: BinaryIO) -> Iterator[Record]:
        yield Record(Work("One that was read before"))
        raise ZeroDivisionError("a bug")

    desk.subscribe("good", Reply(feed([1])))
    desk.subscribe("bad", Reply(b'{"title": "One"}\n', content_type="application/json"))
    monkeypatch.setattr(jsonlines, "read", stumble)
    report = desk.fetch()
    assert [one.name for one in report.failed] == ["bad"]
    assert "a bug in papertray" in report.failed[0].failure
    assert "ZeroDivisionError" in (desk.notebook.places.state / "errors.log").read_text()
    assert len(desk.papers()) == 2


def test_of_a_half_page_goes_in_what_can_be_read_and_the_next_fetch_completes(desk: Desk) -> None:
    whole = feed([1, 2, 3])
    half = whole[: whole.index(b"Number 3")]
    desk.subscribe("a", [Reply(half, etag='"1"'), Reply(whole, etag='"1"')])

    report = desk.fetch()

    assert desk.papers() == ids(1, 2)
    assert [bool(one.failure) for one in report.feeds] == [True]
    assert desk.state("a").etag == desk.state("a").digest == ""
    assert desk.rows("SELECT count(*) FROM quarantine") == [(1,)]
    assert desk.rows("SELECT source FROM quarantine") == [(desk.server.url("/a"),)]
    assert told(desk) == {"a": (1, 0, "")}
    assert desk.papers() == ids(1, 2, 3)


NAMELESS = "<item><link>https://arxiv.org/abs/2608.00009v1</link></item>"


def test_a_piece_that_cannot_be_read_is_told_with_its_place_and_the_feed_goes_on(
    desk: Desk,
) -> None:
    desk.subscribe("a", Reply(feed([1, NAMELESS, NAMELESS, 2]), etag='"1"'))
    (found,) = desk.fetch().feeds
    assert desk.papers() == ids(1, 2)
    assert (found.failure, found.unread) == ("", 2)
    assert found.complaint.startswith(f"{desk.server.url('/a')}, line 1: ")
    assert found.complaint.endswith("(and 1 more piece)")
    assert desk.rows("SELECT count(*) FROM quarantine") == [(1,)]
    assert (desk.state("a").etag, desk.state("a").failures) == ('"1"', 0)
    assert desk.fetch().unchanged == 1


def test_a_category_with_a_record_that_cannot_be_read_is_caught_up_with(desk: Desk) -> None:
    service = ArxivOai()

    def answer(ask: Ask) -> Reply:
        reply = service.answer(ask)
        return replace(reply, body=reply.body.replace(b"<title>Paper bad</title>", b""))

    subscribe_to_category(desk, answer)
    today = desk.clock.moment.date()
    service.papers = [(f"Paper {word}", today) for word in ("one", "bad", "two")]
    (found,) = desk.fetch().feeds
    assert (found.counts.added, found.failure, found.unread) == (2, "", 1)
    assert desk.state("cs.CL").read_until == today.isoformat()


def test_a_piece_that_is_read_later_comes_under_its_feed(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1, NAMELESS])))
    desk.fetch()
    with sqlite3.connect(desk.notebook.places.database) as connection:
        # As a later version might read it.
        connection.execute("UPDATE quarantine SET bytes = ?", (Item(9).as_xml().encode(),))
    assert desk.notebook.feeds.retry().counts.added == 1
    assert desk.listings() == [("a", one) for one in ids(1, 9)]


def test_a_password_in_an_address_is_told_to_nobody(desk: Desk) -> None:
    desk.server.answers("/a", Reply(feed([1, NAMELESS])))
    address = desk.server.url("/a").replace("//", "//me:secret@")
    desk.notebook.subscriptions.add(address, "a", folder=desk.folder)
    (found,) = desk.fetch().feeds
    assert found.unread == 1
    assert "secret" not in found.complaint
    assert desk.rows("SELECT source FROM quarantine") == [(desk.server.url("/a"),)]


def test_without_a_network_nothing_fails_and_nothing_is_written(desk: Desk) -> None:
    for name in ("a", "b"):
        desk.notebook.subscriptions.add(f"http://{name}.example.org/feed", name, folder=desk.folder)
    before = desk.content()
    report = desk.fetch(resolve=no_names)
    # Feeds that the user named herself are not looked up by us but by the system.
    assert (report.offline, report.unreachable, report.failed) == (True, 2, [])
    assert desk.content() == before
    assert desk.state("a").failures == 0


def test_what_answers_on_this_machine_is_no_network(desk: Desk) -> None:
    desk.subscribe("near", Reply(feed([1])))
    desk.notebook.subscriptions.add("http://far.invalid/feed", "far", folder=desk.folder)
    report = desk.fetch()
    assert (report.offline, report.unreachable, report.failed) == (True, 1, [])
    assert report.counts.added == 1
    assert desk.state("far").failures == 0


def test_with_a_network_the_host_that_is_not_there_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *more: Any, **named: Any) -> object:
        return real("127.0.0.1" if host == "good.example.org" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    desk.server.answers("/good", Reply(feed([1])))
    good = desk.server.url("/good").replace("127.0.0.1", "good.example.org")
    for name, address in (("good", good), ("gone", "http://gone.invalid/feed")):
        desk.notebook.subscriptions.add(address, name, folder=desk.folder)
    report = desk.fetch()
    assert (report.offline, report.unreachable) == (False, 0)
    assert [(one.name, one.is_unreachable) for one in report.failed] == [("gone", True)]
    assert desk.state("gone").failures == 1


def test_a_feed_that_leads_to_a_host_that_is_not_there_fails_alone(desk: Desk) -> None:
    desk.subscribe("a", Reply(status=302, location="http://gone.invalid/a"))
    for name in ("b", "c"):
        desk.subscribe(name, Reply(feed([1])))
    report = desk.fetch()
    assert [(one.name, one.is_unreachable) for one in report.failed] == [("a", False)]
    assert "gone.invalid" in report.failed[0].failure
    assert not report.offline


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=301, location="http://xn--a.example/"),
        Reply(status=429, headers={"Retry-After": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}),
        Reply(status=503, headers={"Retry-After": "Mon, 01 Jan 2026 00:00:00 +99999999999999"}),
    ],
)
def test_a_hostile_head_of_an_answer_fails_alone(desk: Desk, reply: Reply) -> None:
    desk.subscribe("bad", reply)
    desk.subscribe("good", Reply(feed([1])))
    assert told(desk) == {"bad": (0, 0, "failed"), "good": (1, 0, "")}


def test_a_service_whose_address_is_none_fails_alone(desk: Desk) -> None:
    desk.subscribe("good", Reply(feed([1])))
    subscribe_to_category(desk, Reply())
    desk.notebook.places.settings.write_text(
        '[services]\narxiv-oai = "http://[bad"\n', encoding="utf-8"
    )
    assert told(desk) == {"cs.CL": (0, 0, "failed"), "good": (1, 0, "")}


def test_a_wait_that_was_noted_when_the_clock_was_wrong_is_none(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1])))
    with sqlite3.connect(desk.notebook.places.database) as connection:
        connection.execute("UPDATE feed SET not_before = '2099-01-01T00:00:00.000Z'")
    assert told(desk) == {"a": (1, 0, "")}


def test_who_asks_to_wait_is_left_alone_until_then(desk: Desk) -> None:
    busy = Reply(status=429, headers={"Retry-After": "7200"})
    desk.subscribe("busy", [busy, Reply(feed([1]))])
    report = desk.fetch()
    assert "wants to be asked" in report.failed[0].failure
    until = desk.state("busy").not_before
    assert until
    desk.asked()

    desk.clock.moment = datetime.fromisoformat(until) - timedelta(seconds=1)
    report = desk.fetch()
    assert (desk.asked(), report.waiting, report.asked) == ([], {"busy": until}, 0)

    desk.clock.moment += timedelta(seconds=2)
    assert told(desk) == {"busy": (1, 0, "")}
    assert desk.state("busy").not_before == ""


def test_a_feed_that_moved_for_good_is_asked_there_and_at_home_when_that_ends(desk: Desk) -> None:
    new = desk.server.url("/new")
    desk.server.answers("/new", [Reply(feed([1]), etag='"1"')] * 2 + [Reply(status=404)])
    desk.subscribe("old", [Reply(status=301, location=new), Reply(feed([1, 2]))])
    desk.fetch()
    assert (desk.asked(), desk.state("old").moved) == (["/new", "/old"], new)
    desk.fetch()
    assert desk.asked() == ["/new"]
    assert desk.state("old").moved == new
    assert told(desk) == {"old": (0, 0, "failed")}
    desk.asked()
    assert told(desk) == {"old": (1, 0, "")}
    assert desk.asked() == ["/old"]


# --- what happens meanwhile


def test_a_feed_may_be_renamed_while_it_is_fetched(desk: Desk) -> None:
    def rename(ask: Ask) -> Reply:
        with desk.open() as other:
            other.subscriptions.change("a", Change(name="b"), folder=desk.folder)
        return Reply(feed([1]), etag='"1"')

    desk.subscribe("a", rename)
    report = desk.fetch()
    assert [one.name for one in report.feeds] == ["b"]
    assert desk.listings() == [("b", *ids(1))]
    assert desk.rows("SELECT name FROM feed") == [("b",)]
    assert desk.state("b").etag == '"1"'


@pytest.mark.parametrize("verb", ["remove", "move"])
def test_a_feed_that_is_removed_or_led_elsewhere_meanwhile_brings_nothing(
    desk: Desk, verb: str
) -> None:
    def change(ask: Ask) -> Reply:
        with desk.open() as other:
            if verb == "remove":
                other.subscriptions.remove(["a"])
            else:
                other.subscriptions.change(
                    "a", Change(location="https://example.org/b"), folder=desk.folder
                )
        return Reply(feed([1]), etag='"1"')

    desk.subscribe("a", change)
    report = desk.fetch()
    assert (report.batch, report.failed, desk.papers()) == (None, [], [])
    assert desk.rows("SELECT etag, fetched FROM feed") == [("", None)]


def test_two_do_not_fetch_at_once(desk: Desk) -> None:
    begun, done = threading.Event(), threading.Event()

    def slowly(ask: Ask) -> Reply:
        begun.set()
        assert done.wait(30)
        return Reply(feed([1]))

    desk.subscribe("a", slowly)
    first = threading.Thread(target=desk.fetch)
    first.start()
    assert begun.wait(30)
    with desk.open() as other:
        report = desk.fetch(notebook=other)
    done.set()
    first.join()
    assert (report.is_elsewhere, report.asked, report.feeds) == (True, 0, [])
    assert desk.asked() == ["/a"]
    assert desk.papers() == ids(1)
    assert not desk.fetch().is_elsewhere


def test_feeds_are_fetched_while_pdfs_are(desk: Desk) -> None:
    seen: list[FetchReport] = []

    def meanwhile(ask: Ask) -> Reply:
        with desk.open() as other:
            seen.append(desk.fetch(notebook=other))
        return Reply(small_pdf("A study"), content_type="application/pdf")

    desk.subscribe("a", Reply(feed([1])))
    desk.server.answers("/study.pdf", meanwhile)
    add_lines(
        desk.notebook, [{"title": "A study", "pdf_url": desk.server.url("/study.pdf", host=1)}]
    )
    desk.notebook.papers.move([1], Pile.STARRED)
    report = desk.fetch()
    assert report.files is not None
    assert report.files.fetched == 1
    assert [(one.is_elsewhere, one.unchanged, one.files) for one in seen] == [(False, 1, None)]
    assert desk.asked() == ["/a", "/a", "/study.pdf"]


def test_a_tray_that_another_process_writes_is_told_and_nothing_is_lost(desk: Desk) -> None:
    desk.subscribe("a", Reply(feed([1]), etag='"1"'))
    rival = sqlite3.connect(desk.notebook.places.database, isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    with desk.open(timeout=0.05) as impatient, pytest.raises(TrayLocked):
        desk.fetch(notebook=impatient)
    rival.execute("ROLLBACK")
    rival.close()
    assert desk.state("a").etag == ""
    assert told(desk) == {"a": (1, 0, "")}


def test_what_is_stopped_early_is_completed_by_the_next(desk: Desk) -> None:
    for name in "abcdefghijklmnop":
        desk.subscribe(name, Reply(feed([ord(name)]), etag='"1"'))

    def stop(transport: Transport) -> None:
        transport.stop()

    report = desk.fetch(during=stop)
    assert report.interrupted
    assert report.batch is not None
    assert 0 < len(desk.papers()) < 16
    finished = [ord(str(name)) for (name,) in desk.rows("SELECT name FROM feed WHERE etag <> ''")]
    assert set(ids(*finished)) <= set(desk.papers())
    desk.fetch()
    assert desk.papers() == ids(*map(ord, "abcdefghijklmnop"))


def test_ctrl_c_keeps_what_is_in_and_says_so(desk: Desk) -> None:
    for name in "abcd":
        desk.subscribe(name, Reply(feed([ord(name)])))

    def interrupt(transport: Transport) -> None:
        raise KeyboardInterrupt

    report = desk.fetch(during=interrupt)
    assert report.interrupted
    assert len(desk.papers()) == report.counts.added == 1
    assert desk.notebook.journal.history(1)[0].label.startswith("fetch ")
    assert not [one.name for one in threading.enumerate() if one.name.startswith("papertray-lane")]


# --- taking it back


def test_undo_of_a_fetch_takes_its_papers_and_the_feed_does_not_bring_them_back(
    desk: Desk,
) -> None:
    desk.subscribe("a", [Reply(feed([1, 2])), Reply(feed([1, 2, 3])), Reply(feed([1, 2, 3, 4]))])
    report = desk.fetch()
    desk.notebook.papers.move([1], Pile.STARRED)
    desk.notebook.journal.undo_batch(report.batch or 0)
    assert desk.papers() == ids(1), "what was decided stays"
    assert told(desk)["a"][0] == 1
    assert desk.papers() == ids(1, 3)
    desk.subscribe("b", Reply(feed([2])))
    assert told(desk) == {"a": (1, 0, ""), "b": (1, 0, "")}
    assert desk.papers() == ids(1, 2, 3, 4), "another feed may bring it"


def test_a_new_version_reaches_a_decided_paper_and_says_so(desk: Desk) -> None:
    other = Item(1, 2, "Nothing of what was said before holds; all of it is otherwise.")
    desk.subscribe("a", [Reply(feed([1, 2])), Reply(feed([other, 2]))])
    desk.fetch()
    desk.notebook.papers.move([1, 2], Pile.READ)
    desk.clock.moment += timedelta(days=1)
    report = desk.fetch()
    assert (report.counts.renewed, report.counts.returned) == (1, 1)
    assert Counter(pile for (pile,) in desk.rows("SELECT pile FROM standing")) == {
        "inbox": 1, "read": 1,
    }  # fmt: skip


def test_a_pile_of_feeds_is_fetched_side_by_side_and_each_host_one_by_one(tmp_path: Path) -> None:
    """Not two requests of one host at once, though all hosts at once."""
    lock, under_way, most = threading.Lock(), Counter[str](), Counter[str]()
    together = threading.Barrier(6, timeout=30)

    def answer(ask: Ask) -> Reply:
        with lock:
            under_way[ask.host] += 1
            most[ask.host] = max(most[ask.host], under_way[ask.host])
        if ask.path.startswith("/first"):
            together.wait()
        with lock:
            under_way[ask.host] -= 1
        return Reply(feed([hash(ask.path) % 9999]))

    with LocalServer() as server:
        desk = Desk(tmp_path, server)
        for host in range(1, 7):
            desk.subscribe(f"first{host}", answer, host=host)
            desk.subscribe(f"more{host}", answer, host=host)
        report = desk.fetch(pace_of=lambda host: Pace(0.2))
        desk.notebook.close()
    assert not report.failed
    assert set(most.values()) == {1}
