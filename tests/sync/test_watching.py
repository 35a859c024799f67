"""Watching real folders: what programs that save do to a file, and what becomes of it."""

from __future__ import annotations

import logging
import mmap
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from papertray.core.errors import TrayLocked
from papertray.core.model import Record
from papertray.feeds import jsonlines
from papertray.notebook import settled_files
from papertray.notebook.watcher import Watcher
from papertray.sync.scanning import has_writer
from papertray.sync.watching import Watch
from sync.watched import QUICK, Watched, paper

OLD = 1_500_000_000
"""A time long past, as programs that synchronise give it to files."""


def in_place(file: Path, text: str, outside: Path) -> None:
    file.write_text(text)


def in_two_chunks(file: Path, text: str, outside: Path) -> None:
    with open(file, "w") as stream:
        stream.write(text[: len(text) // 2])
        stream.flush()
        stream.write(text[len(text) // 2 :])


def renamed_over(file: Path, text: str, outside: Path) -> None:
    new = file.with_name(f"{file.name}.tmp")
    new.write_text(text)
    os.replace(new, file)


def renamed_from_outside(file: Path, text: str, outside: Path) -> None:
    new = outside / file.name
    new.write_text(text)
    os.replace(new, file)


def as_emacs_does(file: Path, text: str, outside: Path) -> None:
    if file.exists():
        os.replace(file, f"{file}~")
    file.write_text(text)


def as_vim_does(file: Path, text: str, outside: Path) -> None:
    swap = file.with_name(f".{file.name}.swp")
    swap.write_bytes(b"b0VIM 9.0")
    (file.parent / "4913").touch()
    (file.parent / "4913").unlink()
    with open(file, "w") as stream:
        stream.write(text)
        os.fsync(stream.fileno())
    swap.unlink()


def as_syncthing_does(file: Path, text: str, outside: Path) -> None:
    new = file.with_name(f".syncthing.{file.name}.tmp")
    new.write_text(text)
    os.utime(new, (OLD, OLD))
    os.chmod(new, 0o600)
    os.replace(new, file)


def mapped_into_memory(file: Path, text: str, outside: Path) -> None:
    data = text.encode()
    with open(file, "w+b") as stream:
        stream.truncate(len(data))
        with mmap.mmap(stream.fileno(), len(data)) as memory:
            memory[:] = data


STYLES: list[Callable[[Path, str, Path], None]] = [
    in_place, in_two_chunks, renamed_over, renamed_from_outside, as_emacs_does, as_vim_does,
    as_syncthing_does, mapped_into_memory,
]  # fmt: skip


def save_each(folder: Path, outside: Path, *words: str) -> list[str]:
    """Save a file in each style, all with papers of these words; return the titles in them."""
    named = {save.__name__: [f"{word} {save.__name__}" for word in words] for save in STYLES}
    for save in STYLES:
        text = "".join(map(paper, named[save.__name__]))
        save(folder / f"{save.__name__}.jsonl", text, outside)
    return sorted(title for of_file in named.values() for title in of_file)


def test_files_that_are_saved_again_in_a_feeds_folder_are_read_again(tmp_path: Path) -> None:
    feed, outside = tmp_path / "feed", tmp_path / "outside"
    feed.mkdir()
    outside.mkdir()
    watched = Watched(tmp_path, [feed])
    with watched.running():
        watched.wait_for_folder()
        for words in (["First"], ["First", "Second"]):
            wanted = save_each(feed, outside, *words)
            watched.wait_for(lambda wanted=wanted: watched.titles == wanted)  # type: ignore[misc]
    files = {f"{save.__name__}.jsonl" for save in STYLES}
    assert files <= set(os.listdir(feed)), "they are the user's: they stay"
    assert not watched.failed


def test_files_that_are_saved_in_the_drop_folder_are_read_and_moved(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    watched = Watched(tmp_path)
    titles: list[str] = []
    with watched.running():
        watched.wait_for_folder()
        for word in ("First", "Second"):
            titles = sorted(titles + save_each(watched.drop, outside, word))
            files = len(titles)
            watched.wait_until(lambda files=files: watched.done == files)  # type: ignore[misc]
    assert watched.titles == titles
    assert os.listdir(watched.drop) == ["done"]


def test_a_file_that_is_kept_open_is_read_in_a_feed_and_waited_for_in_drop(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    watched = Watched(tmp_path, [feed])
    with watched.running():
        watched.wait_for_folder()
        with open(feed / "a.jsonl", "w") as theirs, open(watched.drop / "b.jsonl", "w") as ours:
            for file, name in ((theirs, "Theirs"), (ours, "Ours")):
                file.write(paper(name))
                file.flush()
            watched.wait_for(lambda: watched.titles == ["Theirs"])
            watched.wait_for(lambda: any("is open in another" in one for one in watched.sentences))
            assert watched.titles == ["Theirs"]
            ours.write(paper("Second of ours"))
        watched.wait_for(lambda: watched.titles == ["Ours", "Second of ours", "Theirs"])
    assert os.listdir(watched.drop / "done") == ["b.jsonl"]


def test_a_file_that_is_taken_away_before_it_is_read_is_nobodys_business(tmp_path: Path) -> None:
    watched = Watched(tmp_path, times=replace(QUICK, patience=60.0))
    with watched.running():
        watched.wait_for_folder()
        (watched.drop / "a.json").write_text('[{"title": "Cut in the mi')
        watched.wait_for(lambda: len(watched.sentences) == 1)
        os.rename(watched.drop / "a.json", tmp_path / "a.json")
        (watched.drop / "b.jsonl").write_text(paper("Whole"))
        watched.wait_for(lambda: watched.titles == ["Whole"])
    assert not watched.failed


HALF = {
    "a.jsonl": (
        paper("a.jsonl First"),
        '{"title": "a.jsonl Second and What Fol',
        'lows"}\n',
    ),
    "a.json": (
        '[{"title": "a.json First and What Follows"}, ',
        '{"title": "a.json Sec',
        'ond and What Follows"}]',
    ),
    "a.bib": (
        "@article{a, title={a.bib First and What Follows}, year=2020}\n",
        "@article{b, title={a.bib Second and Wh",
        "at Follows}, year=2021}\n",
    ),
    "a.xml": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>u:1</id><title>a.xml First and What '
        "Follows</title><link href='https://example.org/1'/></entry>",
        "<entry><id>u:2</id><title>a.xml Second and Wh",
        "at Follows</title><link href='https://example.org/2'/></entry></feed>",
    ),
}
"""By file: what is whole, half a paper, and the rest of it."""


def test_the_rest_of_a_file_that_was_half_written_is_waited_for(tmp_path: Path) -> None:
    watched = Watched(tmp_path, times=replace(QUICK, patience=60.0))
    with watched.running():
        watched.wait_for_folder()
        for name, (whole, half, _) in HALF.items():
            (watched.drop / name).write_text(whole + half)
        watched.wait_for(lambda: len(told_of(watched.sentences)) == len(HALF))
        assert watched.titles == [], "nothing of a half before the whole"
        for name, (_, _, rest) in HALF.items():
            with open(watched.drop / name, "a") as file:
                file.write(rest)
        watched.wait_until(lambda: watched.done == len(HALF))
    assert watched.titles == sorted(f"{name} {one}" for name in HALF for one in ("First", "Second"))
    assert not watched.failed


def told_of(sentences: list[str]) -> list[int]:
    """Return an item for each file that was told not to be whole yet."""
    pattern = r"\S+ (?:seems|and (\d+) more seem) not to be whole yet; \w+ rest may come for \d+ s."
    found = [re.fullmatch(pattern, sentence) for sentence in sentences]
    return [0 for one in found if one for _ in range(1 + int(one[1] or 0))]


def test_many_files_that_are_not_whole_are_not_told_one_by_one(tmp_path: Path) -> None:
    watched = Watched(tmp_path, times=replace(QUICK, patience=60.0))
    watched.drop.mkdir()
    for number in range(300):
        (watched.drop / f"{number}.json").write_text('[{"title": "Cut in the mi')
    assert watched.once() == 300
    assert len(told_of(watched.sentences)) == 300
    assert len(watched.sentences) <= 3


def test_what_stays_cut_is_read_as_far_as_it_goes_and_called_a_failure(tmp_path: Path) -> None:
    watched = Watched(tmp_path, times=replace(QUICK, patience=0.1))
    with watched.running():
        watched.wait_for_folder()
        for name, (whole, half, _) in HALF.items():
            (watched.drop / name).write_text(whole + half)
        watched.wait_for(lambda: set(watched.failed) == set(HALF))
    assert watched.titles == sorted(f"{name} First" for name in HALF)
    assert sorted(os.listdir(watched.drop / "failed")) == sorted(
        [*HALF, *(f"{name}.why.txt" for name in HALF)]
    )
    for name in HALF:
        why = (watched.drop / "failed" / f"{name}.why.txt").read_text()
        assert f"Not all of {name} could be read; 1 paper of it went into the tray" in why


def test_a_folder_that_is_moved_in_is_read_and_removed_once_empty(tmp_path: Path) -> None:
    new = tmp_path / "new" / "inner"
    new.mkdir(parents=True)
    for number in range(20):
        (new / f"{number}.jsonl").write_text(paper(f"Number {number}"))
    watched = Watched(tmp_path, times=replace(QUICK, patience=0.0, rescan=0.2))
    with watched.running():
        watched.wait_for_folder()
        os.rename(tmp_path / "new", watched.drop / "new")
        watched.wait_for(lambda: len(watched.titles) == 20)
        watched.wait_until(lambda: os.listdir(watched.drop) == ["done"])
    assert len(os.listdir(watched.drop / "done" / "new" / "inner")) == 20


def test_what_came_while_nobody_watched_is_read(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    watched = Watched(tmp_path, [feed])
    for number in (1, 2):
        (feed / f"{number}.jsonl").write_text(paper(f"Number {number}"))
        with watched.running():
            watched.wait_for(lambda number=number: len(watched.titles) == number)  # type: ignore[misc]
    assert [report.files for report in watched.reports] == [1, 1], "each file once"


def test_a_file_that_was_only_touched_is_not_read_again(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    (feed / "a.jsonl").write_text(paper("First"))
    watched = Watched(tmp_path, [feed])
    watched.once()
    os.utime(feed / "a.jsonl")
    watched.once()
    assert len(watched.reports) == 1


def test_lost_events_are_made_up_for_by_a_scan(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    with watched.running(), _Deaf():
        watched.wait_for_folder()
        (watched.drop / "a.jsonl").write_text(paper("Unheard"))
        logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed")
        watched.wait_for(lambda: watched.titles == ["Unheard"])


class _Deaf:
    """Lets no event of a file through."""

    def __enter__(self) -> None:
        self._dispatch = Watch.dispatch
        Watch.dispatch = lambda *_: None  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        Watch.dispatch = self._dispatch  # type: ignore[method-assign]


class _NoMore(Observer):  # type: ignore[misc,valid-type]
    """An observer that has no watch left to give, as the system's answer is then."""

    def schedule(self, *_: object, **__: object) -> ObservedWatch:
        raise OSError(28, "inotify watch limit reached")


def _no_instance() -> BaseObserver:
    raise OSError(24, "inotify instance limit reached")


@pytest.mark.parametrize("observer", [_NoMore, _no_instance])
def test_where_the_system_has_no_watch_left_a_folder_is_to_be_scanned_often(
    tmp_path: Path, observer: Callable[[], BaseObserver]
) -> None:
    with Watch(new_observer=observer) as watch:
        assert watch.follow(str(tmp_path)) is False
    with Watch() as watch:
        assert watch.follow(str(tmp_path)) is True
    with Watch(is_unseen=lambda folder: True) as watch:
        assert watch.follow(str(tmp_path)) is False


def test_a_folder_in_the_place_of_another_is_watched_in_its_turn(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with Watch() as watch:
        watch.follow(str(folder))
        os.rename(folder, tmp_path / "away")
        with pytest.raises(FileNotFoundError):
            watch.follow(str(folder))
        folder.mkdir()
        assert watch.follow(str(folder))
        watch.wait(0.0)
        (folder / "a.bib").touch()
        assert str(folder / "a.bib") in watch.wait(10.0).paths


def test_a_second_watcher_waits_until_the_first_ends(tmp_path: Path) -> None:
    first, second = Watched(tmp_path), Watched(tmp_path)
    with first.running():
        first.wait_for_folder()
        assert second.once() == 0
        assert "Another papertray watches this tray" in second.sentences[0]
        with second.running():
            second.wait_for(lambda: len(second.sentences) == 2)
    with second.running():
        (second.drop / "a.jsonl").write_text(paper("First"))
        second.wait_for(lambda: second.titles == ["First"])


def test_an_archive_and_a_library_are_read_as_add_reads_them(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.drop.mkdir(parents=True)
    with zipfile.ZipFile(watched.drop / "all.zip", "w") as archive:
        archive.writestr("a.jsonl", paper("In an Archive"))
        archive.writestr("b/b.jsonl", paper("Deep in an Archive"))
    library = watched.drop / "papers"
    for number in (1, 2):
        (library / f"{number}").mkdir(parents=True)
        (library / f"{number}" / "paper.pdf").write_bytes(b"%PDF-1.4")
        (library / f"{number}" / "info.yaml").write_text(
            f"title: Of a Library {number}\nref: key{number}\nfiles:\n- paper.pdf\n"
        )
    watched.once()
    assert watched.titles == [
        "Deep in an Archive", "In an Archive", "Of a Library 1", "Of a Library 2",
    ]  # fmt: skip
    assert sorted(os.listdir(watched.drop / "done")) == ["all.zip", "papers"]
    assert not watched.failed
    with watched.open() as notebook:
        (file,) = notebook.papers.files(notebook.papers.find("key1"))
    assert file.path == str(watched.drop / "done" / "papers" / "1" / "paper.pdf")
    assert os.path.exists(file.path)


def test_links_and_names_and_what_cannot_be_read(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.drop.mkdir(parents=True)
    outside = tmp_path / "outside.jsonl"
    outside.write_text(paper("Behind a Link"))
    (watched.drop / "link.jsonl").symlink_to(outside)
    (watched.drop / "loop").symlink_to(watched.drop)
    (watched.drop / "nowhere.bib").symlink_to(tmp_path / "missing")
    os.mkfifo(watched.drop / "pipe.bib")
    (watched.drop / "line\nbreak.jsonl").write_text(paper("Of Two Lines"))
    (watched.drop / ("n" * 249 + ".jsonl")).write_text(paper("Of a Long Name"))
    Path(os.fsdecode(os.fsencode(watched.drop) + b"/\xff.jsonl")).write_text(paper("Of No Name"))
    (watched.drop / "paper.pdf").write_bytes(b"%PDF-1.4\n")
    (watched.drop / "part.jsonl.part").write_text(paper("Not Yet"))
    (watched.drop / ".hidden.jsonl").write_text(paper("Hidden"))
    (watched.drop / ".git").mkdir()
    (watched.drop / ".git" / "a.jsonl").write_text(paper("Hidden"))
    (watched.drop / "empty.bib").touch()
    (watched.drop / "a.sync-conflict-20261123-071201-ABCDEFG.jsonl").write_text(
        paper("Of Two Lines")
    )
    watched.once()

    assert watched.titles == ["Behind a Link", "Of No Name", "Of Two Lines", "Of a Long Name"]
    assert list(watched.failed) == ["paper.pdf"]
    why = (watched.drop / "failed" / "paper.pdf.why.txt").read_text()
    assert f"papertray attach KEY {watched.drop}/failed/paper.pdf" in why
    assert outside.exists()
    assert (watched.drop / "done" / "link.jsonl").is_symlink()
    assert sorted(os.listdir(watched.drop)) == [
        ".git", ".hidden.jsonl", "done", "empty.bib", "failed", "loop", "nowhere.bib",
        "part.jsonl.part", "pipe.bib",
    ]  # fmt: skip


def test_files_of_one_group_are_one_batch(tmp_path: Path) -> None:
    watched = Watched(tmp_path, times=replace(QUICK, quiet=0.2))
    watched.drop.mkdir(parents=True)
    for number in range(12):
        (watched.drop / f"{number}.jsonl").write_text(paper(f"Number {number}"))
    watched.once()
    (watched.drop / "one.jsonl").write_text(paper("One"))
    watched.once()
    assert watched.batches == ["add one.jsonl from drop", "add 12 files from drop"]
    assert {one.feed for one in watched.sightings} == {"drop"}


def test_a_file_that_changed_while_it_was_taken_in_stays_and_is_read_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.drop.mkdir(parents=True)
    file = watched.drop / "a.jsonl"
    file.write_text(paper("First"))
    with watched.open() as notebook:
        drop = notebook.drop
        remaining = [paper("Second")]
        places = drop._places

        def late(*arguments: object) -> dict[str, str]:
            """Write more after the file was read, before it is moved."""
            if remaining:
                with open(file, "a") as stream:
                    stream.write(remaining.pop())
            return places(*arguments)  # type: ignore[arg-type]

        drop._places = late  # type: ignore[method-assign,assignment]
        drop.watcher(watched.tell, watched.say, watched.times).run_once()
    assert watched.titles == ["First", "Second"]
    assert os.listdir(watched.drop / "done") == ["a.jsonl"]


def test_a_file_that_does_not_fit_into_memory_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled_files, "MOST_BYTES", 2000)
    watched = Watched(tmp_path)
    watched.drop.mkdir(parents=True)
    lines = [paper(f"Number {number:03d}") for number in range(100)]
    (watched.drop / "large.jsonl").write_text("".join([*lines[:50], "{broken\n", *lines[50:]]))
    (watched.drop / "small.jsonl").write_text(paper("Of a Small File"))
    with zipfile.ZipFile(watched.drop / "all.zip", "w") as archive:
        archive.writestr("one.jsonl", "".join(lines))
        archive.writestr("two.jsonl", paper("Of an Archive"))
    watched.once()

    others = ["Of a Small File", "Of an Archive"]
    assert watched.titles == [f"Number {number:03d}" for number in range(100)] + others
    assert sorted(os.listdir(watched.drop / "done")) == ["all.zip", "small.jsonl"]
    assert "line 51" in (watched.drop / "failed" / "large.jsonl.why.txt").read_text()


def test_a_feeds_folder_around_the_tray_or_in_it_does_no_harm(tmp_path: Path) -> None:
    """What is dropped is read as dropped, and what was moved is not read again."""
    watched = Watched(tmp_path)
    watched.drop.mkdir(parents=True)
    with watched.open() as notebook:
        notebook.subscriptions.add(str(tmp_path), "around", folder=tmp_path)
        notebook.subscriptions.add(str(watched.drop), "inside", folder=tmp_path)
    (watched.drop / "a.jsonl").write_text(paper("Dropped"))
    (tmp_path / "b.jsonl").write_text(paper("Mine"))
    for _ in range(2):
        watched.once()
    assert sorted((one.folder.feed, one.files) for one in watched.reports) == [
        ("around", 1), ("drop", 1),
    ]  # fmt: skip
    assert (tmp_path / "b.jsonl").exists()


def test_the_drop_folder_may_be_a_link_to_one_that_is_synced(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    synced = tmp_path / "synced"
    synced.mkdir()
    watched.drop.symlink_to(synced)
    with watched.open() as notebook:
        notebook.subscriptions.add(str(synced), "twice", folder=tmp_path)
    with watched.running():
        watched.wait_until((watched.folder / "tray" / "watching.lock").exists)
        (synced / "a.jsonl").write_text(paper("Synced"))
        watched.wait_for(lambda: watched.titles == ["Synced"])
    assert os.listdir(synced / "done") == ["a.jsonl"]
    assert [one.folder.feed for one in watched.reports] == ["drop"]


def test_what_fails_in_a_feeds_folder_stays_and_is_told_once(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    watched = Watched(tmp_path, [feed], replace(QUICK, patience=0.0))
    (feed / "bad.jsonl").write_text(paper("First") + '{"title": "Cut he')
    for _ in range(2):
        watched.once()
    assert len(watched.reports) == 1
    assert watched.failed["bad.jsonl"].startswith("line 2: not valid JSON")
    assert os.listdir(feed) == ["bad.jsonl"]
    assert watched.titles == ["First"]


def test_a_folder_that_is_not_there_is_told_and_read_once_it_is(tmp_path: Path) -> None:
    feed, away = tmp_path / "feed", tmp_path / "away"
    feed.mkdir()
    watched = Watched(tmp_path, [feed], replace(QUICK, rescan=0.1))
    (feed / "a.jsonl").write_text(paper("First"))
    os.rename(feed, away)
    with watched.running():
        watched.wait_for(lambda: len(watched.sentences) == 1)
        os.rename(away, feed)
        watched.wait_for(lambda: watched.titles == ["First"])
    assert watched.sentences == [f"The folder {feed} cannot be read: No such file or directory."]


def test_what_was_read_already_is_read_again_without_harm(tmp_path: Path) -> None:
    """As after a kill between the tray's having the papers and the move."""
    watched = Watched(tmp_path)
    watched.drop.mkdir(parents=True)
    for _ in range(2):
        (watched.drop / "a.jsonl").write_text(paper("First") + "{broken\n" + paper("Second"))
        watched.once()
    assert watched.titles == ["First", "Second"]
    assert watched.batches == ["add a.jsonl from drop"]
    assert [report.add.counts.known for report in watched.reports] == [0, 2]


def test_reading_once_needs_no_watchdog() -> None:
    script = "import papertray.notebook.watcher, sys; print('watchdog' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "False"


def test_the_tray_within_a_feeds_folder_is_not_read_however_often_it_is_written(
    tmp_path: Path,
) -> None:
    watched = Watched(tmp_path)
    with watched.open() as notebook:
        notebook.subscriptions.add(str(tmp_path), "around", folder=tmp_path)
    with watched.running():
        watched.wait_for_folder()
        (watched.folder / "tray" / "inside.jsonl").write_text(paper("Inside"))
        for name in ("First", "Second"):
            (tmp_path / f"{name}.jsonl").write_text(paper(name))
            watched.wait_for(lambda name=name: name in watched.titles)  # type: ignore[misc]
    assert watched.titles == ["First", "Second"]
    tray = str(watched.folder / "tray")
    assert not [one for told in watched.reports for one in told.failed if one.path.startswith(tray)]


def test_what_an_open_file_tells_counts_not_where_a_server_refuses_every_lease(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.jsonl"
    with open(file, "w"):
        assert has_writer(str(file))
        assert not has_writer(str(file), is_unseen=lambda path: True)
    assert not has_writer(str(file))


def test_files_that_were_only_touched_are_remembered_at_once(tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    for number in range(5):
        (feed / f"{number}.jsonl").write_text(paper(f"Number {number}"))
    watched = Watched(tmp_path, [feed])
    watched.once()
    for file in feed.iterdir():
        os.utime(file)
    with watched.open() as notebook:
        drop, told = notebook.drop, []
        see = drop.see
        drop.see = lambda folder, files: told.append(len(files)) or see(folder, files)  # type: ignore
        drop.watcher(watched.tell, watched.say, watched.times).run_once()
    assert told == [5]


def test_a_tray_that_is_locked_does_not_end_the_watching_of_files_that_were_touched(
    tmp_path: Path,
) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    (feed / "a.jsonl").write_text(paper("First"))
    watched = Watched(tmp_path, [feed])
    watched.once()
    os.utime(feed / "a.jsonl")
    with watched.open() as notebook:
        drop = notebook.drop

        def locked(*_: object) -> None:
            raise TrayLocked("locked")

        drop.see = locked  # type: ignore[method-assign,assignment]
        assert drop.watcher(watched.tell, watched.say, watched.times).run_once() == 0
    assert watched.titles == ["First"]


def test_a_screen_in_the_same_process_may_go_first_before_each_file(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.drop.mkdir(parents=True)
    for number in range(5):
        (watched.drop / f"{number}.jsonl").write_text(paper(f"Number {number}"))
    turns: list[None] = []
    with watched.open() as notebook:
        Watcher(
            notebook.drop, watched.tell, watched.say, watched.times, lambda: turns.append(None)
        ).run_once()
    assert len(turns) >= 5
    assert watched.done == 5


def test_a_file_that_makes_a_reader_stumble_goes_to_failed_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a bug would end the screen each time it opens, for as long as the file lies there."""

    def stumble(stream: BinaryIO) -> Iterator[Record]:
        raise ZeroDivisionError("a bug")
        yield

    monkeypatch.setattr(jsonlines, "read", stumble)
    watched = Watched(tmp_path)
    with watched.running():
        watched.wait_for_folder()
        (watched.drop / "bad.jsonl").write_text(paper("Bad"))
        (watched.drop / "good.bib").write_text("@misc{one, title = {Good and What Follows}}")
        watched.wait_for(lambda: len(watched.reports) >= 2)
    assert "a bug in papertray" in watched.failed["bad.jsonl"]
    assert watched.titles == ["Good"]


def test_of_a_pdf_that_is_called_after_its_paper_the_commands_are_named(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.once()
    (watched.drop / "2510.06638v2.pdf").write_bytes(b"%PDF-1.5 ...")
    watched.once()
    why = (watched.drop / "failed" / "2510.06638v2.pdf.why.txt").read_text()
    file = watched.drop / "failed" / "2510.06638v2.pdf"
    assert f"papertray add 2510.06638\n    papertray attach 2510.06638 {file}\n" in why
