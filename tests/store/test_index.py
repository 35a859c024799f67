"""The index follows the database: step by step, beside other processes, after kills."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import tantivy

from papertray.store.index import follower as follower_module
from papertray.store.index.errors import IndexBroken, IndexBusy, index_errors
from papertray.store.index.generations import Generations
from papertray.store.index.opened import IndexWriter, OpenIndex
from papertray.store.index.schema import VERSION, schema
from papertray.store.index.text import ENGLISH, PLAIN, prepared, tokens
from papertray.store.search import Search
from papertray.store.tray import Tray

from index_checks import add, current_generation, ids_by_index, remove
from made_up_papers import add_note, add_paper, edit_note


def test_it_follows_papers_and_notes(tray: Tray) -> None:
    search = Search(tray)
    assert not search.is_ready
    one, two = add(tray, "robot one"), add(tray, "robot two")
    assert search.follow() == 2
    assert search.is_ready
    assert search.follow() == 0
    with tray.write() as connection:
        connection.execute("UPDATE paper SET title = 'garden one' WHERE id = ?", (one,))
        note = add_note(connection, "lantern", two)
    assert search.follow() > 0
    assert (ids_by_index(search, "robot"), ids_by_index(search, "garden")) == ([two], [one])
    assert (ids_by_index(search, "lantern"), search.search("lantern").notes) == ([two], (note,))
    with tray.write() as connection:
        connection.execute("UPDATE note SET paper_id = ? WHERE id = ?", (one, note))
    search.follow()
    assert ids_by_index(search, "lantern") == [one]
    with tray.write() as connection:
        edit_note(connection, note, None)
    search.follow()
    assert (ids_by_index(search, "lantern"), search.search("lantern").notes) == ([], ())
    with tray.write() as connection:
        edit_note(connection, note, "basket")
        connection.execute("DELETE FROM standing WHERE paper_id = ?", (two,))
        connection.execute("DELETE FROM paper WHERE id = ?", (two,))
    search.follow()
    assert (
        ids_by_index(search, "basket"),
        ids_by_index(search, "two"),
        ids_by_index(search, "one"),
    ) == ([one], [], [one])


def test_a_changed_paper_is_in_the_index_once(tray: Tray) -> None:
    # Deleting by an unsigned number would silently delete nothing.
    search = Search(tray)
    paper = add(tray, "robot")
    search.follow()
    for number in range(5):
        with tray.write() as connection:
            connection.execute("UPDATE paper SET abstract = ? WHERE id = ?", (f"{number}", paper))
        search.follow()
    searcher, checkpoint = OpenIndex(current_generation(tray)).view()
    assert searcher.num_docs == 2  # the paper and the checkpoint
    last = tray.reader().execute("SELECT seq, nonce FROM change ORDER BY seq DESC").fetchone()
    assert checkpoint == last


def test_more_changes_than_fit_into_one_commit(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower_module, "CHUNK", 3)
    search = Search(tray)
    with tray.write() as connection:
        ids = [add_paper(connection, f"robot {number}") for number in range(10)]
        notes = [add_note(connection, "garden") for _ in range(4)]
    seen: list[tuple[int, int]] = []
    assert search.follow(lambda done, total: seen.append((done, total))) == 14
    assert seen == sorted(seen)
    assert seen[-1] == (14, 14)
    assert search.building is None
    with tray.write() as connection:
        ids += [add_paper(connection, f"robot {number}") for number in range(10)]
    assert search.follow() == 10
    assert ids_by_index(search, "robot") == ids
    assert sorted(search.search("garden").notes) == notes


def test_an_empty_tray(tray: Tray) -> None:
    search = Search(tray)
    assert search.follow() == 0
    assert search.is_ready
    paper = add(tray, "robot")
    assert search.follow() == 1
    assert ids_by_index(search, "robot") == [paper]


# --- others


def test_a_busy_writer_is_left_alone_and_nothing_is_missed(tray: Tray) -> None:
    search = Search(tray)
    add(tray, "robot one")
    search.follow()
    other = IndexWriter(OpenIndex(current_generation(tray)).index)
    paper = add(tray, "garden two")
    assert search.follow() == 0
    assert search.problem == ""
    assert search.behind() == 1
    assert ids_by_index(search, "garden") == [paper]
    with pytest.raises(IndexBusy):
        IndexWriter(OpenIndex(current_generation(tray)).index)
    other.close()
    assert search.follow() == 1
    assert ids_by_index(search, "garden") == [paper]


_OTHER_PROCESS = """
import sys, pathlib
from papertray.store.index.generations import Generations
from papertray.store.index.opened import IndexWriter, OpenIndex
generation = Generations(pathlib.Path(sys.argv[1])).current()
writer = IndexWriter(OpenIndex(generation).index)
writer.replace(["p1"], [])
print("holding", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(script: str, folder: str, *, says: str) -> Iterator[subprocess.Popen[str]]:
    """Run a script beside this process from the moment that it says so."""
    with subprocess.Popen(
        [sys.executable, "-c", script, folder],
        env={"PYTHONPATH": ":".join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{says}\n"
        yield process


def test_another_process_is_killed_while_it_writes(tray: Tray) -> None:
    search = Search(tray)
    one = add(tray, "robot one")
    search.follow()
    folder = current_generation(tray).parent
    with another_process(_OTHER_PROCESS, str(folder), says="holding") as process:
        two = add(tray, "robot two")
        assert search.follow() == 0
        assert ids_by_index(search, "robot") == [one, two]
        process.kill()
        process.wait()
    assert search.follow() == 1
    assert ids_by_index(search, "robot") == [one, two]


def test_what_another_follows_is_seen_at_once(tray: Tray) -> None:
    ours, other_tray = Search(tray), Tray(tray.places)
    other = Search(other_tray)
    one = add(tray, "robot one")
    ours.follow()
    assert ids_by_index(other, "robot") == [one]
    two = add(other_tray, "robot two")
    assert other.follow() == 1
    assert ours.behind() == 0
    assert ids_by_index(ours, "robot") == [one, two]
    # The other one builds a new generation and removes ours.
    remove(current_generation(tray))
    assert other.follow() == 2
    assert ids_by_index(ours, "robot") == [one, two]
    assert len(list(current_generation(tray).parent.glob("index-*"))) == 1
    other_tray.close()


def test_a_commit_is_noticed_whatever_the_file_system_says(tray: Tray) -> None:
    """Two commits may leave a list of files of the same size, time and inode."""
    ours, other = Search(tray), Search(tray)
    one = add(tray, "robot one")
    ours.follow()
    assert ids_by_index(ours, "robot") == [one]
    meta = current_generation(tray) / "files" / "meta.json"
    inode = meta.with_name("inode")
    inode.hardlink_to(meta)
    before = meta.stat()
    two = add(tray, "robot two")
    other.follow()
    after = " ".join(meta.read_text().split())  # less, so that it can be filled up
    inode.write_text(after.ljust(before.st_size))
    inode.replace(meta)
    os.utime(meta, ns=(before.st_atime_ns, before.st_mtime_ns))
    now = meta.stat()
    assert (now.st_size, now.st_mtime_ns, now.st_ino) == (
        before.st_size,
        before.st_mtime_ns,
        before.st_ino,
    )
    assert ours.behind() == 0
    assert ids_by_index(ours, "robot") == [one, two]


def test_searching_while_the_files_are_replaced(tray: Tray) -> None:
    search, other = Search(tray), Search(tray)
    papers = [add(tray, f"robot {number}") for number in range(3)]
    search.follow()
    assert ids_by_index(search, "robot") == papers
    searcher, _ = OpenIndex(current_generation(tray)).view()
    before = current_generation(tray)
    assert other.rebuild(lambda done, total: None) == 3
    assert not before.exists()
    robots = tantivy.Query.term_query(schema(), "title", "robot")
    assert len(searcher.search(robots, 10).hits) == 3, "what is open stays readable"
    assert ids_by_index(search, "robot") == papers
    assert search.check_files() == ""


def test_only_one_builds(tray: Tray) -> None:
    search = Search(tray)
    add(tray, "robot")
    folder = tray.places.cache / str(VERSION)
    folder.mkdir(parents=True)
    with Generations(folder).building() as is_ours:
        assert is_ours
        assert search.follow() == search.rebuild() == 0
        assert search.problem == "Another process is building the search index already."
        assert "missing" in search.search("robot").notice
        assert len(search.search("robot").ids) == 1
    assert search.follow() == 1


_BUILDER = """
import pathlib, sys
from papertray.store.places import throw_away_places
from papertray.store.search import Search
from papertray.store.tray import Tray
def wait(done, total):
    print("building", flush=True)
    sys.stdin.read()
Search(Tray(throw_away_places(pathlib.Path(sys.argv[1])))).rebuild(wait)
"""


@pytest.mark.parametrize("has_index", [False, True])
def test_another_process_is_killed_while_it_builds(
    tmp_path: Path, tray: Tray, has_index: bool
) -> None:
    search = Search(tray)
    papers = [add(tray, "robot")]
    if has_index:
        search.follow()
    with another_process(_BUILDER, str(tmp_path), says="building") as process:
        papers.append(add(tray, "robot"))
        assert search.follow() == has_index
        assert sorted(search.search("robot").ids) == papers
        process.kill()
        process.wait()
    generations = tray.places.cache / str(VERSION)
    assert len(list(generations.glob("index-*"))) == 1 + has_index
    assert search.follow() == (0 if has_index else 2)
    assert search.check_files() == ""
    assert len(list(generations.glob("index-*"))) == 1, "the half built one is gone"
    assert ids_by_index(search, "robot") == papers


# --- kills and failures


@pytest.mark.parametrize(
    "error", [IndexBroken("no space left"), KeyboardInterrupt(), MemoryError()]
)
def test_stopped_between_the_two_commits(
    tray: Tray, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    search = Search(tray)
    one = add(tray, "robot one")
    search.follow()
    two = add(tray, "robot two")

    def fail(self: IndexWriter, seq: int, nonce: int) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(IndexWriter, "commit", fail)
        if isinstance(error, IndexBroken):
            assert search.follow() == 0
            assert "(no space left)" in search.problem
        else:
            with pytest.raises(type(error)):
                search.follow()
        assert sorted(search.search("robot").ids) == [one, two]
    fresh = Search(tray)
    fresh.follow()
    assert ids_by_index(fresh, "robot") == ids_by_index(search, "robot") == [one, two]
    assert len(list(current_generation(tray).parent.glob("index-*"))) == 1


def test_stopping_a_build_leaves_nothing_behind(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_module, "CHUNK", 2)
    with tray.write() as connection:
        for _ in range(10):
            add_paper(connection, "robot")
    search = Search(tray)
    search.follow(lambda done, total: search.close())
    assert not list((tray.places.cache / str(VERSION)).glob("index-*"))
    assert not search.is_ready


def test_the_cache_is_removed_while_it_is_open(tray: Tray) -> None:
    search = Search(tray)
    one = add(tray, "robot one")
    search.follow()
    remove(tray.places.cache)
    assert list(search.search("robot").ids) == [one]
    assert (search.follow(), search.problem) == (1, "")
    assert ids_by_index(search, "robot") == [one]


def test_a_panic_is_known_by_its_name() -> None:
    class PanicException(BaseException):
        pass

    with pytest.raises(IndexBroken, match="panic: limit"), index_errors():
        raise PanicException("limit")
    with pytest.raises(KeyboardInterrupt), index_errors():
        raise KeyboardInterrupt


def test_a_cache_that_cannot_be_written(tray: Tray) -> None:
    tray.places.cache.parent.mkdir(parents=True, exist_ok=True)
    tray.places.cache.write_text("a file where the folder should be")
    search = Search(tray)
    paper = add(tray, "robot")
    assert search.follow() == 1
    assert ids_by_index(search, "robot") == [paper]
    search.close()
    assert tray.places.cache.read_text().startswith("a file")


def test_tokens() -> None:
    assert tokens("Optimizing naïve İdeas, GPT-4's", ENGLISH) == [
        "optim",
        "naiv",
        "idea",
        "gpt",
        "4",
        "s",
    ]
    assert tokens("Optimizing", PLAIN) == ["optimizing"]
    assert tokens("深度学习net", PLAIN) == ["深度", "度学", "学习", "net"]
    assert prepared("深度x学", with_ends=True).split() == ["深度", "度", "x", "学"]
    assert tokens("x" * 101, PLAIN) == []
    assert tokens("e\u0301", PLAIN) == ["e"]
    assert tokens("\ud800a", PLAIN) == ["a"]
