"""Watching folders: when which file is looked at, and what becomes of those that are not whole.

::

    events ─► dirty paths ─► still? ─► whole? ─► groups ─► Drop.take ─► done/ or failed/
                 ▲ scans at the start, after a loss of events, for folders, now and then
"""

from __future__ import annotations

import hashlib
import math
import os
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from papertray.core.errors import DiskFull, TrayLocked, TrayReadOnly, TrayReplaced
from papertray.notebook.drop import Drop, DropReport, SettledFile, WatchedFolder, within
from papertray.notebook.settled_files import MOST_BYTES, Stopped, read_contents
from papertray.store.connection import alone
from papertray.store.seen_files import SeenFile
from papertray.sync.scanning import (
    files_in,
    has_writer,
    is_passed_over,
    signature_of,
    signature_of_folder,
)
from papertray.sync.settling import PATIENCE, QUIET, Settling, Signature

RESCAN = 30.0
"""Seconds between two scans of folders whose events we get."""

POLL = 2.0
"""Seconds between two scans of folders whose events we do not get."""

MOST_FILES = 1000
MOST_SECONDS = 1.0
"""What one group may have: files, and seconds of reading them."""

REPEAT = 600.0
"""Seconds for which the same sentence is not said again."""

STEP = 0.5
"""Seconds between two looks whether another process still watches."""

Tell = Callable[[DropReport], None]
"""Called with what became of each group of files."""

