"""Search, new conversation, presence, help, palette, biography: each does its one thing."""

from __future__ import annotations

from typing import Any

from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.desk import LOGIN, Bench, opened, ready, until
from tests.ui.screen import screen_text
from wa_console.domain.presence import Presence
from wa_console.ui.screens.biography import BiographyScreen
from wa_console.ui.screens.help import HelpScreen, help_rows
from wa_console.ui.screens.new_conversation import NewConversationScreen
from wa_console.ui.screens.presence import PresenceScreen
from wa_console.ui.screens.search import SearchScreen
from wa_console.ui.screens.template_picker import TemplatePicker

WIDE = (150, 40)


def shows(pilot: Pilot[Any], text: str) -> bool:
    """Whether a text stands on the screen."""
    return any(text in row for row in screen_text(pilot.app))


async def test_search_finds_and_goes_there(bench: Bench) -> None:
    await bench.desk.search.index_once()
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("ctrl+f")
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))
        await pilot.press(*"skulle")
        page = pilot.app.screen
        await until(pilot, lambda: isinstance(page, SearchScreen) and page.count == 1)
        await pilot.press("enter")
        await until(pilot, lambda: screen.thread.conversation_id == "mette")
        await until(pilot, lambda: screen.timeline.cursor_id == "mette-001")


async def test_enter_means_the_words_typed_and_not_the_ones_still_shown(bench: Bench) -> None:
    await bench.desk.search.index_once()
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("ctrl+f", *"pakke")
        page = pilot.app.screen
        await until(pilot, lambda: isinstance(page, SearchScreen) and page.answered == "pakke")
        field = page.query_one("#words", Input)
        field.value = "skulle"
        await pilot.press("enter")
        await until(pilot, lambda: screen.timeline.cursor_id == "mette-001")


async def test_search_says_when_there_is_nothing(bench: Bench) -> None:
    await bench.desk.search.index_once()
    async with bench.app().run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+f", *"zzzz")
        await until(pilot, lambda: shows(pilot, "Nothing has these words."))


async def test_a_typed_number_opens_a_thread_and_the_picker(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("N")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewConversationScreen))
        await pilot.press(*"20 30 40 50")
        await until(pilot, lambda: shows(pilot, "✓ +45 20 30 40 50"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TemplatePicker))
        assert screen.thread.view is not None
        assert screen.thread.view.conversation.reply_to == "whatsapp:+4520304050"


async def test_a_wrong_number_says_what_is_wrong(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("N", *"12", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, NewConversationScreen)
        assert not shows(pilot, "✓")


async def test_presence(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, PresenceScreen))
        await pilot.press("down", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: shows(pilot, "Busy"))
        assert await bench.desk.presences.get(LOGIN) is Presence.BUSY


async def test_help_is_made_of_the_keys_that_work(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        writing = {row.text for rows in help_rows(screen).values() for row in rows}
        screen.rows.focus()
        await pilot.pause()
        browsing = {row.text for rows in help_rows(screen).values() for row in rows}
        assert "Make the conversation yours" in browsing - writing
        assert "Write in $VISUAL or $EDITOR" in writing - browsing
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_a_question_mark_in_the_composer_is_a_question_mark(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        await pilot.press("question_mark", "slash", "a", "x")
        assert screen.composer.text == "?/ax"


async def palette(pilot: Pilot[Any], text: str) -> CommandPalette:
    """Open the palette and type."""
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
    await pilot.press(*text)
    page = pilot.app.screen
    assert isinstance(page, CommandPalette)
    return page


async def test_the_palette_finds_people(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await palette(pilot, "Priya")
        await until(pilot, lambda: shows(pilot, "Priya Nair  +91"))
        await pilot.press("down", "enter")
        await until(pilot, lambda: screen.thread.conversation_id == "priya")


async def test_the_palette_runs_actions(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        await ready(pilot)
        await palette(pilot, "Presence")
        await until(pilot, lambda: shows(pilot, "Available, busy, away"))
        await pilot.pause(0.2)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PresenceScreen))


async def test_the_palette_changes_the_theme(bench: Bench) -> None:
    app = bench.app()
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await palette(pilot, "wa-light")
        await until(pilot, lambda: shows(pilot, "Theme wa-light"))
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.theme == "wa-light")


async def test_biography(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        screen.timeline.focus()
        screen.timeline.scroll_to_message("mette-002")
        await pilot.press("i")
        await until(pilot, lambda: isinstance(pilot.app.screen, BiographyScreen))
        assert shows(pilot, "SMmette002")
        assert shows(pilot, "delivered")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_filter_box_is_no_place_for_actions(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("slash", *"axe")
        assert screen.query_one("#filter", Input).value == "axe"
