"""Which file system a path lies on."""

from __future__ import annotations

from pathlib import Path

import pytest

from wa_console.store.network_drive import network_file_system

MOUNTS = r"""
21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
36 21 0:31 / /mnt/nfs rw,noatime master:1 - nfs4 server:/export rw
37 21 0:32 / /mnt/my\040share rw - cifs //server/share rw
38 36 254:1 / /mnt/nfs/local rw shared:5 - xfs /dev/vdb rw
39 21 0:33 / /home/anna/remote rw - fuse.sshfs anna@host: rw
40 21 0:34 / /over rw - nfs server:/x rw
41 21 0:35 / /over rw - ext4 /dev/vdc rw
a line of another shape
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/anna/store.db", None),
        ("/mnt/nfs/store.db", "nfs4"),
        ("/mnt/nfs/deeper/store.db", "nfs4"),
        ("/mnt/nfs/local/store.db", None),
        ("/mnt/nfsx/store.db", None),
        ("/mnt/my share/store.db", "cifs"),
        ("/home/anna/remote/store.db", "fuse.sshfs"),
        ("/over/store.db", None),
    ],
)
def test_the_deepest_newest_mount_counts(mounts: Path, path: str, expected: str | None) -> None:
    assert network_file_system(Path(path), mounts=mounts) == expected


def test_a_system_that_does_not_tell_refuses_nothing(tmp_path: Path) -> None:
    assert network_file_system(Path("/x"), mounts=tmp_path / "missing") is None
