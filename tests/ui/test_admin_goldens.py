"""What the administrator's screens look like; ``WA_CONSOLE_UPDATE_GOLDENS=1`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.ui.admin_bench import open_admin_bench
from tests.ui.admin_scenes import ADMIN_SCENES
from tests.ui.scenes import SIZES
from tests.ui.screen import screen_text

GOLDENS = Path(__file__).parent / "goldens"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", ADMIN_SCENES)
async def test_golden(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench:
        app = bench.app()
        async with app.run_test(size=size) as pilot:
            await ADMIN_SCENES[name](pilot, bench)
            await pilot.pause()
            seen = "\n".join(screen_text(app)) + "\n"
    golden = GOLDENS / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("WA_CONSOLE_UPDATE_GOLDENS"):
        golden.write_text(seen, encoding="utf-8")
    assert seen == golden.read_text(encoding="utf-8")
