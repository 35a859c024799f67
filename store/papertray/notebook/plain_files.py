"""Files of the user: opened though they may turn out to be something else, and replaced whole."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from papertray.core.errors import DiskFull, ExportRefused


def open_plain(path: Path) -> BinaryIO:
    """Open a file for reading, but no link, folder, pipe or device, and wait for nothing.

    Raises `OSError`, whose `strerror` says why as the end of a sentence: ``it is a link``.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(error.errno, "it is a link") from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no file")
    return os.fdopen(handle, "rb")


@contextmanager
def written_beside(target: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Give a new file beside `target`, open for writing, and its path, to be renamed over `target`.

    It has the mode of the file that it is to replace, else what the umask leaves. Where it was not
    renamed it is gone afterwards. Raises `ExportRefused` where the folder cannot be written, and
    `DiskFull` where what is done with the file fails.
    """
    # A name of its own: one made of the target's may be too long.
    beside = target.with_name(f".papertray-{os.urandom(6).hex()}")
    try:
        stream = _created(beside, _mode_of(target))
    except OSError as error:
        raise ExportRefused(
            f"{target} cannot be written ({error.strerror}); choose another folder, or let this "
            "one be written to."
        ) from error
    try:
        with stream:
            yield stream, beside
    except OSError as error:
        raise DiskFull(
            f"{target} could not be written ({error.strerror}); what was there is untouched."
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def _created(path: Path, mode: int | None) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    handle = os.open(path, flags, 0o666 if mode is None else 0o600)
    if mode is not None:
        os.fchmod(handle, mode)
    return os.fdopen(handle, "wb")


def _mode_of(path: Path) -> int | None:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return None


def is_something_else(target: Path) -> bool:
    """Tell whether there is something that is no file, which could not be replaced by one."""
    return os.path.exists(target) and not os.path.isfile(target)
