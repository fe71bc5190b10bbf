"""Keys that come in one piece go where the person means, as from ssh or a fast typist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.desk import Bench, opened, ready, until
from wa_console.domain.conversation import ConversationState
from wa_console.ui.screens.search import SearchScreen
from wa_console.ui.screens.template_picker import TemplatePicker
from wa_console.ui.widgets.template_form import TemplateForm

WIDE = (150, 40)


def burst(pilot: Pilot[Any], *pieces: str) -> None:
    """Put keys into the app's queue at once; a piece in angle brackets is one key by name."""
    for piece in pieces:
        if piece.startswith("<"):
            pilot.app.post_message(events.Key(piece.strip("<>"), None))
        else:
            for char in piece:
                pilot.app.post_message(events.Key(_character_to_key(char), char))


async def states(bench: Bench) -> dict[str, tuple[ConversationState, str]]:
    """Return what a command typed by mistake would change."""
    names = ("mette", "jonas", "nn", "aisha", "lars", "priya", "oskar", "emma")
    found = [await bench.desk.conversations.get(name) for name in names]
    return {c.id: (c.state, c.assignee) for c in found}


async def test_after_slash_into_the_filter(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        before = await states(bench)
        burst(pilot, "/xaRU")
        box = screen.query_one("#filter", Input)
        await until(pilot, lambda: box.value == "xaRU")
        assert pilot.app.screen is screen
        assert await states(bench) == before


async def test_after_enter_into_the_composer(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        burst(pilot, "<enter>", "xaN 1")
        await until(pilot, lambda: screen.composer.text == "xaN 1")
        assert screen.composer.conversation_id == "mette"


async def test_filter_open_and_write_in_one_piece(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        burst(pilot, "/jonas", "<enter>", "<enter>", "Hej Jonas")
        await until(pilot, lambda: screen.composer.text == "Hej Jonas")
        assert screen.composer.conversation_id == "jonas"


async def test_typed_before_the_first_rows_are_there(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        burst(pilot, "j", "<enter>", "xa")
        screen = await ready(pilot)
        await until(pilot, lambda: screen.composer.text == "xa")
        assert screen.composer.conversation_id == "jonas"


async def test_after_ctrl_t_into_the_pickers_search(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        burst(pilot, "<ctrl+t>", "feedb")
        await until(pilot, lambda: isinstance(pilot.app.screen, TemplatePicker))
        form = pilot.app.screen.query_one(TemplateForm)
        await until(
            pilot, lambda: form.template is not None and form.template.name == "delivery_feedback"
        )
        assert screen.composer.text == ""


async def test_after_ctrl_f_into_the_search(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        await opened(pilot, "mette")
        burst(pilot, "<ctrl+f>", "xa")
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))
        box = pilot.app.screen.query_one("#words", Input)
        await until(pilot, lambda: box.value == "xa")


async def test_a_paste_keeps_its_place_among_the_keys(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        burst(pilot, "<enter>", "a ")
        pilot.app.post_message(events.Paste("long word"))
        burst(pilot, " z")
        await until(pilot, lambda: screen.composer.text == "a long word z")


async def test_what_cannot_be_opened_takes_the_typed_text_with_it(bench: Bench) -> None:
    """Left in the inbox, the letters would be commands: `x` would ask to close a conversation."""
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        before = await states(bench)
        screen.rows.selected_id = "nobody"
        burst(pilot, "<enter>", "xaN")
        await until(pilot, lambda: bool(screen.notice.text))
        await pilot.press("down")
        assert pilot.app.screen is screen
        assert screen.rows.has_focus
        assert await states(bench) == before


@pytest.mark.parametrize("name", ["oskar", "mette"])
async def test_at_a_closed_window_what_is_typed_goes_to_the_draft(bench: Bench, name: str) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, name)
        before = await states(bench)
        await pilot.press(*"Hej")
        bench.clock.advance(timedelta(minutes=5))
        screen.tick()
        await until(pilot, lambda: screen.reply.closed and screen.reply.box.has_focus)
        burst(pilot, " x1a")
        await until(pilot, lambda: screen.composer.draft == "Hej x1a")
        assert pilot.app.screen is screen
        assert await states(bench) == before
