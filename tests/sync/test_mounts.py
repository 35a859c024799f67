"""Which folders are polled: by the table of mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertray.sync.mounts import kind_of_file_system, needs_polling

TABLE = r"""
/dev/vda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
tmpfs /home tmpfs rw 0 0
server:/export /home/ada/Team\040Papers nfs4 rw,vers=4.2 0 0
//nas/share /mnt/nas cifs rw 0 0
//nas/share2 /mnt/nas/inner ext4 rw 0 0
ada@host:/ /mnt/host fuse.sshfs rw 0 0
none /over tmpfs rw 0 0
host /over 9p rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", "ext4"),
        ("/srv/papers", "ext4"),
        ("/home/ada", "tmpfs"),
        ("/homestead", "ext4"),
        ("/home/ada/Team Papers", "nfs4"),
        ("/home/ada/Team Papers/new", "nfs4"),
        ("/home/ada/Team Papers2", "tmpfs"),
        ("/mnt/nas", "cifs"),
        ("/mnt/nas/inner/x", "ext4"),
        ("/mnt/host/x", "fuse.sshfs"),
        ("/over", "9p"),
    ],
)
def test_a_folder_lies_on_the_nearest_mount_above_it(folder: str, kind: str) -> None:
    assert kind_of_file_system(folder, TABLE) == kind


@pytest.mark.parametrize(
    ("kind", "is_polled"),
    [("ext4", False), ("btrfs", False), ("tmpfs", False), ("overlay", False), ("nfs4", True),
     ("cifs", True), ("fuse.sshfs", True), ("9p", True)],
)  # fmt: skip
def test_what_others_change_unseen_is_polled(tmp_path: Path, kind: str, is_polled: bool) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"device / {kind} rw 0 0\n")
    assert needs_polling(str(tmp_path), table) is is_polled


def test_without_a_table_nothing_is_polled(tmp_path: Path) -> None:
    assert not needs_polling(str(tmp_path), tmp_path / "missing")
