"""A store of each back end, empty and open; real files in a temporary folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from wa_console.store.port import Store
from wa_console.store.sqlite import open_sqlite


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "store.db"


@pytest.fixture(params=["sqlite"])
async def store(request: pytest.FixtureRequest, store_path: Path) -> AsyncIterator[Store]:
    """The contract's store. A new back end is a new parameter here, and nothing else."""
    match request.param:
        case "sqlite":
            opened = await open_sqlite(store_path)
        case other:
            raise ValueError(other)
    yield opened
    await opened.close()
