"""The drop folder, and the user's own folders that are feeds: taking in what lies there.

When a file counts as whole and still is decided by `papertray.notebook.watcher`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from papertray.core.clock import instant
from papertray.core.counting import counted
from papertray.core.errors import TrayReadOnly, UnreadableSource
from papertray.core.model import Item, Unread
from papertray.core.pasted import parse_pasted
from papertray.core.subscriptions import Kind
from papertray.feeds.reader import PathReader, Reader, reads_paths
from papertray.feeds.source import Source
from papertray.feeds.table import Readers
from papertray.notebook.add_job import Job
from papertray.notebook.add_report import AddOptions, AddReport
from papertray.notebook.rules import apply_rules
from papertray.notebook.settled_files import (
    MOST_TROUBLES,
    Contents,
    Stopped,
    is_pdf,
    lying_at,
    sources_of,
)
from papertray.store.seen_files import SeenFile, remember, seen_files
from papertray.store.subscriptions import all_subscriptions
from papertray.store.tray import Tray
from papertray.sync.moving import free_place, move
from papertray.sync.settling import Signature

if TYPE_CHECKING:  # which imports this
    from papertray.notebook.watcher import Say, Tell, Times, Watcher

NAME = "drop"
"""The drop folder's name in the tray, and the feed of what comes through it."""


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder whose files are taken in: the drop folder, or one of the user's own.

    `path` is absolute, `feed` the name of the feed that its papers are listed in. `feed_id` is that
    of the subscription, None for the drop folder, the only one whose files are moved.
    """

    path: str
    feed: str
    feed_id: int | None = None

    @property
    def is_ours(self) -> bool:
        """True for the drop folder."""
        return self.feed_id is None


@dataclass(frozen=True, slots=True)
class SettledFile:
    """A file that was read: its path, what it was then, what it holds, and its mark."""

    path: str
    signature: Signature
    contents: Contents
    mark: str = ""


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be read, or not all of it: where it lies now, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class DropReport:
    """What became of some files of one folder.

    `files` counts them, `add` what came of them. `changed` are those that changed meanwhile: they
    are to be looked at again.
    """

    folder: WatchedFolder
    files: int
    add: AddReport = field(default_factory=AddReport)
    failed: list[FailedFile] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


class Drop:
    """Takes in the files of watched folders."""

    def __init__(self, tray: Tray, readers: Readers, changed: int) -> None:
        """`changed` is a percentage of an abstract: see `store.arrival.Arrival`."""
        self.readers = readers
        # As events name it: where a link stands for the drop folder, say to one that is synced.
        self.tray_folder = os.path.realpath(tray.places.tray)
        self.path = os.path.realpath(os.path.join(self.tray_folder, NAME))
        self.state = tray.places.state
        self._tray = tray
        self._changed = changed

    @property
    def lock(self) -> str:
        """The file by which it is known that somebody watches this tray."""
        return os.path.join(self.tray_folder, "watching.lock")

    @property
    def left_out(self) -> tuple[str, ...]:
        """Folders of the drop folder in which nothing counts: what was moved there."""
        return os.path.join(self.path, "done"), os.path.join(self.path, "failed")

    def folders(self) -> list[WatchedFolder]:
        """Return the folders to watch. The drop folder is made where there is none.

        A feed's folder within the tray is left out: what is dropped is read anyway. Raises
        `TrayReadOnly` if the drop folder cannot be made.
        """
        try:
            os.makedirs(self.path, exist_ok=True)
        except OSError as error:
            raise TrayReadOnly(
                f"The folder {self.path} cannot be made ({error.strerror}); check the permissions "
                "of the tray's folder, or choose another with --tray."
            ) from error
        ours = tuple(os.path.join(one, "") for one in (self.tray_folder, self.path))
        feeds = [
            WatchedFolder(os.path.normpath(one.location), one.name, one.id)
            for one in all_subscriptions(self._tray.reader())
            if one.kind is Kind.FOLDER
        ]
        own = [one for one in feeds if not os.path.join(one.path, "").startswith(ours)]
        return [WatchedFolder(self.path, NAME), *own]

    def watcher(self, tell: Tell, say: Say, times: Times | None = None) -> Watcher:
        """Return what watches the folders; see `papertray.notebook.watcher`."""
        from papertray.notebook.watcher import Watcher

        return Watcher(self, tell, say, times)

    def seen(self, folder: WatchedFolder) -> dict[str, SeenFile]:
        """Return what was read of a folder, by the path that `within` gives; nothing for ours."""
        return {} if folder.feed_id is None else seen_files(self._tray.reader(), folder.feed_id)

    def see(self, folder: WatchedFolder, files: Iterable[SeenFile]) -> None:
        """Remember files of one of the user's folders that were read."""
        if folder.feed_id is not None:
            with self._tray.write(durable=False) as connection:
                remember(connection, folder.feed_id, files, instant(self._tray.now()))

    def take(
        self,
        folder: WatchedFolder,
        files: Sequence[SettledFile],
        has_changed: Callable[[SettledFile], bool],
        is_stopped: Callable[[], bool],
    ) -> DropReport:
        """Take what some files hold into the tray as one batch, and then move those that are ours.

        Arguments: `has_changed` tells that a file is another by now, and must stay.
        Raises what adding raises, and Stopped; then no file was moved, and reading them again does
        no harm.
        """
        report = DropReport(folder, len(files))
        label = os.path.basename(files[0].path) if len(files) == 1 else f"{len(files):,} files"
        job = Job(
            self._tray, f"add {label} from {folder.feed}", AddOptions(), report.add, None,
            self._changed,
        )  # fmt: skip
        places = self._places(folder, files)
        self._take_small(job, folder, files, places)
        for file in files:
            if file.contents.is_large:
                self._take_large(job, folder, file, places[file.path], is_stopped)
        if job.batch is not None:
            report.add.batch = job.batch.id
            report.add.rules = apply_rules(self._tray)
        if folder.is_ours:
            for file in files:
                self._put_away(report, file, places[file.path], has_changed)
        else:
            self._remember(report, files)
        return report

    def _places(self, folder: WatchedFolder, files: Sequence[SettledFile]) -> dict[str, str]:
        """Return where each file will lie; the user's own stay where they are."""
        if not folder.is_ours:
            return {file.path: file.path for file in files}
        done, failed = self.left_out
        places: dict[str, str] = {}
        taken: set[str] = set()
        for file in files:
            to = failed if file.contents.troubled else done
            place = free_place(to, os.path.relpath(file.path, folder.path), taken)
            places[file.path] = place
            taken.add(place)
        return places

    def _take_small(
        self,
        job: Job,
        folder: WatchedFolder,
        files: Sequence[SettledFile],
        places: dict[str, str],
    ) -> None:
        """Take what was read of many files as if it were one: a file each would take for ever."""
        kinds: dict[tuple[bool, bool], tuple[Reader | PathReader, list[Item]]] = {}
        for file in files:
            for part in file.contents.parts:
                reader, place = part.reader, places[file.path]
                kind = reader.IS_LIBRARY, reads_paths(reader)
                _, items = kinds.setdefault(kind, (reader, []))
                items += (
                    lying_at(item, file.path, place)
                    for item in part.items
                    if not isinstance(item, Unread)
                )
                unread = [item for item in part.items if isinstance(item, Unread)]
                if unread:
                    job.take(_source(folder, reader, unread), place)
        for reader, items in kinds.values():
            job.take(_source(folder, reader, items), folder.path)

    def _take_large(
        self,
        job: Job,
        folder: WatchedFolder,
        file: SettledFile,
        place: str,
        is_stopped: Callable[[], bool],
    ) -> None:
        """Read a file that does not fit into memory once more, while it is taken in."""
        with suppress(UnreadableSource):  # the file's contents tell of it
            for sources, name in sources_of(file.path, self.readers):
                with suppress(UnreadableSource), sources.open(name) as source:

                    def items(source: Source = source) -> Iterable[Item]:
                        for item in source.items():
                            if is_stopped():
                                raise Stopped
                            yield lying_at(item, file.path, place)

                    job.take(
                        replace(source, feed=folder.feed, items=lambda: iter(items())),
                        place + name[len(file.path) :],
                    )

    def _put_away(
        self,
        report: DropReport,
        file: SettledFile,
        place: str,
        has_changed: Callable[[SettledFile], bool],
    ) -> None:
        if has_changed(file):
            report.changed.append(file.path)
            return
        why = _why(file, place, self.path) if file.contents.troubled else ""
        try:
            move(file.path, place, why)
        except FileNotFoundError:  # somebody took it away meanwhile
            return
        except OSError as error:
            reason = f"it was read, but cannot be moved to {place}: {error.strerror}"
            report.failed.append(FailedFile(file.path, reason))
            return
        if why:
            hint = "it is a PDF; `papertray attach KEY FILE` keeps it with its paper"
            is_paper = is_pdf(place)
            report.failed.append(FailedFile(place, hint if is_paper else _reason(file.contents)))

    def _remember(self, report: DropReport, files: Sequence[SettledFile]) -> None:
        root = report.folder.path
        seen = [
            SeenFile(within(root, file.path), file.mark, _reason(file.contents)) for file in files
        ]
        self.see(report.folder, seen)
        report.failed += [
            FailedFile(file.path, one.failure)
            for file, one in zip(files, seen, strict=True)
            if one.failure
        ]


