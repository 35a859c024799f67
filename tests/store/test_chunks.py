"""Adding in chunks: where one ends makes no difference, and no look-up goes by row."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papertray.core.errors import TrayLocked
from papertray.core.identity import traits
from papertray.core.model import Pile, Record
from papertray.core.records import record_from_json
from papertray.notebook.feeds import AddOptions, AddReport
from papertray.notebook.interrupts import uninterrupted
from papertray.notebook.notebook import Notebook
from papertray.store import pacing
from papertray.store.known import Held, look_up
from papertray.store.places import throw_away_places

from trays import add_lines, open_notebook, works

TABLES = {
    "paper": "id, title, abstract, authors, year, month, venue, doi, arxiv_id, url, author_key,"
    " extra",
    "original": "paper_id, field, text",
    "feed": "id, name, kind",
    "standing": "paper_id, pile, removed IS NULL",
    "identifier": "scheme, value, paper_id",
    "listing": "paper_id, feed_id, rank, votes, record, is_first",
    "versions": "paper_id, version, title, abstract",
    "pile_count": "*",
}
"""What an add leaves, instants and ids of batches left out."""


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what the tray in `folder` holds."""
    with sqlite3.connect(throw_away_places(folder).database) as connection:
        return {
            table: connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3").fetchall()
            for table, columns in TABLES.items()
        }


def use_chunks_of(size: int, patch: pytest.MonkeyPatch) -> None:
    for name in ("SMALLEST", "FIRST", "LARGEST"):
        patch.setattr(pacing, name, size)
    patch.setattr(pacing, "FREE", 0.0)


_RECORDS = st.fixed_dictionaries(
    {"title": st.sampled_from(["A Title Long Enough to Join by Itself", "Word Vectors Again",
                               "Preface", "Another Title of Good Length"])},
    optional={
        "authors": st.sampled_from([["Ann Lee"], ["Bob Ray"]]),
        "year": st.sampled_from([2019, 2020, 2021, 2023]),
        "month": st.just(5),
        "abstract": st.sampled_from(["It works", "It works, mostly.", "Other."]),
        "venue": st.sampled_from(["NeurIPS", {"name": "CoRR", "volume": "1"}]),
        "doi": st.sampled_from(["10.1000/a", "10.1000/B", "10.1000/b"]),
        "arxiv_id": st.sampled_from(["2001.00001", "2001.00001v2", "2001.00002"]),
        "url": st.sampled_from(["https://example.org/a", "https://example.org/b"]),
        "votes": st.sampled_from([1, 2]),
        "uid": st.sampled_from(["u1", "u2"]),
        "identifiers": st.sampled_from([["doi:10.1000/c"], ["doi:10.1000/a", "issn:1234-5678"]]),
        "ris": st.sampled_from([{"N1": "one"}, {"N1": "two", "N2": "more"}]),
        "original": st.sampled_from([{"abstract": "It {works}"}, {"venue": "NeurIPS~"}]),
        "listings": st.sampled_from([[{"feed": "arXiv"}], [{"feed": "medRxiv", "rank": 2}]]),
    },
)  # fmt: skip


def check_chunks(folder: Path, records: list[dict[str, object]], size: int) -> None:
    """Add records at once and in chunks, and compare."""
    with open_notebook(folder / "at once") as notebook:
        tried = add_lines(notebook, records, AddOptions(dry_run=True))
        at_once = add_lines(notebook, records)
        again = add_lines(notebook, records)
    with pytest.MonkeyPatch.context() as patch, open_notebook(folder / "in chunks") as notebook:
        use_chunks_of(size, patch)
        in_chunks = add_lines(notebook, records)

    assert contents(folder / "in chunks") == contents(folder / "at once")
    assert in_chunks.counts == at_once.counts == tried.counts
    assert again.counts.added == 0


_MANY = st.lists(_RECORDS, min_size=2, max_size=8)


@settings(
    max_examples=12, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(_MANY, st.integers(1, 3))
def test_where_a_chunk_ends_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]], size: int
) -> None:
    check_chunks(tmp_path_factory.mktemp("chunks"), records, size)


def test_a_record_that_tells_only_what_it_is_called_elsewhere_is_news(tmp_path: Path) -> None:
    plain: dict[str, object] = {"title": "A Title of Good Length Indeed", "authors": ["Ann Lee"]}
    check_chunks(tmp_path, [plain, {**plain, "uid": "u1"}], 1)


