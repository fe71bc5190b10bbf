"""The QR code: decodes to the link, and fits a terminal of 80x24."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.qr_decoder import decode, find_code
from tests.ui.screen import widget_text
from tests.ui.wizard_bench import PHRASE, open_wizard
from tests.ui.wizard_scenes import SCENES, prepare
from wa_console.domain.sandbox import join_link, join_phrase
from wa_console.ui.widgets.qr_code import QrCode, qr_rows


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=39))
def test_whatever_the_phrase_the_code_says_the_link(word: str) -> None:
    link = join_link(join_phrase(f"{word}x"))
    rows = qr_rows(link)
    assert decode(find_code(rows)) == link
    assert len(rows) <= 20
    assert max(map(len, rows)) <= 40


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_it_is_whole_on_the_screen(size: tuple[int, int], tmp_path: Path) -> None:
    scene = SCENES["wizard-coach"]
    async with open_wizard(tmp_path) as bench:
        await prepare(bench, scene)
        app = bench.app()
        async with app.run_test(size=size) as pilot:
            await scene.play(pilot, bench)
            code = app.screen.query_one(QrCode)
            assert app.screen.region.contains_region(code.region)
            assert decode(find_code(widget_text(code))) == join_link(PHRASE)
