"""The folder of a tray's own files, ``files/``: how they come into it whole, or not at all.

A file on its way lies in ``files/.coming``. Only one that is whole and on the disk gets a name in
``files/``, in the transaction that writes who it belongs to; so what the tray names is there.
"""

from __future__ import annotations

import filecmp
import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from papertray.core.file_names import candidates, folded

NAME = "files"
"""The folder within the tray. What the tray holds of its own files begins with it and a slash."""

OLD = 24 * 3600
"""Seconds after which what is still on its way was left behind by a process that was killed."""

_PIECE = 1 << 20


class FileFolder:
    """The files of the tray in the folder `tray`. Made when something first goes in."""

    def __init__(self, tray: Path) -> None:
        self._tray = Path(os.path.abspath(tray))
        self.path = self._tray / NAME
        self._coming = self.path / ".coming"

    def resolved(self, path: str) -> str:
        """Return where a file lies that the tray names: absolute if it is one of its own.

        A path that another program told stays as it came: what it is relative to is not known.
        """
        folder, _, name = path.partition("/")
        is_own = folder == NAME and name and not {"..", ""}.intersection(name.split("/"))
        return str(self.path / name) if is_own else path

    def way(self, name: str) -> Path:
        """Return a path for a file on its way, in a folder that is there. Raises OSError."""
        self._coming.mkdir(parents=True, exist_ok=True)
        return self._coming / name

    def waiting_place(self, url: str) -> Path:
        """Return where what an address gave lies, whole, until the tray knows it. Raises OSError.

        Named after the address: who was killed in between does not ask it again.
        """
        return self.way(hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:32] + ".whole")

    def place(self, file: Path, stem: str, suffix: str, is_taken: Callable[[str], bool]) -> str:
        """Give a whole file its name, and return that as the tray holds it.

        To be called while the tray is locked, so that no two get one name. The file stays on its
        way too, for a transaction that fails; `done` takes it away. Where the same content lies
        under such a name, that file is it. Arguments: `is_taken` tells of names, as the tray holds
        them, that belong to a file that is gone. Raises OSError.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        present = {folded(name): name for name in os.listdir(self.path)}
        for name in candidates(stem, suffix):
            lies_there = present.get(folded(name))
            if lies_there is not None:
                if is_same(file, self.path / lies_there):
                    return f"{NAME}/{lies_there}"
            elif not is_taken(f"{NAME}/{name}") and _give(file, self.path / name):
                synchronise(self.path)
                return f"{NAME}/{name}"
        raise AssertionError("names never end")

    def named(self, file: Path) -> str:
        """Return a file that lies in the folder as the tray holds it; empty for any other."""
        folder = os.path.realpath(file.parent)
        is_own = folder == os.path.realpath(self.path) and not file.name.startswith(".")
        return f"{NAME}/{file.name}" if is_own else ""

    def done(self, file: Path) -> None:
        """Forget a file on its way."""
        with suppress(FileNotFoundError):
            file.unlink()

    def clear(self, now: float) -> None:
        """Remove what killed processes left behind. `now` is in seconds since 1970."""
        with suppress(FileNotFoundError):
            for entry in os.scandir(self._coming):
                with suppress(FileNotFoundError):
                    if entry.stat().st_mtime < now - OLD:
                        os.unlink(entry.path)

    def size_of(self, paths: Iterable[str]) -> int:
        """Return how many bytes files take that the tray names; those that are gone take none."""
        total = 0
        for path in paths:
            with suppress(OSError):
                total += os.stat(self.resolved(path)).st_size
        return total

    def names(self) -> list[str]:
        """Return the files that lie here, by name, as the tray would hold them."""
        with suppress(FileNotFoundError):
            found = (e.name for e in os.scandir(self.path) if not e.name.startswith("."))
            return [f"{NAME}/{name}" for name in sorted(found)]
        return []


def _give(file: Path, target: Path) -> bool:
    """Give a file another name as well; False where something has that name after all.

    So it is where a disk takes two names for one that are two to us, or somebody was quicker.
    """
    try:
        os.link(file, target)
    except FileExistsError:
        return False
    except OSError:  # a disk without links; then it is on its way no more
        if os.path.lexists(target):
            return False
        os.rename(file, target)
    return True


def is_same(one: Path, other: Path) -> bool:
    """Tell whether two files that can be read have the same content."""
    try:
        # Never from its memory: what is compared may just have been written.
        filecmp.clear_cache()
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def copy_whole(source: Path, target: Path) -> None:
    """Copy the content of a file to the new file `target`, on the disk, all of it or nothing.

    Raises OSError.
    """
    try:
        with source.open("rb") as file, target.open("xb") as copy:
            while piece := file.read(_PIECE):
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, as ``sha256sum`` prints it. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def synchronise(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk. Raises OSError."""
    if os.name == "nt" and path.is_dir():
        return  # Windows writes folders by itself, and lets nobody open one
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
