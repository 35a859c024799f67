"""Files written for the user: beside first, then renamed; only papertray's own are replaced."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from papertray.core.clock import instant
from papertray.core.errors import DiskFull, ExportRefused, ForeignFile
from papertray.store import exported
from papertray.store.tray import Tray


def write_file(
    tray: Tray, path: Path, format_name: str, pieces: Iterable[str], *, force: bool = False
) -> bool:
    """Write a text to a file, and return whether the file holds something else now.

    Arguments: `format_name` is remembered with the file; `pieces` are asked for once it is clear
    that the file may be written.

    A file is replaced only if papertray wrote it and nobody changed it since, or with `force`.
    Raises `ExportRefused` otherwise and when the folder cannot be written, `DiskFull` when there is
    no room; the file then is what it was.
    """
    target, name, present = _writable(tray, path, force=force)
    digest = _write_beside(target, pieces)
    with tray.write() as connection:
        exported.remember(connection, name, format_name, digest, instant(tray.now()))
    return digest != present


def check_file(tray: Tray, path: Path) -> None:
    """Raise what `write_file` would raise before it writes: `ExportRefused`."""
    _writable(tray, path, force=False)


def _writable(tray: Tray, path: Path, *, force: bool) -> tuple[Path, str, str]:
    """Return the file behind `path`, its name for the database, and the digest of what it holds."""
    target = Path(os.path.realpath(path))  # a link stays a link
    if target.exists() and not target.is_file():
        raise ExportRefused(f"{path} is not a file that could be replaced; choose another.")
    present = _digest_of_file(target)
    # What of a file's name is no UTF-8, no database can hold.
    name = str(target).encode("utf-8", "replace").decode("utf-8")
    ours = exported.digest_of(tray.reader(), name)
    if present and present != ours and not force:
        how = "changed since papertray wrote it" if ours else "was not written by papertray"
        raise ForeignFile(path, how)
    return target, name, present


def _digest_of_file(path: Path) -> str:
    """Return the digest of a file's bytes, empty when there is no such file."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ExportRefused(f"{path} cannot be read: {error.strerror}.") from error


def _write_beside(target: Path, pieces: Iterable[str]) -> str:
    """Write `pieces` to a temporary file beside `target` and rename it; return the digest."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise ExportRefused(
            f"{target} cannot be written ({error.strerror}); choose another folder."
        ) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                data = piece.encode("utf-8")
                digest.update(data)
                stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(beside, _mode(target))
        os.replace(beside, target)
    except OSError as error:
        Path(beside).unlink(missing_ok=True)
        raise DiskFull(
            f"{target} could not be written ({error.strerror}); what was there is untouched."
        ) from error
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def _mode(target: Path) -> int:
    """Return the mode a new file gets: the old file's, or what the umask leaves."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
