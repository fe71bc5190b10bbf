"""The composer alone: what sends, what does not, and which conversation a text belongs to."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events, on
from textual.pilot import Pilot

from tests.ui.samples import Host
from tests.ui.screen import screen_text
from wa_console.domain.template import BODY_LIMIT
from wa_console.domain.text import safe_text
from wa_console.ui.widgets.composer import Composer

METTE = safe_text("Mette")


class Desk(Host):
    """Keeps what the composer posts."""

    @on(Composer.Submitted)
    @on(Composer.DraftChanged)
    @on(Composer.Refused)
    def keep(self, event: Any) -> None:
        """Remember."""
        self.seen.append(event)

    def submitted(self) -> list[tuple[str, str, bool]]:
        """Return what was submitted."""
        return [
            (e.conversation_id, e.text, e.note)
            for e in self.seen
            if isinstance(e, Composer.Submitted)
        ]


def made(**options: Any) -> tuple[Desk, Composer]:
    """Return a host with a composer."""
    composer = Composer(**options)
    return Desk(composer), composer


async def begin(pilot: Pilot[Any], composer: Composer, draft: str = "") -> None:
    """Open a conversation in it."""
    composer.open("c1", name=METTE, draft=draft)
    composer.focus()
    await pilot.pause()


async def test_enter_sends_and_the_other_keys_break_the_line() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        await pilot.press("a", "ctrl+j", "b", "alt+enter", "c", "enter")
        assert app.submitted() == [("c1", "a\nb\nc", False)]


async def test_the_keys_can_be_swapped() -> None:
    app, composer = made(enter_sends=False)
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        await pilot.press("a", "enter", "b", "ctrl+j")
        assert app.submitted() == [("c1", "a\nb", False)]


async def test_a_paste_with_lines_never_sends_and_carries_no_escape() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        composer.post_message(events.Paste("one\ntwo\r\n\x1b]52;c;AAAA\x07\u202ethree\n"))
        await pilot.pause()
        assert app.submitted() == []
        assert "\x1b" not in composer.text
        assert "\u202e" not in composer.text
        assert composer.text.startswith("one\ntwo\n")


async def test_nothing_and_blanks_are_not_sent() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        await pilot.press("enter", "space", "enter")
        assert app.submitted() == []


async def test_a_second_enter_waits_for_the_first() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        await pilot.press("a", "enter", "enter", "enter")
        assert len(app.submitted()) == 1
        composer.settle("c1", "a", kept=False)
        assert composer.text == ""
        await pilot.press("b", "enter")
        assert [text for _id, text, _note in app.submitted()] == ["a", "b"]


async def test_what_was_typed_after_enter_stays() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        await pilot.press("a", "enter", "b", "c")
        composer.settle("c1", "a", kept=False)
        assert composer.text == "bc"


async def test_a_refused_text_stays_and_can_be_sent_again() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        await pilot.press("a", "enter")
        composer.settle("c1", "a", kept=True)
        assert composer.text == "a"
        await pilot.press("enter")
        assert len(app.submitted()) == 2


async def test_settling_another_conversations_text_changes_nothing() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        await pilot.press("a", "enter")
        composer.open("c2", name=METTE, draft="a")
        composer.settle("c1", "a", kept=False)
        assert composer.text == "a"


@pytest.mark.parametrize(("length", "sent"), [(BODY_LIMIT, 1), (BODY_LIMIT + 1, 0)])
async def test_the_limit(length: int, sent: int) -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        composer.insert("x" * length)
        await pilot.pause()
        assert composer.has_class("-over") == (not sent)
        await pilot.press("enter")
        assert len(app.submitted()) == sent
        assert bool([e for e in app.seen if isinstance(e, Composer.Refused)]) == (not sent)


async def test_a_note_has_its_own_text_and_the_reply_keeps_its() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer, draft="reply")
        composer.toggle_note()
        assert composer.has_class("-note")
        assert composer.text == ""
        await pilot.press("n", "enter")
        assert app.submitted() == [("c1", "n", True)]
        assert composer.draft == "reply"
        composer.settle("c1", "n", kept=False)
        assert not composer.note_mode
        assert composer.text == "reply"


async def test_opening_loads_the_draft_clean_and_posts_nothing() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer, draft="a\x1b[31m\u202eb")
        assert composer.text == "a␛[31mb"
        assert composer.flush() is None
        assert app.seen == []


async def test_flush_gives_the_unsaved_text_of_its_conversation_once() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        await begin(pilot, composer)
        await pilot.press("a")
        assert composer.flush() == ("c1", "a")
        assert composer.flush() is None


async def test_it_grows_to_eight_rows() -> None:
    app, composer = made()
    async with app.run_test(size=(80, 40)) as pilot:
        await begin(pilot, composer)
        heights = []
        for _line in range(12):
            await pilot.press("x", "ctrl+j")
            heights.append(composer.content_size.height)
        assert heights[0] == 2
        assert max(heights) == heights[-1] == 8


async def test_markup_in_a_name_is_only_text() -> None:
    app, composer = made()
    async with app.run_test() as pilot:
        composer.open("c1", name=safe_text("[@click=app.quit]x[/] [/"), draft="")
        await pilot.pause()
        assert any("[@click=app.quit]x[/] [/" in row for row in screen_text(app))