@pytest.mark.long
@settings(
    max_examples=400, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(_MANY, st.integers(1, 3))
def test_where_a_chunk_ends_makes_no_difference_in_many_cases(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]], size: int
) -> None:
    check_chunks(tmp_path_factory.mktemp("chunks"), records, size)


def test_a_dry_run_says_what_the_add_will_say_also_across_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_chunks_of(3, monkeypatch)
    records = [*works(5), *works(5), {**works(1)[0], "comment": "new"}]
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(2))
        before = contents(tmp_path)
        tried = add_lines(notebook, records, AddOptions(dry_run=True))
        assert contents(tmp_path) == before
        added = add_lines(notebook, records)
        assert tried.counts == added.counts
        assert (added.counts.added, added.counts.merged, added.counts.known) == (3, 1, 7)


def test_look_ups_go_by_chunk_and_never_by_row(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(300))
        filled = [{**work, "comment": "new"} for work in works(150)]
        for records in (works(300), [*filled, *works(150, first=150), *works(100, first=300)]):
            statements: list[str] = []
            notebook._tray._writer.set_trace_callback(statements.append)
            add_lines(notebook, records)
            notebook._tray._writer.set_trace_callback(None)
            looks = [statement for statement in statements if statement.startswith("SELECT")]
            assert len(looks) < 60


