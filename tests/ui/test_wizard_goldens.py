"""What wizard and coach look like, as text: ``WA_CONSOLE_UPDATE_GOLDENS=1`` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.ui.scenes import SIZES
from tests.ui.screen import screen_text
from tests.ui.wizard_bench import open_wizard
from tests.ui.wizard_scenes import SCENES, prepare

GOLDENS = Path(__file__).parent / "goldens"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_golden(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    scene = SCENES[name]
    async with open_wizard(tmp_path, known=scene.known) as bench:
        await prepare(bench, scene)
        app = bench.app(ask=scene.step is None)
        async with app.run_test(size=size) as pilot:
            await scene.play(pilot, bench)
            await pilot.pause()
            seen = "\n".join(screen_text(app)) + "\n"
    golden = GOLDENS / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("WA_CONSOLE_UPDATE_GOLDENS"):
        golden.write_text(seen, encoding="utf-8")
    assert seen == golden.read_text(encoding="utf-8")
