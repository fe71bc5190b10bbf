"""The timeline: scrolling, the cursor, and what keeps its place when messages come."""

from __future__ import annotations

import pytest

from tests.ui.hosts import TimelineApp, height_of, rows, shown, start, talk
from tests.ui.samples import NOW, message, ours
from tests.ui.screen import Repaints


async def test_it_opens_at_the_end_and_stays_there() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(30))
        assert shown(app)[-1] == "message 29"
        app.timeline.merge(talk(1, first=30))
        await pilot.pause()
        assert shown(app)[-1] == "message 30"
        assert app.timeline.new_below == 0


async def test_the_end_stays_in_view_when_the_composer_grows() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(30))
        app.timeline.styles.height = 8
        await pilot.pause(0.1)
        assert shown(app)[-1] == "message 29"
        app.timeline.styles.height = "1fr"
        await pilot.pause(0.1)
        assert shown(app)[-1] == "message 29"


async def test_scrolled_up_nothing_moves_and_a_chip_counts_what_is_new() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(30))
        await pilot.press("pageup", "pageup")
        before = shown(app)
        app.timeline.merge(talk(2, first=30))
        await pilot.pause()
        assert app.timeline.new_below == 2
        assert shown(app)[:3] == before[:3]
        assert rows(app)[-1].strip() == "↓ 2 new messages"
        app.timeline.merge(talk(1, first=20))
        assert app.timeline.new_below == 2, "an older one that changed is not new"
        y = app.timeline.size.height - 1
        await pilot.click("#timeline", offset=(30, y))
        await pilot.pause()
        assert app.timeline.new_below == 0
        assert shown(app)[-1] == "message 31"


async def test_a_message_of_ones_own_shows_the_end() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(30))
        await pilot.press("g")
        app.timeline.merge([ours("z", "message mine", created_at=NOW)])
        await pilot.pause()
        assert shown(app)[-1] == "message mine"
        await pilot.press("g")
        app.timeline.merge([ours("zz", "message bo", author="bo", created_at=NOW)])
        await pilot.pause()
        assert app.timeline.new_below == 1


async def test_older_messages_are_asked_for_once_and_nothing_moves_when_they_come() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(30, first=100), more=True)
        assert app.seen == []
        await pilot.press("g")
        await pilot.pause()
        assert app.seen == [("older", "c1", "m0100")]
        assert "↑ older messages" in "\n".join(rows(app))
        await pilot.press("j", "k")
        place = height_of(app, "m0100")
        before = shown(app)
        app.timeline.prepend(talk(50, first=50), more=True)
        await pilot.pause()
        assert height_of(app, "m0100") == place
        assert shown(app)[-len(before) :] == before
        assert len(app.seen) == 1
        await pilot.press("g")
        assert app.seen[-1] == ("older", "c1", "m0050")
        app.timeline.prepend(talk(50), more=False)
        await pilot.press("g")
        assert len(app.seen) == 2
        oldest = app.timeline.oldest
        assert oldest is not None
        assert oldest.id == "m0000"


async def test_a_short_beginning_asks_for_more_at_once() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(2), more=True)
        assert app.seen == [("older", "c1", "m0000")]


async def test_the_cursor_moves_by_messages_and_scrolls_along() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(30))
        assert app.timeline.cursor_id == "m0029"
        await pilot.press("k", "up")
        assert app.timeline.cursor_id == "m0027"
        assert sum("▸" in row for row in rows(app)) == 1
        await pilot.press("j")
        assert app.timeline.cursor_id == "m0028"
        await pilot.press("g")
        assert app.timeline.cursor_id == "m0000"
        assert rows(app)[1].strip(" ▁▂▃▄▅▆▇█") == "Today"
        await pilot.press("k")
        assert app.timeline.cursor_id == "m0000"
        await pilot.press("pagedown")
        assert app.timeline.cursor_id != "m0000"
        await pilot.press("G")
        assert app.timeline.cursor_id == "m0029"
        await pilot.press("j")
        assert app.timeline.cursor_id == "m0029"
        assert shown(app)[-1] == "message 29"


async def test_the_cursor_shows_only_where_the_keys_go() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(3))
        assert "▸" in "\n".join(rows(app))
        app.query_one("#other").focus()
        await pilot.pause()
        assert "▸" not in "\n".join(rows(app))


async def test_a_key_repaints_two_messages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(3))
        repaints = Repaints(app.timeline, monkeypatch)
        await pilot.press("k")
        assert repaints.whole == 0
        assert len(repaints.rows) == 4


async def test_a_message_taller_than_the_screen_is_read_by_screens() -> None:
    app = TimelineApp()
    tall = message("m0005x", "\n".join(f"line {i}" for i in range(60)), created_at=NOW)
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, [*talk(5), tall])
        await pilot.press("g")
        for _step in range(5):
            await pilot.press("j")
        assert app.timeline.cursor_id == "m0005x"
        assert "line 0" in "\n".join(rows(app))
        await pilot.press("j")
        assert app.timeline.cursor_id == "m0005x"
        assert "line 20" in "\n".join(rows(app))
        await pilot.press("j", "j", "j", "j")
        assert "line 59" in "\n".join(rows(app))
        for _step in range(3):
            await pilot.press("k")
        assert "line 0" in "\n".join(rows(app))
        await pilot.press("k")
        assert app.timeline.cursor_id == "m0004"


async def test_a_narrow_screen_wraps_anew_and_keeps_its_place() -> None:
    app = TimelineApp()
    long = [message(f"m{i:04}", f"message {i} " + "word " * 20) for i in range(30)]
    async with app.run_test(size=(90, 20)) as pilot:
        await start(app, pilot, long)
        await pilot.press("g", *["j"] * 6)
        first = app.timeline._anchor()
        await pilot.resize_terminal(50, 20)
        await pilot.pause()
        now = app.timeline._anchor()
        assert first is not None
        assert now is not None
        assert now[0] == first[0]


async def test_messages_can_be_sought_and_the_view_cleared() -> None:
    app = TimelineApp()
    async with app.run_test(size=(60, 20)) as pilot:
        await start(app, pilot, talk(30))
        assert app.timeline.scroll_to_message("m0003")
        await pilot.pause()
        assert "message 3" in shown(app)
        assert not app.timeline.scroll_to_message("nobody")
        app.timeline.clear()
        await pilot.press("j", "k", "g", "G", "pageup", "i", "enter")
        assert not "".join(rows(app)).strip()
        assert app.seen == []