class Explaining(sqlite3.Connection):
    """Keeps the plans of what is looked up."""

    plans: list[str]

    def execute(self, statement: str, values: object = (), /) -> sqlite3.Cursor:
        explained = super().execute(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        self.plans += [row[3] for row in explained]
        return super().execute(statement, values)  # type: ignore[arg-type]


def test_no_look_up_reads_a_whole_table(tmp_path: Path) -> None:
    with open_notebook(tmp_path) as notebook:
        add_lines(notebook, works(5))
    database = throw_away_places(tmp_path).database
    connection = sqlite3.connect(database, factory=Explaining)
    connection.plans = []
    found = record_from_json({"title": "A Title of Good Length", "uid": "u"}, "line 1")
    assert isinstance(found, Record)
    look_up(connection, [traits(found)])
    Held([1]).fetch(connection, [1, 2])
    connection.close()

    assert len(connection.plans) > 10
    scans = [plan for plan in connection.plans if plan.startswith("SCAN")]
    assert [
        plan for plan in scans if "VIRTUAL TABLE" not in plan and plan != "SCAN CONSTANT ROW"
    ] == []


class Interrupting(BytesIO):
    """A stream whose reader presses Ctrl-C after so many bytes."""

    def __init__(self, data: bytes, after: int) -> None:
        super().__init__(data)
        self._after = after

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > self._after:
            os.kill(os.getpid(), signal.SIGINT)
        return super().read(size)


def lines(count: int, first: int = 0) -> bytes:
    return b"".join(json.dumps(work).encode() + b"\n" for work in works(count, first))


def inbox_of(notebook: Notebook) -> int:
    return notebook.papers.counts().inbox


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C interrupts, also where the tests run in the background of a shell that ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_ends_an_add_with_what_went_in_and_the_next_one_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ctrl_c: None
) -> None:
    use_chunks_of(50, monkeypatch)
    data = lines(1500)
    with open_notebook(tmp_path / "a") as notebook:
        report = notebook.feeds.add(["-"], Interrupting(data, len(data) // 2))
        assert report.interrupted
        assert 0 < report.counts.added == inbox_of(notebook) < 1500
        finished = notebook.feeds.add(["-"], BytesIO(data))
        assert (finished.counts.known, finished.interrupted) == (report.counts.added, False)
    with open_notebook(tmp_path / "b") as notebook:
        notebook.feeds.add(["-"], BytesIO(data))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_ctrl_c_while_a_chunk_is_written_waits_until_it_is_counted(ctrl_c: None) -> None:
    done: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def write() -> None:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            done.append(1)

    with pytest.raises(KeyboardInterrupt):
        write()
    assert done == [1]
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_are_left_alone() -> None:
    done: list[int] = []

    def work() -> None:
        with uninterrupted():
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]


class Breaking(BytesIO):
    """A stream whose disk fails after so many bytes."""

    def __init__(self, data: bytes, after: int) -> None:
        super().__init__(data)
        self._after = after

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= self._after:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_what_came_before_a_source_broke_off_goes_in(tmp_path: Path) -> None:
    data = lines(1500)
    with open_notebook(tmp_path) as notebook:
        stream: BinaryIO = Breaking(data, len(data) // 2)
        report = notebook.feeds.add(["-"], stream)
        assert "input/output error" in report.failures[-1].reason
        assert 500 < report.counts.added == inbox_of(notebook) < 1500


def test_a_chunk_has_no_more_bytes_than_memory_should_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertray.notebook.add_job.MOST_BYTES", 1 << 17)
    seen: list[int] = []
    with open_notebook(tmp_path) as notebook:
        long = [{**work, "abstract": "x" * 50_000} for work in works(100)]
        data = b"".join(json.dumps(work).encode() + b"\n" for work in long)
        notebook.feeds.add(["-"], BytesIO(data), progress=lambda done, share: seen.append(done))
    assert seen[-1] == 100
    assert max(b - a for a, b in zip([0, *seen], seen, strict=False)) <= 10


def test_progress_tells_the_share_of_a_file_and_not_of_a_pipe(tmp_path: Path) -> None:
    source = tmp_path / "papers.jsonl"
    source.write_bytes(lines(900))
    shares: list[float | None] = []
    with open_notebook(tmp_path) as notebook:
        notebook.feeds.add(
            [str(source)], BytesIO(), progress=lambda done, share: shares.append(share)
        )
        assert shares == sorted(shares, key=lambda share: share or 0.0)
        assert shares[-1] == 1.0
        shares.clear()
        notebook.feeds.add(
            ["-"], BytesIO(lines(9)), progress=lambda done, share: shares.append(share)
        )
        assert shares == [None]


def test_pieces_that_fail_again_stay_in_quarantine_and_the_others_leave_it(tmp_path: Path) -> None:
    pipe = BytesIO(b'{"title": \n{"name": "No Title"}\n{"title": "One Whole Paper of the File"}\n')

    def held(notebook: Notebook) -> list[tuple[str, bytes]]:
        rows = notebook._tray.reader().execute("SELECT source, bytes FROM quarantine ORDER BY id")
        return rows.fetchall()

    with open_notebook(tmp_path) as notebook:
        report: AddReport = notebook.feeds.add(["-"], pipe)
        assert (report.counts.added, len(report.failures)) == (1, 2)
        before = held(notebook)
        notebook.feeds.retry()
        assert held(notebook) == before, "the pipe is gone, and nobody knows what such pieces are"
        source = tmp_path / "papers.jsonl"
        source.write_text('{"title": \n{"title": "A Second Paper, Written Later"}\n')
        notebook.feeds.add([str(source)], BytesIO())
        assert len(held(notebook)) == 3
        source.write_text('{"title": "The First, Mended"}\n')
        notebook.feeds.retry()
        assert held(notebook) == before


def test_an_add_that_was_undone_comes_back_in_any_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_chunks_of(2, monkeypatch)
    with open_notebook(tmp_path) as notebook:
        first = add_lines(notebook, works(5))
        assert first.batch is not None
        notebook.papers.move([1], Pile.STARRED)
        notebook.journal.undo_batch(first.batch)
        assert inbox_of(notebook) == 0
        again = add_lines(notebook, [*works(5), *works(5)])
        assert (again.counts.added, again.counts.known) == (4, 6)
        assert inbox_of(notebook) == 4


def test_an_add_on_its_way_waits_longer_for_others_than_one_that_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_chunks_of(10, monkeypatch)
    database = throw_away_places(tmp_path).database
    with open_notebook(tmp_path, timeout=0.02) as notebook:
        other = sqlite3.connect(database, isolation_level=None)
        tries: list[int] = []

        def lock_for_three_tries(done: int, share: float | None) -> None:
            if done == 10:
                other.execute("BEGIN IMMEDIATE")

        def give_way(statement: str) -> None:
            if statement.startswith("BEGIN") and other.in_transaction:
                tries.append(1)
                if len(tries) == 3:
                    other.execute("ROLLBACK")

        notebook._tray._writer.set_trace_callback(give_way)
        report = notebook.feeds.add(["-"], BytesIO(lines(30)), progress=lock_for_three_tries)
        assert (report.counts.added, report.failures, len(tries)) == (30, [], 3)

        other.execute("BEGIN IMMEDIATE")
        tries.extend([1] * 3)
        with pytest.raises(TrayLocked):
            notebook.feeds.add(["-"], BytesIO(lines(5, first=50)))
        other.close()
