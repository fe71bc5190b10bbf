"""The inbox list: what is on the screen, what keys do, and what is repainted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.events import MouseScrollDown

from tests.ui.hosts import ListApp, made, titles
from tests.ui.samples import ListSource, inbound_for, inbox_row
from tests.ui.screen import Repaints, widget_text
from wa_console.ui.widgets.inbox_rows import COUNT_WIDTH, COUNT_X


async def test_an_entry_is_a_ledger_of_two_rows() -> None:
    app = ListApp()
    rows = [
        inbox_row(
            "a",
            profile_name="Mette Holm",
            unread=2,
            last_body="Hej, hvornår kommer pakken?",
            last_inbound_at=inbound_for(timedelta(minutes=4, seconds=12)),
        ),
        inbox_row("b", last_content="image", has_draft=True, last_body="the lid is cracked"),
        inbox_row("c", name="Oskar", last_inbound_at=None, last_status="failed"),
    ]
    async with app.run_test(size=(28, 12)) as pilot:
        await app.list.show(ListSource(rows))
        await pilot.pause()
        assert [row.rstrip() for row in widget_text(app.list)[:6]] == [
            "▌◔ 04:12   Mette Holm",
            "▌      2   Hej, hvornår ko…",
            " ● 5 h     +45 31 22 64 10",
            " ✎         📷 Photo · the…",
            " ○ never   Oskar",
            " ✗         Hej",
        ]


@pytest.mark.parametrize(("size", "step"), [((80, 24), 2), ((150, 40), 3)])
async def test_tall_screens_put_a_blank_row_between(size: tuple[int, int], step: int) -> None:
    app = ListApp()
    async with app.run_test(size=size) as pilot:
        await app.list.show(ListSource(made(3)))
        await pilot.pause()
        text = widget_text(app.list)
        assert [y for y, row in enumerate(text) if "Customer" in row] == [0, step, 2 * step]
        app.list.roomy = step == 2
        await pilot.pause()
        text = widget_text(app.list)
        assert [y for y, row in enumerate(text) if "Customer" in row][1] == 5 - step


async def test_keys_move_and_open() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 20)) as pilot:
        app.list.focus()
        await app.list.show(ListSource(made(30)))
        await pilot.press("j", "down", "k", "enter")
        assert app.list.selected_id == "c1"
        assert app.seen[-1] == ("opened", "c1")
        assert app.list.opened_id == "c1"
        await pilot.press("G")
        assert (app.list.selected_id, titles(app)[-1]) == ("c29", "Customer 29")
        await pilot.press("g")
        assert (app.list.selected_id, titles(app)[0]) == ("c0", "Customer 0")
        await pilot.press("pagedown")
        assert app.list.selected_id == "c9"
        await pilot.press("pageup", "pageup")
        assert app.list.selected_id == "c0"
        highlights = [name for kind, name in app.seen if kind == "highlighted"]
        assert highlights[:4] == ["c0", "c1", "c2", "c1"]


async def test_a_click_chooses_and_opens_and_the_wheel_scrolls() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(ListSource(made(30)))
        await pilot.click("#inbox", offset=(15, 5))
        assert app.seen[-1] == ("opened", "c2")
        await pilot._post_mouse_events([MouseScrollDown], "#inbox", offset=(5, 5))
        await pilot.pause()
        assert app.list.scroll_offset.y > 0
        assert app.list.selected_id == "c2"


async def test_a_click_below_the_last_row_does_nothing() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(ListSource(made(2)))
        await pilot.click("#inbox", offset=(15, 15))
        assert not [kind for kind, _name in app.seen if kind == "opened"]


async def test_a_tick_repaints_only_the_countdowns_that_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = ListApp()
    rows = [
        inbox_row("a", last_inbound_at=inbound_for(timedelta(hours=5, minutes=30))),
        inbox_row("b", last_inbound_at=inbound_for(timedelta(minutes=30))),
        inbox_row("c", last_inbound_at=None),
        inbox_row("d", last_inbound_at=inbound_for(timedelta(hours=1, seconds=1))),
    ]
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(ListSource(rows))
        await pilot.pause()
        repaints = Repaints(app.list, monkeypatch)
        app.list.tick()
        assert repaints.regions == []
        app.clock.advance(seconds=1)
        app.list.tick()
        assert [(r.x, r.y, r.width, r.height) for r in repaints.regions] == [
            (COUNT_X, 2, COUNT_WIDTH, 1),
            (COUNT_X, 6, COUNT_WIDTH, 1),
        ]
        assert repaints.whole == 0
        await pilot.pause()
        text = widget_text(app.list)
        assert text[2].startswith(" ◑ 29:59")
        assert text[6].startswith(" ◑ 1 h")
        app.clock.advance(days=1)
        app.list.tick()
        await pilot.pause()
        assert widget_text(app.list)[0].startswith("▌○ closed")


async def test_ticks_ask_nothing_of_rows_out_of_view(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ListApp()
    soon = inbound_for(timedelta(minutes=30))
    rows = [inbox_row(f"c{i}", last_inbound_at=soon) for i in range(90)]
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(ListSource(rows))
        await pilot.pause()
        repaints = Repaints(app.list, monkeypatch)
        app.clock.advance(seconds=1)
        app.list.tick()
        assert len(repaints.regions) == 10


async def test_a_key_repaints_the_two_entries_it_touches(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ListApp()
    async with app.run_test(size=(40, 20)) as pilot:
        app.list.focus()
        await app.list.show(ListSource(made(5)))
        await pilot.pause()
        repaints = Repaints(app.list, monkeypatch)
        await pilot.press("j")
        assert repaints.whole == 0
        assert repaints.rows == {0, 1, 2, 3}


async def test_a_reload_repaints_only_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ListApp()
    source = ListSource(made(8))
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(source)
        await pilot.pause()
        repaints = Repaints(app.list, monkeypatch)
        await app.list.reload()
        assert (repaints.regions, repaints.whole) == ([], 0)
        source.rows[3] = inbox_row("c3", name="Customer 3", unread=4)
        await app.list.reload()
        assert repaints.rows == {6, 7}
        assert repaints.whole == 0


async def test_the_open_conversation_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ListApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(ListSource(made(3)))
        app.list.opened_id = "c1"
        await pilot.pause()
        assert [row[0] for row in widget_text(app.list)[:6]] == ["▌", "▌", "▏", "▏", " ", " "]


async def test_an_empty_view_says_what_it_is_told() -> None:
    app = ListApp()
    async with app.run_test(size=(40, 20)) as pilot:
        app.list.empty_text = "No one waits. Press N to write first."
        await pilot.pause()
        assert not "".join(widget_text(app.list)).strip()
        await app.list.show(ListSource([]))
        await pilot.press("j", "enter", "G", "pageup")
        assert widget_text(app.list)[1].strip() == "No one waits. Press N to write first."
        assert app.seen == []


async def test_no_colour_is_needed_to_find_the_cursor() -> None:
    """The cursor is a sign of its own, not only a background (WCAG 1.4.1)."""
    app = ListApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(ListSource(made(3)), select="c1")
        await pilot.pause()
        assert [row[0] for row in widget_text(app.list)[:6]] == [" ", " ", "▌", "▌", " ", " "]