def within(folder: str, path: str) -> str:
    """Return the path of a file within a folder as text that a database can hold."""
    return os.fsencode(os.path.relpath(path, folder)).decode("utf-8", "backslashreplace")


def _source(folder: WatchedFolder, reader: Reader | PathReader, items: Sequence[Item]) -> Source:
    return Source(folder.feed, folder.feed, reader, lambda: iter(items))


def _reason(contents: Contents) -> str:
    """Return one sentence on what could not be read, empty if all could."""
    if not contents.troubled:
        return ""
    first = contents.troubles[0]
    reason = f"{first.place}: {first.reason}" if first.place else first.reason
    more = contents.troubled - 1
    return reason + (f" (and {more:,} more)" if more else "")


def _why(file: SettledFile, place: str, drop: str) -> str:
    """Return the text that is put beside a file of ours that could not be read."""
    contents, name = file.contents, os.path.basename(file.path)
    if is_pdf(file.path):
        named = parse_pasted(os.path.splitext(name)[0])  # as files from arXiv are called
        key = "KEY" if named is None else named.value
        return (
            f"{name} is a PDF, which does not say for certain which paper it is.\n\n"
            "Add the paper, and attach this file to it:\n\n"
            + (f"    papertray add {key}\n" if named is not None else "")
            + f"    papertray attach {key} {_quoted(place)}\n"
        )
    if not contents.papers:
        lines = [_reason(contents)]
    else:
        number = counted(contents.papers, "paper")
        lines = [f"Not all of {name} could be read; {number} of it went into the tray.", ""]
    lines += [
        f"- {one.place or name}: {one.reason}" for one in contents.troubles if contents.papers
    ]
    if contents.troubled > MOST_TROUBLES:
        lines.append(f"- and {contents.troubled - MOST_TROUBLES:,} more")
    lines += [
        "",
        f"Mend the file, or get it again, and put it into {drop} once more; what is in the tray by",
        "then is not added twice. Or throw it away, and this text with it.",
        "",
    ]
    return "\n".join(lines)


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(path)
