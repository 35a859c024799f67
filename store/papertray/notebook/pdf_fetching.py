"""Fetching PDFs: politely, by hosts side by side, each address once; whole or not at all."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from papertray.core.clock import instant
from papertray.core.counting import counted
from papertray.core.errors import AskedToWait, DiskFull, FetchFailed, Interrupted, NoNetwork
from papertray.core.file_names import safe_stem
from papertray.feeds.fetching.pdf_content import is_pdf, is_whole, read_content
from papertray.feeds.fetching.transport import Request, Transport
from papertray.notebook.wanted_pdfs import Task
from papertray.store import files
from papertray.store.file_folder import FileFolder, digest_of, synchronise
from papertray.store.tray import Tray

LANES = 4
"""Hosts that are asked side by side."""

MEGABYTE = 1 << 20

ACCEPT = "application/pdf, */*;q=0.1"
"""Some servers that are asked for a PDF alone answer 406 to an address that gives one."""

LEAST_FREE = 500 * MEGABYTE
"""Bytes that stay free on the disk of the tray: PDFs are a comfort, room is not."""

LEAST_ROOM = MEGABYTE // 2
"""Bytes below which there is no point in asking for a PDF: most would not fit."""

MOST_TOLD = 5
"""Failures that are told one by one: a library can have many links that are dead."""

Progress = Callable[[int, int], None]
"""Called with how many papers are through, and of how many."""

FreeBytes = Callable[[Path], int]
"""Returns how many bytes are free on the disk of a folder."""


def free_bytes(folder: Path) -> int:
    """Return how many bytes are free on the disk of a folder."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of the largest PDF, and of all that were fetched."""

    largest: int
    most: int


@dataclass(frozen=True, slots=True)
class PdfFailure:
    """A paper that got no PDF: its citation key or uid, and a sentence for each address."""

    paper_id: int
    name: str
    reason: str


@dataclass(slots=True)
class FilesReport:
    """What came of fetching PDFs.

    `size` is the bytes of those that were `fetched`, `paths` where they lie. `waiting` papers were
    not asked for, or not to the end: the next fetch goes on with them. `notice` says why it ended
    early, in a sentence; empty where it did not. Without a network `is_offline`.
    """

    fetched: int = 0
    size: int = 0
    paths: list[str] = field(default_factory=list)
    failures: list[PdfFailure] = field(default_factory=list)
    waiting: int = 0
    notice: str = ""
    is_offline: bool = False

    def sentences(self) -> Iterator[str]:
        """Yield what is to be said of it, nothing where nothing happened. It is not cleaned."""
        if self.fetched:
            yield f"{counted(self.fetched, 'PDF')} fetched."
        for failure in self.failures[:MOST_TOLD]:
            yield f"{failure.name} got no PDF: {failure.reason}"
        if len(self.failures) > MOST_TOLD:
            yield f"{len(self.failures) - MOST_TOLD:,} more got none."
        if self.notice:
            yield self.notice
        if self.waiting:
            wait = "waits" if self.waiting == 1 else "wait"
            what = "a network" if self.is_offline else "later"
            yield f"{counted(self.waiting, 'PDF')} {wait} for {what}."


@dataclass(frozen=True, slots=True)
class _Came:
    """A whole PDF on its way. `size` is in bytes."""

    file: Path
    size: int
    digest: str


class _LeftOut:
    """Stands for a paper that wants no PDF any more."""


_Outcome: TypeAlias = _Came | FetchFailed | DiskFull | OSError | _LeftOut | None
"""What became of asking for a paper's PDF; None: it was not begun."""


_ENDS_LANE = (AskedToWait, NoNetwork, Interrupted, DiskFull, OSError)
"""After these nothing more is asked of the host."""


