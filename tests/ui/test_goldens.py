"""What the screens look like, as text: ``WA_CONSOLE_UPDATE_GOLDENS=1`` writes them anew."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.desk import open_bench
from tests.ui.scenes import SCENES, SIZES
from tests.ui.screen import screen_text

GOLDENS = Path(__file__).parent / "goldens"


@pytest.fixture(autouse=True)
def _copenhagen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Copenhagen")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_golden(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    async with open_bench(tmp_path, seeded=name != "empty") as bench:
        app = bench.app()
        async with app.run_test(size=size) as pilot:
            await SCENES[name](pilot, bench)
            await pilot.pause()
            seen = "\n".join(screen_text(app)) + "\n"
    golden = GOLDENS / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("WA_CONSOLE_UPDATE_GOLDENS"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(seen, encoding="utf-8")
    assert seen == golden.read_text(encoding="utf-8")
