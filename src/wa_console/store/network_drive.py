"""Tells whether a path lies on a network file system, where SQLite may not be used.

SQLite's locks and its WAL need one machine's memory; over NFS, SMB and the like two programs
corrupt the file (faults G8). Linux tells in ``/proc/self/mountinfo``; elsewhere nothing is told
and nothing is refused.
"""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")

_NETWORK = frozenset(
    {
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    }
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_file_system(path: Path, *, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the network file system that ``path`` lies on, None if it is local.

    Args:
        path: Absolute and resolved; need not exist.
        mounts: The kernel's list of mounts (proc(5), ``mountinfo``).
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    depth, found = -1, ""
    for line in lines:
        mounted = _mount(line)
        # A later mount on the same point hides the earlier one, hence >=.
        if mounted and path.is_relative_to(mounted[0]) and len(mounted[0].parts) >= depth:
            depth, found = len(mounted[0].parts), mounted[1]
    return found if found in _NETWORK else None


def _mount(line: str) -> tuple[Path, str] | None:
    """Return mount point and type of a line, None for a line of another shape.

    ``36 35 98:0 /root /mnt/point rw,noatime master:1 - ext3 /dev/root rw``
    """
    head, dash, tail = line.partition(" - ")
    fields, rest = head.split(" "), tail.split(" ")
    if not dash or len(fields) < 6:  # the fixed fields of proc(5)
        return None
    point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4])
    return Path(point), rest[0]
