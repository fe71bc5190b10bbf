"""Pictures of every scene, both sizes, light and dark: ``python -m tests.ui.make_screens``.

Writes SVG into ``screens/`` (or the folder given), and PNG beside it where Chromium is installed.
For looking at, not for comparing: goldens are text.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.ui.admin_bench import open_admin_bench
from tests.ui.admin_scenes import ADMIN_SCENES
from tests.ui.desk import open_bench
from tests.ui.scenes import SCENES, SIZES
from tests.ui.wizard_bench import open_wizard
from tests.ui.wizard_scenes import SCENES as WIZARD_SCENES
from tests.ui.wizard_scenes import prepare
from wa_console.ui.theme import DARK, LIGHT


def png(svg: Path, chromium: str) -> None:
    """Render an SVG with a font that is installed: the one it names would be fetched."""
    text = svg.read_text(encoding="utf-8").replace("Fira Code", "DejaVu Sans Mono")
    text = re.sub(r"@font-face \{[^}]*\}", "", text)
    width, height = (
        round(float(part)) for part in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)[0]
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(f'<body style="margin:0">{text}', encoding="utf-8")
        subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={folder}/profile",
                f"--window-size={width},{height + 8}",
                f"--screenshot={svg.with_suffix('.png')}",
                page.as_uri(),
            ],
            check=False,
            capture_output=True,
        )


async def wizard_picture(name: str, size: tuple[int, int], theme: str, folder: Path) -> Path:
    """Play a scene of the wizard and save what is on the screen; returns the SVG."""
    scene = WIZARD_SCENES[name]
    with tempfile.TemporaryDirectory() as home:
        async with open_wizard(Path(home), known=scene.known) as bench:
            await prepare(bench, scene)
            app = bench.app(ask=scene.step is None, theme=theme)
            async with app.run_test(size=size) as pilot:
                await scene.play(pilot, bench)
                await pilot.pause()
                file = f"{name}-{size[0]}x{size[1]}-{theme.removeprefix('wa-')}.svg"
                return Path(app.save_screenshot(file, path=str(folder)))


async def admin_picture(name: str, size: tuple[int, int], theme: str, folder: Path) -> Path:
    """Play a scene of the administrator and save what is on the screen; returns the SVG."""
    with tempfile.TemporaryDirectory() as home:
        async with open_admin_bench(Path(home)) as bench:
            app = bench.app(theme=theme)
            async with app.run_test(size=size) as pilot:
                await ADMIN_SCENES[name](pilot, bench)
                await pilot.pause()
                file = f"{name}-{size[0]}x{size[1]}-{theme.removeprefix('wa-')}.svg"
                return Path(app.save_screenshot(file, path=str(folder)))


async def picture(name: str, size: tuple[int, int], theme: str, folder: Path) -> Path:
    """Play a scene and save what is on the screen; returns the SVG."""
    with tempfile.TemporaryDirectory() as home:
        async with open_bench(Path(home), seeded=name != "empty") as bench:
            app = bench.app(theme=theme)
            async with app.run_test(size=size) as pilot:
                await SCENES[name](pilot, bench)
                await pilot.pause()
                file = f"{name}-{size[0]}x{size[1]}-{theme.removeprefix('wa-')}.svg"
                return Path(app.save_screenshot(file, path=str(folder)))


def main(folder: Path, only: list[str]) -> None:
    """Make them all, or those named."""
    os.environ["TZ"] = "Europe/Copenhagen"
    time.tzset()
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    for name in only or [*SCENES, *WIZARD_SCENES, *ADMIN_SCENES]:
        for size in SIZES:
            for theme in (DARK, LIGHT):
                play = wizard_picture if name in WIZARD_SCENES else picture
                play = admin_picture if name in ADMIN_SCENES else play
                svg = asyncio.run(play(name, size, theme, folder))
                if chromium:
                    png(svg, chromium)
                sys.stdout.write(f"{svg}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("screens"), sys.argv[2:])