class PdfFetch:
    """One run: lanes ask, each for one host at a time; the calling thread writes."""

    def __init__(
        self,
        tray: Tray,
        transport: Transport,
        limits: Limits,
        *,
        progress: Progress,
        stop: Callable[[], bool],
        free: FreeBytes = free_bytes,
    ) -> None:
        """Arguments: `stop` is asked between two papers, in any thread; True ends the run."""
        self._tray = tray
        self._transport = transport
        self._limits = limits
        self._progress = progress
        self._stop = stop
        self._free = free
        self._folder = FileFolder(tray.places.tray)
        self._used = self._folder.size_of(files.fetched_paths(tray.reader()))
        self._report = FilesReport()
        self._counting = threading.Lock()
        self._is_over = False
        self._has_answers = False
        self._unreached: list[tuple[Task, NoNetwork]] = []
        self._reasons: dict[int, list[str]] = {}

    def run(self, tasks: Sequence[Task]) -> FilesReport:
        """Fetch the PDFs of all tasks, and return what came of it.

        Raises `TrayError` where the tray cannot be written; what came until then is in it.
        """
        through = 0
        todo: Sequence[Task] = tasks
        while todo:
            again = []
            with closing(self._ask(todo)) as results:
                for task, outcome in results:
                    rest = self._take(task, outcome)
                    if rest is not None:
                        again.append(rest)
                    else:
                        through += 1
                        self._progress(through, len(tasks))
            todo = again
        self._settle_unreached()
        with suppress(OSError):
            self._folder.clear(self._tray.now().timestamp())
        return self._report

    # --- asking, in lanes

    def _ask(self, tasks: Sequence[Task]) -> Generator[tuple[Task, _Outcome], None, None]:
        """Ask for the next address of each task, and yield what came, in the order of coming."""
        lanes: dict[str, list[Task]] = {}
        for task in tasks:
            lanes.setdefault(task.host, []).append(task)
        results: queue.SimpleQueue[tuple[Task, _Outcome] | None] = queue.SimpleQueue()
        with ThreadPoolExecutor(min(len(lanes), LANES), "papertray-pdfs") as pool:
            try:
                running = [pool.submit(self._lane, lane, results.put) for lane in lanes.values()]
                for _ in running:
                    while (result := results.get()) is not None:
                        yield result
                for lane in running:
                    lane.result()  # a bug in there is one out here
            except BaseException:
                self._is_over = True
                self._transport.stop()
                raise

    def _lane(
        self, tasks: Sequence[Task], tell: Callable[[tuple[Task, _Outcome] | None], None]
    ) -> None:
        """Ask one host for papers, one after the other, until it wants no more."""
        try:
            is_open = True
            for task in tasks:
                outcome = self._get(task) if is_open and not self._must_end() else None
                tell((task, outcome))
                if isinstance(outcome, _ENDS_LANE):
                    is_open = False
        finally:
            tell(None)

    def _must_end(self) -> bool:
        return self._is_over or self._stop()

    def _get(self, task: Task) -> _Outcome:
        if not self._is_wanted(task):
            return _LeftOut()
        room = self._limits.most - self._used
        try:
            if room < LEAST_ROOM:
                self._halt(
                    f"The PDFs that were fetched take {_megabytes(self._used)}, which is what "
                    "pdfs.most in the settings allows."
                )
                return None
            waiting = self._folder.waiting_place(task.urls[0])
            if self._free(waiting.parent) < LEAST_FREE + self._limits.largest:
                self._halt(f"There is too little room on the disk of {self._folder.path} for PDFs.")
                return None
            if not waiting.exists():
                self._fetch(task.urls[0], waiting, room)
            return self._came(task, waiting)
        except (FetchFailed, DiskFull, OSError) as error:
            return error

    def _came(self, task: Task, waiting: Path) -> _Came | FetchFailed:
        """Count a whole PDF, unless another lane had the last room for it."""
        size = waiting.stat().st_size
        with self._counting:
            if self._used + size <= self._limits.most:
                self._used += size
                return _Came(waiting, size, digest_of(waiting))
        self._folder.done(waiting)
        return FetchFailed(
            f"{task.urls[0]} gives a PDF that does not fit: pdfs.most in the settings."
        )

    def _is_wanted(self, task: Task) -> bool:
        if task.is_asked_for:
            return True
        connection = self._tray.reader()
        return files.is_wanted(connection, task.paper_id)

    def _fetch(self, url: str, waiting: Path, room: int) -> None:
        """Fetch an address to the path `waiting`, where only whole PDFs come to lie."""
        part = self._folder.way(f"{self._tray.new_uid()}.part")
        most = min(self._limits.largest, room)
        request = Request(url, accept=ACCEPT, most_bytes=most)
        try:
            answer = self._transport.get(request, part)
            content = read_content(part)
            if not is_pdf(content.head):
                raise FetchFailed(f"{url} gives something that is no PDF.", is_lasting=True)
            if not is_whole(content, answer.headers):
                raise FetchFailed(f"{url} gives a PDF that breaks off.")
            synchronise(part)
            part.replace(waiting)
        except FetchFailed as error:
            # Where the room was less than the settings allow, it may fit another day.
            error.is_lasting = error.is_lasting and room >= self._limits.largest
            raise
        finally:
            self._folder.done(part)

    # --- writing, in the calling thread

    def _take(self, task: Task, outcome: _Outcome) -> Task | None:
        """Write down what came of the first address; return what is left to ask of the paper."""
        match outcome:
            case _LeftOut():
                return None
            case _Came():
                self._has_answers = True
                self._keep(task, outcome)
                return None
            case OSError() | DiskFull():
                self._halt(self._refusal(outcome))
            case AskedToWait():
                self._has_answers = True
                with self._tray.write() as connection:
                    files.leave_alone(connection, task.host, outcome.not_before)
            case NoNetwork():
                self._unreached.append((task, outcome))
            case FetchFailed() if not isinstance(outcome, Interrupted):
                self._has_answers = True
                return self._fail(task, outcome)
        self._report.waiting += 1
        return None

    def _keep(self, task: Task, came: _Came) -> None:
        try:
            with self._tray.write() as connection:
                if not task.is_asked_for and not files.is_wanted(connection, task.paper_id):
                    self._folder.done(came.file)
                    with self._counting:
                        self._used -= came.size
                    return
                path = self._folder.place(
                    came.file, safe_stem(task.name) or f"paper-{task.paper_id}", ".pdf",
                    lambda path: files.belongs_to_another(connection, path, task.paper_id),
                )  # fmt: skip
                files.keep(connection, task.paper_id, task.urls[0], self._now(), path, came.digest)
        except (OSError, DiskFull) as error:
            self._halt(self._refusal(error))
            self._report.waiting += 1
            return
        self._folder.done(came.file)
        self._report.fetched += 1
        self._report.size += came.size
        self._report.paths.append(self._folder.resolved(path))

    def _fail(self, task: Task, error: FetchFailed) -> Task | None:
        """Remember a failure; return the task with the addresses that are left, None without."""
        with self._tray.write() as connection:
            files.remember_failure(
                connection, task.paper_id, task.urls[0], self._now(), str(error),
                is_lasting=error.is_lasting,
            )  # fmt: skip
        reasons = self._reasons.setdefault(task.paper_id, [])
        reasons.append(str(error))
        if len(task.urls) > 1:
            return replace(task, urls=task.urls[1:])
        self._report.failures.append(PdfFailure(task.paper_id, task.name, " ".join(reasons)))
        return None

    def _settle_unreached(self) -> None:
        """Where others answered, a host that could not be reached has failed; else there is no
        network, and nothing is remembered."""
        if not self._has_answers:
            self._report.is_offline = bool(self._unreached)
            return
        for task, error in self._unreached:
            self._report.waiting -= 1
            self._fail(replace(task, urls=task.urls[:1]), error)

    def _refusal(self, error: OSError | DiskFull) -> str:
        if isinstance(error, DiskFull):
            return str(error)
        return f"PDFs cannot be kept in {self._folder.path}: {error.strerror}."

    def _halt(self, reason: str) -> None:
        self._report.notice = self._report.notice or reason
        self._is_over = True

    def _now(self) -> str:
        return instant(self._tray.now())


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.0f} MB"