Say = Callable[[str], None]
"""Called with a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Times:
    """Clocks and waiting times in seconds: tests have others.

    `now` only goes on; `wall` is what times of files are compared with.
    """

    now: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    quiet: float = QUIET
    patience: float = PATIENCE
    rescan: float = RESCAN


class Watcher:
    """Reads what lies in the watched folders, and what comes, until it is stopped."""

    def __init__(
        self,
        drop: Drop,
        tell: Tell,
        say: Say,
        times: Times | None = None,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """`give_way`, called before each file, may wait: a screen in this process goes first."""
        self._drop = drop
        self._tell = tell
        self._say = say
        self._times = times or Times()
        self._settling = Settling(self._times.quiet, self._times.patience)
        self._folders: list[WatchedFolder] = []
        self._seen: dict[str, dict[str, SeenFile]] = {}
        self._give_way = give_way
        self._said: dict[str, float] = {}
        self._cut: list[str] = []
        self._emptied: set[str] = set()
        self._libraries: dict[str, bool] = {}
        self._touched: dict[WatchedFolder, list[SeenFile]] = {}
        self._is_stopped = False
        self._wake: Callable[[], None] = lambda: None
        self._has_progressed = False
        # Files that are put there together are not ready at the very same moment.
        self._gathering = self._times.quiet / 2

    def stop(self) -> None:
        """End it soon: from another thread, or a handler of signals."""
        self._is_stopped = True
        self._wake()

    def run(self) -> None:
        """Watch until `stop`, once no other process watches this tray."""
        while not self._is_stopped:
            with ExitStack() as stack:
                if self._is_ours(stack):
                    self._watch()
                    return
            self._say_once("Another papertray watches this tray; this one waits until it ends.")
            self._times.sleep(STEP)

    def run_once(self) -> int:
        """Read what is there, and return how many files are left because they are not whole yet."""
        with ExitStack() as stack:
            if not self._is_ours(stack):
                self._say_once("Another papertray watches this tray: it reads what is there.")
                return 0
            self._scan(lambda folder: True)
            give_up = self._times.now() + 2 * self._times.quiet
            while not self._is_stopped and (due := self._settling.next_due()) < math.inf:
                now = self._times.now()
                if now >= give_up:
                    break
                self._times.sleep(max(0.0, min(due + self._gathering, give_up) - now))
                if self._read_due():
                    give_up = self._times.now() + 2 * self._times.quiet
            return len(self._settling)

    def _is_ours(self, stack: ExitStack) -> bool:
        """Lock out other watchers of this tray until the stack is left; False if there is one."""
        try:
            return stack.enter_context(alone(Path(self._drop.lock)))
        except OSError as error:
            raise TrayReadOnly(
                f"{self._drop.lock} cannot be written; check the permissions of the tray's folder, "
                "or choose another with --tray."
            ) from error

    def _watch(self) -> None:
        from papertray.sync.watching import Watch  # who reads once needs no watchdog

        times = self._times
        with Watch(self._drop.left_out) as watch:
            self._wake = watch.wake
            scanned, pause, shortest = -math.inf, 0.0, times.quiet
            while not self._is_stopped:
                now = times.now()
                if now >= scanned + pause:
                    sees_all = self._scan(watch.follow)
                    scanned, pause = now, times.rescan if sees_all else min(POLL, times.rescan)
                    # Large folders in which much happens must not be scanned without end.
                    shortest = max(times.quiet, 10 * (times.now() - now))
                self._read_due()
                until = min(self._settling.next_due() + self._gathering, scanned + pause)
                hints = watch.wait(until - times.now())
                for path in hints.paths:
                    self._settling.touch(path, times.now())
                if hints.scan:
                    pause = min(pause, shortest)

    # --- what lies there

    def _scan(self, follow: Callable[[str], bool]) -> bool:
        """Find all files that were not read as they are; return whether all folders are seen."""
        sees_all = True
        self._folders = self._drop.folders()
        self._libraries.clear()
        for folder in self._folders:
            if folder.path not in self._seen:
                self._recall(folder)
            try:
                sees_all = follow(folder.path) and sees_all
                left_out = {*self._drop.left_out, self._drop.tray_folder}
                for path, signature in files_in(folder.path, left_out, self._is_library):
                    self._settling.find(path, signature, self._times.now())
            except OSError as error:
                sees_all = False
                self._say_once(f"The folder {folder.path} cannot be read: {error.strerror}.")
        self._remove_emptied()
        return sees_all

    def _recall(self, folder: WatchedFolder) -> None:
        """Make known what was read of a folder in earlier times."""
        seen = self._seen[folder.path] = self._drop.seen(folder)
        for one in seen.values():
            signature, _, _ = one.mark.partition(":")
            with suppress(ValueError, TypeError):
                known = Signature(*map(int, signature.split(".")))
                self._settling.know(os.path.normpath(os.path.join(folder.path, one.path)), known)

    def _is_library(self, folder: str) -> bool:
        if folder == self._drop.path:
            return False
        if folder not in self._libraries:
            found = self._drop.readers.recognise_path(Path(folder))
            self._libraries[folder] = found is not None
        return self._libraries[folder]

    def _unit_of(self, path: str) -> tuple[WatchedFolder, str] | None:
        """Return the folder that a path lies in, and the library in that it is a part of, if any,
        else the path; None for what nobody wants to be read."""
        inside = [one for one in self._folders if f"{path}/".startswith(f"{one.path}/")]
        if not inside:
            return None
        folder = max(inside, key=lambda one: len(one.path))
        if not folder.is_ours and f"{path}/".startswith(f"{self._drop.tray_folder}/"):
            return None  # the tray itself, of a feed's folder around it: each write would be read
        above, names = folder.path, os.path.relpath(path, folder.path).split(os.sep)
        for name in names:
            if self._is_library(above):
                return folder, above
            if is_passed_over(name) and name != os.curdir:
                return None
            above = os.path.normpath(os.path.join(above, name))
        return folder, path

    def _signature(self, path: str) -> Signature | None:
        return signature_of_folder(path) if os.path.isdir(path) else signature_of(path)

    # --- what is ready

    def _read_due(self) -> bool:
        """Read the files that are due; return whether any was taken in."""
        self._has_progressed = False
        self._libraries.clear()
        groups: dict[WatchedFolder, list[SettledFile]] = {}
        self._touched.clear()
        size, began = 0, self._times.now()
        with suppress(Stopped):
            for path in self._settling.due(began, MOST_FILES):
                if self._is_stopped:
                    return self._has_progressed
                found = self._unit_of(path)
                if found is None or found[1] != path:
                    self._settling.done(path, None)
                    if found is not None:
                        self._settling.touch(found[1], self._times.now())
                    continue
                self._give_way()
                file = self._read(found[0], path)
                if file is None:
                    continue
                groups.setdefault(found[0], []).append(file)
                size += file.contents.size
                if size > MOST_BYTES or self._times.now() > began + MOST_SECONDS:
                    self._take_all(groups)
                    size, began = 0, self._times.now()
            self._take_all(groups)
        self._say_cut()
        return self._has_progressed

    def _take_all(self, groups: dict[WatchedFolder, list[SettledFile]]) -> None:
        while groups:
            self._take(*groups.popitem())
        while self._touched:
            # Where the tray is locked they are looked into once more, another day.
            with suppress(TrayLocked, DiskFull, TrayReadOnly):
                self._drop.see(*self._touched.popitem())

    def _read(self, folder: WatchedFolder, path: str) -> SettledFile | None:
        """Read a file that is due; None if it is not ready, or is known."""
        now, signature = self._times.now(), self._signature(path)
        age = 0.0 if signature is None else self._times.wall() - signature.changed / 1e9
        if not self._settling.look(path, signature, now, age) or signature is None:
            return None
        if folder.is_ours and has_writer(path):
            if not self._settling.is_patient(path, now):
                self._say_once(f"{path} is open in another program; it is read when that ends.")
            self._settling.again(path, now)
            return None
        mark = "" if folder.is_ours else self._mark(path, signature)
        if mark and self._is_seen(folder, path, mark):
            self._settling.done(path, signature)
            return None
        contents = read_contents(
            path, self._drop.readers, self._drop.state, lambda: self._is_stopped
        )
        if self._signature(path) != signature:
            self._settling.touch(path, now)
            return None
        if contents.is_cut and self._settling.is_patient(path, now):
            self._cut.append(path)
            self._settling.again(path, now)
            return None
        return SettledFile(path, signature, contents, mark)

    def _take(self, folder: WatchedFolder, group: list[SettledFile]) -> None:
        try:
            report = self._drop.take(folder, group, self._has_changed, lambda: self._is_stopped)
        except (TrayLocked, DiskFull, TrayReadOnly, TrayReplaced) as error:
            self._say_once(str(error))
            for file in group:
                self._settling.again(file.path, self._times.now())
            return
        self._has_progressed = True
        for file in group:
            if file.path in report.changed:
                self._settling.touch(file.path, self._times.now())
                continue
            if file.mark:
                name = within(folder.path, file.path)
                self._seen[folder.path][name] = SeenFile(name, file.mark)
            is_gone = folder.is_ours and not os.path.lexists(file.path)
            self._settling.done(file.path, None if is_gone else file.signature)
            if is_gone and os.path.dirname(file.path) != folder.path:
                self._emptied.add(os.path.dirname(file.path))
        self._tell(report)

    def _has_changed(self, file: SettledFile) -> bool:
        return self._signature(file.path) != file.signature or has_writer(file.path)

    def _remove_emptied(self) -> None:
        """Remove folders out of which all was moved, once nobody can be filling them any more."""
        for folder in sorted(self._emptied, reverse=True):
            with suppress(OSError):
                if self._times.wall() - os.stat(folder).st_ctime < self._times.patience:
                    continue
                os.rmdir(folder)
                if os.path.dirname(folder) != self._drop.path:
                    self._emptied.add(os.path.dirname(folder))
            self._emptied.discard(folder)

    # --- files of the user's own folders

    def _mark(self, path: str, signature: Signature) -> str:
        """Return the mark of a file: see `papertray.store.seen_files`. A library has no hash."""
        digest = ""
        with suppress(OSError), open(path, "rb") as file:
            digest = hashlib.file_digest(file, "blake2b").hexdigest()[:32]
        return f"{'.'.join(map(str, signature))}:{digest}"

    def _is_seen(self, folder: WatchedFolder, path: str, mark: str) -> bool:
        """Tell whether a file was read with the same content; if so, it gets the new mark."""
        name = within(folder.path, path)
        one = self._seen[folder.path].get(name)
        digest = mark.partition(":")[2]
        if one is None or not digest or one.mark.partition(":")[2] != digest:
            return False
        self._touched.setdefault(folder, []).append(SeenFile(name, mark, one.failure))
        return True

    def _say_once(self, sentence: str) -> None:
        now = self._times.now()
        if now >= self._said.get(sentence, -math.inf) + REPEAT:
            self._said[sentence] = now
            self._say(sentence)

    def _say_cut(self) -> None:
        """Say which files seem cut: once, and of those that were read together in one sentence."""
        now = self._times.now()
        new = [path for path in self._cut if now >= self._said.get(path, -math.inf) + REPEAT]
        self._cut.clear()
        if not new:
            return
        self._said |= dict.fromkeys(new, now)
        seem = f"and {len(new) - 1:,} more seem" if len(new) > 1 else "seems"
        rest = f"{'their' if len(new) > 1 else 'its'} rest"
        seconds = round(self._times.patience)
        self._say(f"{new[0]} {seem} not to be whole yet; {rest} may come for {seconds} s.")
