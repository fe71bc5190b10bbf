"""A bench for every test: a real store with the people of the design's pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.ui.desk import Bench, open_bench


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A seeded desk."""
    async with open_bench(tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def empty_bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A desk on which nothing was ever set up."""
    async with open_bench(tmp_path, seeded=False) as made:
        yield made
