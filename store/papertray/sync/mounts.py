"""Which folders lie on a file system whose changes the kernel does not tell of."""

from __future__ import annotations

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
"""The table of what is mounted where: https://man7.org/linux/man-pages/man5/proc_pid_mounts.5.html"""

_OF_OTHERS = frozenset(
    """9p acfs afs afpfs ceph cifs coda drvfs glusterfs lustre ncpfs nfs nfs4 orangefs prl_fs smb3
    smbfs vboxsf virtiofs vmhgfs""".split()
)
"""File systems that other machines write to as well."""


def needs_polling(folder: str, mounts: Path = MOUNTS) -> bool:
    """Tell whether a folder must be looked at now and then, since others change it unseen.

    Where there is no table of mounts the answer is False.
    """
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    kind = kind_of_file_system(os.path.realpath(folder), table)
    # FUSE: what lies behind is somebody's server more often than not.
    return kind in _OF_OTHERS or kind.startswith("fuse")


def kind_of_file_system(folder: str, table: str) -> str:
    """Return the kind of file system of a resolved folder, ``ext4``; empty if it is not told."""
    longest, kind = "", ""
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _spelled(fields[1])
        is_above = folder == point or folder.startswith(point.rstrip("/") + "/")
        if is_above and len(point) >= len(longest):  # what is mounted last hides the rest
            longest, kind = point, fields[2]
    return kind


def _spelled(text: str) -> str:
    r"""Return a path of the table, where a blank is ``\040``."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
