"""The console over a real store: opening, writing, the window closing, the news."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.desk import LOGIN, NOW, Bench, opened, ready, until
from tests.ui.screen import screen_text
from wa_console.domain.conversation import ConversationState, View
from wa_console.domain.message import MessageKind
from wa_console.services.facts import Gap, keep_gap
from wa_console.ui.screens.ask import AskScreen
from wa_console.ui.screens.template_picker import TemplatePicker

WIDE = (150, 40)


async def bodies(bench: Bench, conversation_id: str) -> list[str]:
    """Return the texts of a conversation."""
    return [message.body for message in await bench.messages(conversation_id)]


def shows(pilot: Pilot[Any], text: str) -> bool:
    """Whether a text stands on the screen."""
    return any(text in row for row in screen_text(pilot.app))


async def test_enter_opens_the_conversation_and_the_composer(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen.composer.has_focus)
        assert screen.thread.conversation_id == "mette"
        assert shows(pilot, "Reply to Mette Holm")
        await until(pilot, lambda: screen.thread.view is not None)
        row = await bench.desk.inbox.row("mette", login=LOGIN)
        assert row is not None
        assert row.unread == 0


async def test_typing_in_the_inbox_goes_nowhere(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "lars")
        await pilot.press("escape")
        assert screen.rows.has_focus
        await pilot.press("h", "o", "w", "d", "y")
        assert screen.composer.text == ""


async def test_a_reply_is_queued_and_the_composer_clears_after(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        await pilot.press(*"Hej", "enter")
        await until(pilot, lambda: screen.composer.text == "")
        assert (await bodies(bench, "mette"))[-1] == "Hej"
        await until(pilot, lambda: shows(pilot, "Hej  "))
        assert await bench.desk.conversations.draft("mette", login=LOGIN) == ""


async def test_the_same_text_at_once_asks_first(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        await pilot.press(*"Hej", "enter")
        await until(pilot, lambda: screen.composer.text == "")
        await pilot.press(*"Hej", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert (await bodies(bench, "mette")).count("Hej") == 1
        assert screen.composer.text == "Hej"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen))
        await pilot.press("y")
        await until(pilot, lambda: screen.composer.text == "")
        assert (await bodies(bench, "mette")).count("Hej") == 2


async def test_drafts_stay_with_their_conversation(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        await pilot.press(*"for Mette")
        await opened(pilot, "jonas")
        assert screen.composer.text == ""
        await pilot.press(*"for Jonas")
        await opened(pilot, "mette")
        assert screen.composer.text == "for Mette"
        assert await bench.desk.conversations.draft("jonas", login=LOGIN) == "for Jonas"


async def test_a_draft_outlives_the_console(bench: Bench) -> None:
    app = bench.app()
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot, "mette")
        await pilot.press(*"half")
        await app.leave(0)
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        assert screen.composer.text == "half"


async def test_the_draft_is_sent_to_whom_it_was_written(bench: Bench) -> None:
    """The inbox moves under the cursor while somebody writes (faults D11)."""
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        for number, letter in enumerate("Til Mette"):
            await bench.customer_writes("lars", f"storm {number}")
            await pilot.press("space" if letter == " " else letter)
        await pilot.press("enter")
        await until(pilot, lambda: screen.composer.text == "")
        assert (await bodies(bench, "mette"))[-1] == "Til Mette"
        assert "Til Mette" not in await bodies(bench, "lars")


async def test_at_zero_the_composer_becomes_the_template_bar_and_back(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        await pilot.press(*"Pakken")
        bench.clock.advance(timedelta(minutes=4, seconds=11))
        screen.tick()
        assert not screen.reply.closed
        bench.clock.advance(timedelta(seconds=1))
        screen.tick()
        await until(pilot, lambda: screen.reply.closed)
        assert screen.reply.box.has_focus
        assert shows(pilot, "Window closed since 16:41 today")
        assert shows(pilot, "Your draft is kept: Pakken")
        await bench.customer_writes("mette", "Er du der?")
        await until(pilot, lambda: not screen.reply.closed)
        assert screen.composer.text == "Pakken"
        assert screen.composer.has_focus


async def test_a_window_that_shut_unseen_turns_the_composer(bench: Bench) -> None:
    """No tick between the end and Enter: the service refuses, the text stays (faults D7)."""
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        await pilot.press(*"Hej")
        bench.clock.advance(timedelta(hours=1))
        await pilot.press("enter")
        await until(pilot, lambda: screen.reply.closed)
        assert screen.composer.draft == "Hej"
        assert "Hej" not in await bodies(bench, "mette")


async def test_notices_at_sixty_and_ten_minutes(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "nn")
        screen.tick()
        assert screen.notice.text == ""
        bench.clock.advance(timedelta(hours=4, minutes=20))
        screen.tick()
        assert screen.notice.text.startswith("60 minutes left")
        screen.notice.clear()
        bench.clock.advance(timedelta(minutes=20))
        screen.tick()
        assert screen.notice.text == ""
        bench.clock.advance(timedelta(minutes=30))
        screen.tick()
        assert screen.notice.text.startswith("10 minutes left")


async def test_the_status_line_follows_a_window_that_ends_or_begins_to_close(
    bench: Bench,
) -> None:
    """No message, no news: the tick alone knows that a counted window has ended."""
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await until(pilot, lambda: shows(pilot, "2 windows close within the hour"))
        bench.clock.advance(timedelta(minutes=4, seconds=12))
        screen.tick()
        await until(pilot, lambda: shows(pilot, "1 window closes within the hour"))
        await until(pilot, lambda: screen.rows.selected_id == "mette")
        bench.clock.advance(timedelta(minutes=55))
        screen.tick()
        await until(pilot, lambda: not shows(pilot, "within the hour"))
        bench.clock.advance(timedelta(hours=3, minutes=21))
        screen.tick()
        await until(pilot, lambda: shows(pilot, "1 window closes within the hour"))


async def test_an_offer_to_ask_ends_with_the_window(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "mette")
        assert "4 minutes left" in screen.notice.text
        bench.clock.advance(timedelta(minutes=4, seconds=12))
        screen.tick()
        assert screen.notice.text == ""


async def test_the_customers_wait_goes_on_in_the_pane(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "priya")
        await until(pilot, lambda: shows(pilot, "49 m"))
        bench.clock.advance(timedelta(minutes=1))
        screen.tick()
        await until(pilot, lambda: shows(pilot, "50 m"))


async def test_what_catch_up_brought_is_said_for_a_while(bench: Bench) -> None:
    gap = Gap(since=NOW - timedelta(minutes=31), until=NOW - timedelta(minutes=1), count=7)
    await bench.store.write(lambda session: keep_gap(session, gap))
    async with bench.app().run_test(size=(170, 40)) as pilot:
        screen = await ready(pilot)
        await until(pilot, lambda: shows(pilot, "away 16:05-16:35, 7 fetched"))
        bench.clock.advance(timedelta(minutes=15))
        screen.tick()
        await until(pilot, lambda: not shows(pilot, "fetched"))


async def test_a_note_is_kept_also_when_the_window_is_closed(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "oskar")
        assert screen.reply.closed
        await pilot.press("ctrl+n")
        assert screen.composer.has_focus
        await pilot.press(*"VIP", "enter")
        await until(pilot, lambda: screen.reply.closed)
        last = (await bench.messages("oskar"))[-1]
        assert (last.kind, last.body) == (MessageKind.NOTE, "VIP")


async def test_close_asks_while_somebody_waits_and_can_be_undone(bench: Bench) -> None:
    async def state(conversation_id: str) -> ConversationState:
        return (await bench.desk.conversations.get(conversation_id)).state

    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await screen.rows.select("mette")
        await pilot.press("x")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskScreen))
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert await state("mette") is ConversationState.ACTIVE
        await screen.rows.select("aisha")
        await pilot.press("x")
        await until(pilot, lambda: "U undoes" in screen.notice.text)
        assert await state("aisha") is ConversationState.CLOSED
        await pilot.press("U")
        await until(pilot, lambda: "open again" in screen.notice.text)
        assert await state("aisha") is not ConversationState.CLOSED


async def test_next_to_expire_goes_round_by_deadline(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("e")
        await until(pilot, lambda: screen.thread.conversation_id == "mette")
        await pilot.press("e")
        await until(pilot, lambda: screen.thread.conversation_id == "jonas")
        assert screen.rows.has_focus


async def test_jump_and_views(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("3")
        await until(pilot, lambda: screen.thread.conversation_id == "nn")
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: screen.inbox.view is View.UNASSIGNED)
        await until(pilot, lambda: shows(pilot, "Everyone is taken care of."))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: screen.rows.row_count == 8)


async def test_filter(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        screen = await ready(pilot)
        await pilot.press("slash", *"jonas")
        await until(pilot, lambda: screen.rows.row_count == 1)
        await pilot.press("enter")
        assert screen.rows.has_focus
        await pilot.press("escape")
        await until(pilot, lambda: screen.rows.row_count == 8)


async def test_a_customers_message_appears_by_itself(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        await opened(pilot, "aisha")
        await bench.customer_writes("aisha", "Still waiting here")
        await until(pilot, lambda: shows(pilot, "Still waiting here"))


async def test_a_template_is_chosen_from_the_bar(bench: Bench) -> None:
    async with bench.app().run_test(size=WIDE) as pilot:
        await opened(pilot, "oskar")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TemplatePicker))


@pytest.mark.parametrize(
    ("size", "cls", "customer"),
    [
        ((150, 40), "-wide", True),
        ((110, 30), "-middle", False),
        ((80, 24), "-narrow", False),
    ],
)
async def test_three_layouts(bench: Bench, size: tuple[int, int], cls: str, customer: bool) -> None:
    async with bench.app().run_test(size=size) as pilot:
        screen = await opened(pilot, "mette")
        assert screen.has_class(cls)
        pane = screen.query_one("#customer")
        assert bool(pane.region.width) == customer
        await pilot.press("f3")
        await pilot.pause()
        assert bool(pane.region.width) != customer
        await pilot.press("f3")
        await pilot.pause()
        assert bool(pane.region.width) == customer


@pytest.mark.parametrize("size", [(59, 30), (90, 19)])
async def test_too_small_says_so(bench: Bench, size: tuple[int, int]) -> None:
    async with bench.app().run_test(size=size) as pilot:
        await ready(pilot)
        assert shows(pilot, "60 columns and 20 rows")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert shows(pilot, "Mette Holm")


async def test_an_empty_desk_teaches(empty_bench: Bench) -> None:
    async with empty_bench.app().run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        assert shows(pilot, "Nothing is set up yet.")
        assert shows(pilot, "wa-console setup")
        assert shows(pilot, "No conversation is open.")
