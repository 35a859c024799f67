"""What lies in a watched folder: the files that count, with their signatures."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
from collections.abc import Callable, Collection, Iterator

from papertray.sync.mounts import needs_polling
from papertray.sync.settling import Signature

_PASSED_OVER = re.compile(
    r"""^\.|~$|^\#.*\#$|^4913$|^~\$|^Thumbs\.db$|^desktop\.ini$"""
    r"""|\.(?:sw[a-px]|swpx|tmp|temp|part|partial|crdownload|download|opdownload|lock|bak)$""",
    re.IGNORECASE,
)
"""Names that programs give to what is not finished, or not for others: hidden files, backups and
swap files of editors (4913 is how vim tries a folder), downloads on their way. What a program that
synchronises calls a conflict copy is a file like any other: a paper that comes twice is one."""


def is_passed_over(name: str) -> bool:
    """Tell whether a file or folder of this name is none that anybody wants to be read."""
    return _PASSED_OVER.search(name) is not None


def signature_of(path: str) -> Signature | None:
    """Return the signature of a regular file, or of what a link to one stands for; else None."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return Signature(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def signature_of_folder(folder: str) -> Signature | None:
    """Return what changes when anything in a folder does, or None if there is no such folder."""
    try:
        inode = os.stat(folder).st_ino
    except OSError:
        return None
    number = size = modified = changed = 0
    for path, _ in _walk(folder, ()):
        if one := signature_of(path):
            number += 1
            size += one.size
            modified, changed = max(modified, one.modified), max(changed, one.changed)
    return Signature(inode, size + number, modified, changed)


def files_in(
    folder: str, left_out: Collection[str], is_library: Callable[[str], bool]
) -> Iterator[tuple[str, Signature]]:
    """Yield the files in a folder and its sub-folders that count, with their signatures.

    Arguments: `left_out` are the paths of folders that are not entered. A folder that
    `is_library` comes as one, with a signature for all that is in it. Links to files count, those
    to folders are not followed: they may lead anywhere, and round in circles.
    Raises OSError if the folder itself cannot be listed.
    """
    os.scandir(folder).close()
    for path, is_whole in _walk(folder, left_out, is_library):
        signature = signature_of_folder(path) if is_whole else signature_of(path)
        if signature is not None:
            yield path, signature


def _walk(
    folder: str, left_out: Collection[str], is_library: Callable[[str], bool] = lambda folder: False
) -> Iterator[tuple[str, bool]]:
    """Yield (path, False) for files, (path, True) for folders that are a library."""
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        if is_library(folder):
            yield folder, True
            continue
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue  # nobody else's business, or gone since
        for entry in found:
            if is_passed_over(entry.name):
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield entry.path, False
            elif entry.path not in left_out:
                waiting.append(entry.path)


def has_writer(path: str, is_unseen: Callable[[str], bool] = needs_polling) -> bool:
    """Tell whether some program has a file open for writing, where the system can say so.

    Linux refuses a lease for reading then: https://man7.org/linux/man-pages/man2/fcntl.2.html.
    It gives none for files of other users; then, as on other systems, the answer is False. So it
    is for what `is_unseen`: a server may refuse every lease, and nothing would ever be read.
    """
    try:
        import fcntl

        set_lease, set_signal = fcntl.F_SETLEASE, fcntl.F_SETSIG
    except (ImportError, AttributeError):
        return False
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        # Who opens it at this very moment waits until it is closed here, and we are told so by a
        # signal that is ignored: the usual one would end the process.
        fcntl.fcntl(file, set_signal, signal.SIGURG)
        fcntl.fcntl(file, set_lease, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN and not is_unseen(path)
    finally:
        os.close(file)
    return False
