"""How the tests share a machine."""

from __future__ import annotations

import os


def pytest_xdist_auto_num_workers() -> int:
    """Two workers a core: most tests wait for a screen, a socket or a child, not for the CPU."""
    return 2 * len(os.sched_getaffinity(0))
