"""Fixtures of the listener's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.listener.rig import Door, door


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Door]:
    """A listener whose public URL has no prefix."""
    async with door(tmp_path) as made:
        yield made
