"""Which places may harm a tray: synced folders, network mounts."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from papertray.store.surroundings import NETWORK, mount_type, syncing_program

MOUNTS = """\
22 27 0:20 / /sys rw,nosuid - sysfs sysfs rw
27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 27 0:40 / /home rw,relatime shared:20 master:3 - nfs4 server:/home rw,vers=4.2
41 40 8:2 / /home/ada/local rw - btrfs /dev/sdb rw
42 27 0:42 / /mnt/my\\040server\\134x rw - cifs //server/share rw
43 27 0:43 / /mnt/hidden rw - ext4 /dev/sdc rw
44 27 0:44 / /mnt/hidden rw - fuse.sshfs ada@host: rw
a line that is none
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", "ext4"),
        ("/var/papers", "ext4"),
        ("/home/ada/papers", "nfs4"),
        ("/home/ada/local/papers", "btrfs"),
        ("/home/ada/localpapers", "nfs4"),
        ("/homes/ada", "ext4"),
        ("/mnt/my server\\x/papers", "cifs"),
        ("/mnt/hidden/papers", "fuse.sshfs"),
    ],
)
def test_the_longest_and_last_mount_point_counts(folder: str, kind: str) -> None:
    assert mount_type(PurePosixPath(folder), MOUNTS) == kind


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert mount_type(PurePosixPath("/home"), "") == ""
    assert mount_type(PurePosixPath("/home"), "junk - ext4\n\x00 - \n") == ""
    assert "" not in NETWORK


@pytest.mark.parametrize(
    ("folder", "there", "program"),
    [
        ("/home/ada/papers", (), ""),
        ("/home/ada/Dropbox/papers", (), "Dropbox"),
        ("/home/ada/Dropbox (Personal)/papers", (), "Dropbox"),
        ("/home/ada/Dropboxes/papers", (), ""),
        ("/home/ada/cloud/papers", ("/home/ada/cloud/.dropbox.cache",), "Dropbox"),
        ("/home/ada/papers", ("/home/ada/.dropbox",), ""),
        ("/home/ada/Sync/papers", ("/home/ada/Sync/.stfolder",), "Syncthing"),
        ("/home/ada/papers", ("/home/ada/papers/.stfolder",), "Syncthing"),
        ("/home/ada/papers", ("/home/ada/other/.stfolder",), ""),
        ("/mnt/c/Users/Ada/OneDrive - University/papers", (), "OneDrive"),
        ("/Users/ada/Library/CloudStorage/OneDrive-Personal/p", (), "OneDrive"),
        ("/Users/ada/Library/CloudStorage/GoogleDrive-a@b.c/p", (), "Google Drive"),
        ("/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/p", (), "iCloud"),
        ("/home/ada/cloud/p", ("/home/ada/cloud/.nextcloudsync.log",), "Nextcloud"),
        ("/home/ada/Nextcloud/p", (), "Nextcloud"),
    ],
)
def test_synced_folders_are_known_by_name_or_mark(
    folder: str, there: tuple[str, ...], program: str
) -> None:
    assert syncing_program(PurePosixPath(folder), lambda path: str(path) in there) == program
