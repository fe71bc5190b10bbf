"""The timeline: what stands where, and what is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.ui.hosts import TimelineApp, rows, shown, start, talk
from tests.ui.samples import NOW, message, ours
from tests.ui.screen import Repaints
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ContentKind,
    Media,
    MediaStatus,
    MessageError,
    MessageKind,
    Quoted,
    TemplateUse,
)
from wa_console.domain.text import safe_text
from wa_console.ui.widgets import bubbles
from wa_console.ui.widgets.timeline import Ask


async def test_a_conversation_reads_from_top_to_bottom() -> None:
    app = TimelineApp()
    day = timedelta(days=1)
    media = Media("u", "image/jpeg", 212_000, "p", MediaStatus.STORED)
    messages = [
        message("1", "Hej! Min pakke?", created_at=NOW - day),
        ours("2", "Jeg kigger.", created_at=NOW - day + timedelta(minutes=2),
             status=DeliveryStatus.READ),
        ours("3", "Courier says Thursday", kind=MessageKind.NOTE, author="bo", created_at=NOW - day
             + timedelta(minutes=4)),
        message("4", "the lid", created_at=NOW - timedelta(minutes=9), content=ContentKind.IMAGE,
                media=(media,), quoted=Quoted("SM2")),
        ours("5", "Hej Mette", created_at=NOW, kind=MessageKind.TEMPLATE,
             template=TemplateUse("HX1"), status=DeliveryStatus.QUEUED),
    ]  # fmt: skip
    async with app.run_test(size=(64, 40)) as pilot:
        app.timeline.show(
            "c1",
            messages,
            template_names={"HX1": "hello_again"},
            customer_name=safe_text("Mette"),
        )
        await pilot.pause()
        assert [row for row in rows(app) if row] == [
            "                           Yesterday",
            "                  ─── window opened 15:36 ───",
            "  ▌ Hej! Min pakke?",
            "  ▌ 15:36",
            "                                              Jeg kigger.   ▐",
            "                                              15:38 ✓✓ read ▐",
            "  ▌ ✎ Note · Courier says Thursday",
            "  ▌ 15:40 · bo · only your team sees this",
            "                             Today",
            "  ▌ ▏ You: Jeg kigger.",
            "  ▌ 📷 Photo · image/jpeg · 212 kB ·",
            "  ▌ Enter opens",
            "  ▌ the lid",
            "  ▌ 15:27",
            "                             Hej Mette                      ▐",
            "                             T hello_again · 15:36 · queued ▐",
        ]


async def test_customer_text_is_the_last_thing_in_its_row() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(
            app, pilot, [message("1", "wide 📦👨\u200d👩\u200d👧 text", quoted=Quoted("x"))]
        )
        row = next(row for row in rows(app) if "wide" in row)
        assert row.endswith("text")


async def test_a_failure_says_why_and_r_asks_to_mend_it() -> None:
    app = TimelineApp()
    error = MessageError(63024, "number is not on WhatsApp")
    failed = ours("f", "Torsdag", status=DeliveryStatus.UNDELIVERED, error=error)
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, [message("1"), failed])
        text = "\n".join(rows(app))
        assert "✗ not delivered · number is not on" in text
        assert "WhatsApp (63024)" in text
        assert "r sends it again" in text
        await pilot.press("r", "exclamation_mark", "i", "y", "enter")
        assert app.seen == [
            ("retry", "f"),
            ("retry", "f"),
            ("biography", "f"),
            ("copy", "f"),
            ("open", "f"),
        ]
        app.seen.clear()
        await pilot.press("k", "r")
        assert app.seen == []
        assert app.timeline.check_action("ask", (Ask.RETRY,)) is False
        assert app.timeline.check_action("ask", (Ask.COPY,)) is True


async def test_a_click_on_the_cure_asks_for_it_and_on_a_card_opens_it() -> None:
    app = TimelineApp()
    failed = ours("f", "Torsdag", status=DeliveryStatus.FAILED)
    picture = message("p", "", content=ContentKind.IMAGE, created_at=NOW)
    async with app.run_test(size=(60, 30)) as pilot:
        await start(app, pilot, [failed, picture])
        found = rows(app)
        y = next(y for y, row in enumerate(found) if "r sends it again" in row)
        await pilot.click("#timeline", offset=(45, y))
        y = next(y for y, row in enumerate(found) if "Photo" in row)
        await pilot.click("#timeline", offset=(6, y))
        assert app.seen == [("retry", "f"), ("open", "p")]
        assert app.timeline.cursor_id == "p"


async def test_a_changed_status_repaints_the_message_where_it_stands() -> None:
    app = TimelineApp()
    sent = ours("z", "message mine", created_at=NOW, status=DeliveryStatus.QUEUED)
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, [*talk(3), sent])
        assert any("· queued" in row for row in rows(app))
        app.timeline.merge([ours("z", "message mine", created_at=NOW, status=DeliveryStatus.READ)])
        await pilot.pause()
        assert any("✓✓ read" in row for row in rows(app))
        assert shown(app).count("message mine") <= 1
        assert app.timeline.message("z") is not None
        assert app.timeline.message("nobody") is None


async def test_huge_texts_are_cut_with_a_row_that_opens_them() -> None:
    app = TimelineApp()
    huge = message("h", "x" * 200_000)
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, [huge])
        assert app.timeline._sheet.height < 220
        found = "\n".join(rows(app))
        assert "more characters" in found
        y = next(y for y, row in enumerate(rows(app)) if "more characters" in row)
        await pilot.click("#timeline", offset=(6, y))
        assert app.seen == [("open", "h")]


async def test_a_body_of_many_narrow_rows_keeps_to_two_hundred() -> None:
    app = TimelineApp()
    async with app.run_test(size=(20, 20)) as pilot:
        await start(app, pilot, [message("h", "word " * 800)])
        assert app.timeline._sheet.height < 215
        assert "…" in "\n".join(rows(app))


async def test_the_closing_is_drawn_at_its_second(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, [message("1", created_at=NOW)])
        app.clock.advance(hours=23, minutes=58, seconds=59)
        app.timeline.tick()
        await pilot.pause()
        assert "window closed" not in "\n".join(rows(app))
        assert "Yesterday" in "\n".join(rows(app)), "midnight has passed"
        app.clock.advance(seconds=1)
        app.timeline.tick()
        await pilot.pause()
        assert "─── window closed 15:35 · only templates ───" in "\n".join(rows(app))
        repaints = Repaints(app.timeline, monkeypatch)
        app.clock.advance(seconds=1)
        app.timeline.tick()
        assert (repaints.regions, repaints.whole) == ([], 0)


async def test_system_messages_are_a_line_in_the_middle() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, [ours("s", "bo took it", kind=MessageKind.SYSTEM), message("1")])
        assert any(row.strip() == "bo took it · 14:36" for row in rows(app))
        await pilot.press("g")
        assert app.timeline.cursor_id == "1"


async def test_each_message_is_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[str] = []
    original = bubbles.lay_out

    def lay_out(view: Any, **named: Any) -> Any:
        laid.append(view.id)
        return original(view, **named)

    monkeypatch.setattr("wa_console.ui.widgets.timeline_sheet.lay_out", lay_out)
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(30))
        assert len(laid) == 30
        app.timeline.merge(talk(2, first=29))
        await pilot.press("g", "G", "pageup")
        assert len(laid) == 31
