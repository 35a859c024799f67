"""What about the place of a tray may harm it: folders that are synced, disks on the network.

A synced folder copies the database file while it is written and brings back older states of it, or
a second one beside it. On a network mount the locks and the shared memory, by which processes agree
who writes, cannot be relied on, least of all with the write-ahead log that the tray uses.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path, PurePath

MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux lists what is mounted; elsewhere only synced folders are told."""

MARKS = {
    "Dropbox": (".dropbox.cache",),
    "Syncthing": (".stfolder",),
    "Nextcloud": (".nextcloudsync.log", ".owncloudsync.log"),
    "OneDrive": (".849C9593-D756-4E56-8D6E-42412F2A707B",),
    "Google Drive": (".tmp.driveupload", ".tmp.drivedownload"),
    "Seafile": (".seafile-data",),
    "Resilio Sync": (".sync/ID",),
}
"""Files and folders that a synced folder holds at its top."""

NAMES = (
    (re.compile(r"Dropbox( \(.+\))?"), "Dropbox"),
    (re.compile(r"OneDrive( - .+)?|OneDrive-.+"), "OneDrive"),
    (re.compile(r"Google ?Drive|GoogleDrive-.+"), "Google Drive"),
    (re.compile(r"Mobile Documents|iCloud ?Drive"), "iCloud"),
    (re.compile(r"Nextcloud|ownCloud"), "Nextcloud"),
    (re.compile(r"Syncthing"), "Syncthing"),
)
"""Names that these programs give to their folders."""

NETWORK = frozenset(
    "9p afpfs afs beegfs ceph cifs coda davfs fuse.davfs2 fuse.gcsfuse fuse.glusterfs"
    " fuse.google-drive-ocamlfuse fuse.gvfsd-fuse fuse.rclone fuse.s3fs fuse.smbnetfs fuse.sshfs"
    " glusterfs lustre ncpfs nfs nfs4 orangefs prl_fs smb3 smbfs vboxsf virtiofs".split()
)
"""Types of file systems that lie on another machine, or on the host of this virtual one."""


def look_around(folder: Path) -> tuple[str, ...]:
    """Return a sentence for each thing about the place of `folder` that may harm a tray there."""
    place = folder.resolve()
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        mounts = ""
    found = []
    if program := syncing_program(place, os.path.lexists):
        found.append(
            f"The tray {folder} lies in a folder that {program} syncs, which can damage it or "
            "bring back an older state while it is open; move it out of there, and sync a copy "
            "made by `papertray backup`."
        )
    if (kind := mount_type(place, mounts)) in NETWORK:
        found.append(
            f"The tray {folder} lies on a network mount ({kind}), where SQLite's write-ahead log "
            "is not safe: two machines, or one lost connection, can damage it; move it to a disk "
            "of this machine."
        )
    return tuple(found)


def syncing_program(folder: PurePath, exists: Callable[[PurePath], bool]) -> str:
    """Return the program that syncs an absolute `folder`, empty when none is known to.

    `exists` tells whether there is a file or folder of a path.
    """
    for parent in (folder, *folder.parents):
        for pattern, program in NAMES:
            if pattern.fullmatch(parent.name):
                return program
        for program, marks in MARKS.items():
            if any(exists(parent / mark) for mark in marks):
                return program
    return ""


def mount_type(folder: PurePath, mounts: str) -> str:
    """Return the type of the file system that an absolute `folder` lies on, empty if not known.

    `mounts` is the text of ``/proc/self/mountinfo``. The longest mount point wins, of equal ones
    the last: it hides those before.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = PurePath(_without_escapes(fields[4]))
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind


def _without_escapes(text: str) -> str:
    r"""Return a mount point as it is: the kernel writes a blank as ``\040``."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)
