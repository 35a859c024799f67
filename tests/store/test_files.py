"""Files of papers: PDFs that are fetched, whole and once, and files of the user's own."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from local_server import Reply
from papertray.core.file_names import MOST_BYTES, safe_stem, safe_suffix
from papertray.core.model import Pile
from papertray.notebook.pdf_fetching import LEAST_FREE
from papertray.store.places import throw_away_places

from .pdf_desk import ACL, OPENREVIEW, STRANGER, PdfDesk, pdf, pdf_desk, sha256
from made_up_pdfs import small_pdf
from trays import SteppingClock, open_notebook

MONDAY = SteppingClock().moment


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PdfDesk]:
    with pdf_desk(tmp_path) as opened:
        yield opened


# --- fetching


def test_the_pdf_of_a_starred_paper_is_fetched_once(desk: PdfDesk) -> None:
    (paper,) = desk.star_from_arxiv()

    report = desk.fetch()

    wanted = small_pdf("2401.00000")
    assert (report.fetched, report.size, report.waiting) == (1, len(wanted), 0)
    assert (report.failures, report.notice, report.is_offline) == ([], "", False)
    (file,) = desk.files.of(paper)
    assert (Path(file.path).name, file.is_there) == ("author0Number0Follows2020.pdf", True)
    assert file.path == str(desk.folder / "tray" / "files" / "author0Number0Follows2020.pdf")
    assert desk.content(paper) == wanted
    source = desk.server.url("/pdf/2401.00000")
    assert desk.rows(paper) == [("files/author0Number0Follows2020.pdf", source, sha256(wanted))]
    assert desk.fetch().fetched == 0
    assert desk.asked() == ["/pdf/2401.00000"]
    assert desk.on_the_way() == []


def test_what_is_fetched_is_no_decision(desk: PdfDesk) -> None:
    desk.star_from_arxiv()
    newest = desk.notebook.journal.newest()

    desk.fetch()

    assert desk.notebook.journal.newest() == newest


def test_each_service_gives_its_papers_and_the_record_the_rest(desk: PdfDesk) -> None:
    desk.server.answers("/2023.acl-long.1.pdf", pdf("acl"))
    desk.server.answers("/pdf", pdf("openreview"))
    ids = desk.star(
        {"title": "Of the anthology", "identifiers": {"acl": "2023.acl-long.1"}},
        {"title": "Under open review", "url": "https://openreview.net/forum?id=aBc_12"},
        {"title": "Of a publisher here", "pdf_url": desk.server.url("/own.pdf", host=ACL)},
    )
    desk.server.answers("/own.pdf", pdf("own"))

    assert desk.fetch().fetched == 3
    for paper, said in zip(ids, (b"(acl)", b"(openreview)", b"(own)"), strict=True):
        assert said in desk.content(paper)
    assert {ask.host for ask in desk.server.asked} == {f"127.0.0.{h}" for h in (ACL, OPENREVIEW)}


def test_only_what_is_kept_and_not_done_wants_one(desk: PdfDesk) -> None:
    starred, read, done, skipped, inbox, removed = desk.star_from_arxiv(6)
    papers = desk.notebook.papers
    papers.move([read, done], Pile.READ)
    papers.set_done([done])
    papers.move([skipped], Pile.SKIP)
    papers.move([inbox], Pile.INBOX)
    papers.remove([removed])

    desk.fetch()

    # The last decided first.
    assert desk.asked() == [f"/pdf/2401.{read - 1:05d}", f"/pdf/2401.{starred - 1:05d}"]


def test_what_is_decided_otherwise_meanwhile_is_left_out(desk: PdfDesk) -> None:
    first, second, third = desk.star_from_arxiv(3)

    def skip_the_others(ask: object) -> Reply:
        desk.notebook.papers.move([first, third], Pile.SKIP)
        return pdf("third")

    desk.server.answers("/pdf/2401.00002", skip_the_others)
    report = desk.fetch()

    assert (report.fetched, report.waiting, report.failures) == (1, 0, [])
    assert desk.asked() == ["/pdf/2401.00002", "/pdf/2401.00001"]
    assert [len(desk.files.of(paper)) for paper in (first, second, third)] == [0, 1, 0]
    assert desk.on_the_way() == []


def test_a_merged_paper_keeps_its_pdf_and_wants_no_other(desk: PdfDesk) -> None:
    one, other = desk.star_from_arxiv(2)
    desk.server.answers("/pdf/2401.00001", Reply(status=404))
    desk.fetch()

    desk.notebook.duplicates.merge(other, one)
    survivor = desk.notebook.papers.find(str(one))

    assert len(desk.files.of(survivor)) == 1
    assert desk.fetch().fetched == 0
    desk.notebook.journal.undo()
    assert (len(desk.files.of(one)), len(desk.files.of(other))) == (1, 0)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"gone", status=404), "404 Not Found"),
        (Reply(b"gone", status=410), "410 Gone"),
        (Reply(b"<html><body>Sign in</body></html>", content_type="application/pdf"), "no PDF"),
        (Reply(b"", content_type="application/pdf"), "no PDF"),
        (pdf("large", 1_100_000), "larger than"),
        (replace(pdf("bomb", 1_100_000), packed=True), "larger than"),
    ],
)
def test_an_address_that_never_gives_one_is_not_asked_again(
    desk: PdfDesk, reply: Reply, said: str
) -> None:
    desk.set("largest = 1")
    (paper,) = desk.star_from_arxiv(reply=reply)

    (failure,) = desk.fetch().failures

    assert said in failure.reason
    assert failure.name == "author0Number0Follows2020"
    desk.clock.moment += timedelta(days=365)
    assert desk.fetch() == type(desk.fetch())()
    assert len(desk.asked()) == 1
    assert (desk.files.of(paper), desk.names(), desk.on_the_way()) == ((), [], [])


def test_another_day_is_asked_again_but_not_for_ever(desk: PdfDesk) -> None:
    desk.star_from_arxiv(reply=Reply(b"not now", status=503))
    days = []

    for day in (*range(17), 60, 400):
        before = len(desk.asked())
        desk.clock.moment = MONDAY + timedelta(days=day)
        desk.fetch()
        if len(desk.asked()) > before:
            days.append(day)

    assert days == [0, 1, 3, 7, 15]


def test_what_failed_for_a_while_is_fetched_another_day(desk: PdfDesk) -> None:
    whole = pdf("whole")
    cut = replace(whole, cut=100)
    (paper,) = desk.star_from_arxiv()
    desk.server.answers("/pdf/2401.00000", [cut, cut, cut, whole])

    assert "whole answer" in desk.fetch().failures[0].reason
    assert (desk.names(), desk.on_the_way()) == ([], [])
    desk.clock.moment += timedelta(days=2)
    assert desk.fetch().fetched == 1
    assert desk.content(paper) == whole.body


def test_a_packed_answer_is_unpacked(desk: PdfDesk) -> None:
    (paper,) = desk.star_from_arxiv(reply=replace(pdf("packed"), packed=True))

    assert desk.fetch().fetched == 1
    assert desk.content(paper) == small_pdf("packed")


def test_the_next_address_is_asked_where_one_fails(desk: PdfDesk) -> None:
    desk.server.answers("/2023.acl-long.1.pdf", Reply(b"", status=404))
    desk.server.answers("/own.pdf", pdf("own"))
    (paper,) = desk.star(
        {
            "title": "Lies in two places", "doi": "10.18653/v1/2023.acl-long.1",
            "pdf_url": desk.server.url("/own.pdf"),
        }
    )  # fmt: skip

    report = desk.fetch()

    assert (report.fetched, report.failures) == (1, [])
    assert desk.asked() == ["/2023.acl-long.1.pdf", "/own.pdf"]
    assert desk.content(paper) == small_pdf("own")


def test_a_host_that_asks_to_wait_is_left_alone_by_all_papers(desk: PdfDesk) -> None:
    desk.star_from_arxiv(3, reply=Reply(b"", status=429, headers={"Retry-After": "3600"}))
    desk.server.answers("/own.pdf", pdf("own"))
    desk.star({"title": "Lies elsewhere", "pdf_url": desk.server.url("/own.pdf", host=ACL)})

    report = desk.fetch()

    assert (report.fetched, report.waiting, report.failures) == (1, 3, [])
    assert desk.fetch().waiting == 3
    assert len(desk.asked()) == 2, "neither its other papers nor it again"
    desk.clock.moment += timedelta(hours=2)
    assert desk.fetch().waiting == 3
    assert len(desk.asked()) == 3


def test_what_a_record_says_leads_nowhere_on_this_machine(desk: PdfDesk) -> None:
    desk.server.answers("/secret.pdf", pdf("secret"))
    loopback = desk.server.url("/secret.pdf", host=STRANGER)
    desk.server.answers("/pdf/2401.00000", Reply(location=loopback))
    desk.star({"title": "On a printer", "pdf_url": loopback})
    desk.star_from_arxiv()
    desk.server.answers("/pdf/2401.00001", Reply(location="file:///etc/passwd"))

    report = desk.fetch()

    assert report.fetched == 0
    assert len(report.failures) == 2
    assert "/secret.pdf" not in desk.asked()


def test_a_redirect_within_the_service_is_followed(desk: PdfDesk) -> None:
    (paper,) = desk.star_from_arxiv(reply=Reply(location="/pdf/2401.00000v3"))
    desk.server.answers("/pdf/2401.00000v3", pdf("third version"))

    assert desk.fetch().fetched == 1
    assert desk.rows(paper)[0][1] == desk.server.url("/pdf/2401.00000")


def test_without_a_network_nothing_is_remembered(
    desk: PdfDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    desk.star_from_arxiv(3)
    with monkeypatch.context() as patch:
        patch.setattr(socket, "create_connection", nowhere)
        report = desk.fetch()

    assert (report.is_offline, report.waiting, report.failures) == (True, 3, [])
    assert desk.fetch().fetched == 3


def test_one_host_that_is_nowhere_has_failed_where_others_answer(desk: PdfDesk) -> None:
    desk.star({"title": "Of a journal that is no more", "pdf_url": "https://gone.invalid/a.pdf"})
    desk.star_from_arxiv()

    report = desk.fetch()

    assert (report.fetched, report.is_offline, report.waiting) == (1, False, 0)
    assert "no host gone.invalid" in report.failures[0].reason


def test_no_more_than_the_settings_allow_is_fetched(desk: PdfDesk) -> None:
    desk.set("most = 1")
    desk.star_from_arxiv(2, reply=pdf("large", 600_000))

    first = desk.fetch()

    assert (first.fetched, first.waiting) == (1, 1)
    assert "pdfs.most" in first.notice
    assert len(desk.asked()) == 1
    desk.set("most = 3")
    assert desk.fetch().fetched == 1


def test_what_does_not_fit_any_more_may_fit_another_day(desk: PdfDesk) -> None:
    desk.set("most = 1")
    desk.star_from_arxiv(2, reply=pdf("some", 300_000))
    desk.server.answers("/pdf/2401.00000", pdf("large", 900_000))

    report = desk.fetch()

    assert (report.fetched, len(report.failures)) == (1, 1)
    desk.set("most = 3")
    desk.clock.moment += timedelta(days=2)
    assert desk.fetch().fetched == 1


def test_a_disk_with_little_room_gets_no_pdfs(desk: PdfDesk) -> None:
    desk.star_from_arxiv(2)
    desk.free = LEAST_FREE

    report = desk.fetch()

    assert (report.fetched, report.waiting) == (0, 2)
    assert "too little room" in report.notice
    assert desk.asked() == []
    desk.free = 1 << 40
    assert desk.fetch().fetched == 2


def test_a_folder_that_cannot_be_made_ends_it_with_a_sentence(desk: PdfDesk) -> None:
    desk.star_from_arxiv(2)
    desk.files.folder.write_text("in the way", encoding="utf-8")

    report = desk.fetch()

    assert (report.fetched, report.waiting) == (0, 2)
    assert "cannot be kept" in report.notice


def test_nothing_is_fetched_where_the_settings_say_so(desk: PdfDesk) -> None:
    (paper,) = desk.star_from_arxiv()
    desk.set("fetch = false")

    assert not desk.files.has_work()
    assert desk.fetch().fetched == 0
    assert desk.fetch_one(paper).fetched == 1, "but what is asked for by name is"


def test_whoever_asks_for_one_paper_is_not_told_to_wait_for_another_day(desk: PdfDesk) -> None:
    (paper,) = desk.star_from_arxiv()
    desk.server.answers("/pdf/2401.00000", [Reply(b"", status=404), pdf("there")])
    desk.notebook.papers.move([paper], Pile.SKIP)

    assert len(desk.fetch_one(paper).failures) == 1
    assert desk.fetch_one(paper).fetched == 1
    Path(desk.files.of(paper)[0].path).unlink()
    assert desk.fetch_one(paper).fetched == 1
    assert [file.is_there for file in desk.files.of(paper)] == [True]


def test_a_pdf_that_its_owner_deleted_is_not_fetched_again(desk: PdfDesk) -> None:
    (paper,) = desk.star_from_arxiv()
    desk.fetch()
    Path(desk.files.of(paper)[0].path).unlink()

    assert desk.fetch().fetched == 0
    assert [file.is_there for file in desk.files.of(paper)] == [False]


def test_stopping_leaves_the_rest_for_later(desk: PdfDesk) -> None:
    desk.star_from_arxiv(5)

    report = desk.fetch(stop=lambda: len(desk.server.asked) >= 2)

    assert (report.fetched, report.waiting) == (2, 3)
    assert desk.fetch().fetched == 3


def test_progress_counts_papers(desk: PdfDesk) -> None:
    desk.star_from_arxiv(2)
    desk.star({"title": "Nowhere", "pdf_url": "https://gone.invalid/a.pdf"})
    seen = []

    with desk.network() as transport:
        desk.files.fetch_wanted(transport, lambda done, total: seen.append((done, total)))

    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_files_go_with_a_tray_that_moves(desk: PdfDesk, tmp_path: Path) -> None:
    (paper,) = desk.star_from_arxiv()
    desk.fetch()
    desk.notebook.close()

    moved = throw_away_places(tmp_path / "elsewhere").tray
    moved.parent.mkdir()
    shutil.move(desk.folder / "tray", moved)

    with open_notebook(tmp_path / "elsewhere") as notebook:
        (file,) = notebook.files.of(paper)
        assert (file.is_there, Path(file.path).is_relative_to(moved)) == (True, True)
        assert notebook.papers.files(paper)[0].path == file.path


def test_what_a_killed_process_left_is_cleared_away_later(desk: PdfDesk) -> None:
    desk.star_from_arxiv(2)
    way = desk.files.folder / ".coming"
    way.mkdir(parents=True)
    (way / "old.part").write_bytes(b"%PDF-1.4 half")
    (way / "new.part").write_bytes(b"%PDF-1.4 half")
    now = desk.clock.moment.timestamp()
    os.utime(way / "old.part", (now, now - 90_000))
    os.utime(way / "new.part", (now, now - 60))

    desk.fetch()

    assert desk.on_the_way() == ["new.part"]
    assert len(desk.names()) == 2


def test_a_name_that_is_taken_gets_a_number(desk: PdfDesk) -> None:
    folder = desk.files.folder
    folder.mkdir()
    own = folder / "AUTHOR0Number0Follows2020.PDF"
    own.write_bytes(b"the owner's own")

    (paper,) = desk.star_from_arxiv()
    desk.fetch()

    assert Path(desk.files.of(paper)[0].path).name == "author0Number0Follows2020-2.pdf"
    assert own.read_bytes() == b"the owner's own"


def test_a_name_whose_file_is_gone_still_belongs_to_its_paper(desk: PdfDesk) -> None:
    one, other = desk.star_from_arxiv(2)
    with desk.notebook._tray.write() as connection:
        connection.execute(
            "INSERT INTO attachment(paper_id, path, added)"
            " VALUES (?, 'files/author0Number0Follows2020.pdf', '')",
            (other,),
        )

    desk.fetch()

    assert Path(desk.files.of(one)[0].path).name == "author0Number0Follows2020-2.pdf"


# --- names


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("knuth1984literate", "knuth1984literate"),
        ("DBLP:conf/acl/X", "DBLP-conf-acl-X"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", ""),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("con", "con_"),
        ("CON.v2", "CON_.v2"),
        ("com1", "com1_"),
        ("lpt¹", "lpt¹_"),
        ("conrad2020", "conrad2020"),
        ("Mu\u0308ller2020", "Müller2020"),
        ("a\x00b\nc", "a-b-c"),
        ("a\udcffb", "a-b"),
        ("a\u202eb", "a-b"),
        ("name.", "name"),
        ("trailing ", "trailing"),
    ],
)
def test_names_are_safe_on_every_system(name: str, stem: str) -> None:
    assert safe_stem(name) == stem


def test_long_names_are_cut_between_letters() -> None:
    assert safe_stem("é" * 300) == "é" * (MOST_BYTES // 2)
    assert safe_stem("x" + "é" * 300) == "x" + "é" * ((MOST_BYTES - 1) // 2)


def test_suffixes_are_short_and_plain() -> None:
    assert [safe_suffix(s) for s in (".PDF", ".tar", ".a b", ".x" * 20, "")] == [
        ".pdf", ".tar", "", "", "",
    ]  # fmt: skip


def test_what_came_is_said_in_a_few_lines(desk: PdfDesk) -> None:
    desk.star_from_arxiv(9, reply=Reply(b"", status=404))
    desk.star_from_arxiv(2)

    *lines, last = desk.fetch().sentences()

    assert lines[0] == "2 PDFs fetched."
    assert "author8Number8Follows2023 got no PDF: http://127.0.0.1" in lines[1]
    assert (len(lines), last) == (6, "4 more got none.")
    assert list(desk.fetch().sentences()) == []
