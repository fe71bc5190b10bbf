"""The inbox list: new rows, moved rows and lost rows never take the cursor from its place."""

from __future__ import annotations

import random

import pytest

from tests.ui.hosts import ListApp, made, selected, without_bar
from tests.ui.samples import ListSource, inbox_row
from tests.ui.screen import widget_text
from wa_console.domain.conversation import InboxRow


async def test_new_rows_never_move_the_selection() -> None:
    app = ListApp()
    source = ListSource(made(100))
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(source)
        app.list.select_row(50)
        await pilot.pause()
        before = without_bar(app)
        source.rows[:0] = [inbox_row(f"n{i}", name=f"New {i}") for i in range(7)]
        await app.list.reload()
        await pilot.pause()
        assert app.list.selected_id == "c50"
        assert without_bar(app) == before


async def test_a_row_that_moved_keeps_the_cursor_and_its_place() -> None:
    app = ListApp()
    source = ListSource(made(60))
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(source)
        app.list.select_row(20)
        await pilot.pause()
        place = next(y for y, row in enumerate(widget_text(app.list)) if "Customer 20" in row)
        source.rows.insert(40, source.rows.pop(20))
        await app.list.reload()
        await pilot.pause()
        assert app.list.selected_id == "c20"
        assert "Customer 20" in widget_text(app.list)[place]


async def test_what_is_in_view_stays_when_the_cursor_is_elsewhere() -> None:
    app = ListApp()
    source = ListSource(made(100))
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(source)
        await pilot.pause()
        app.list.scroll_to(y=100, animate=False)
        await pilot.pause()
        before = without_bar(app)
        assert "Customer 50" in before[0]
        source.rows.insert(0, inbox_row("n", name="New"))
        await app.list.reload()
        await pilot.pause()
        assert without_bar(app) == before
        assert app.list.selected_id == "c0"


async def test_the_neighbour_is_chosen_when_the_chosen_one_goes() -> None:
    app = ListApp()
    source = ListSource(made(3))
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(source, select="c1")
        del source.rows[1]
        await app.list.reload()
        assert selected(app) == "c2"
        del source.rows[1]
        await app.list.reload()
        assert selected(app) == "c0"
        source.rows.clear()
        await app.list.reload()
        await pilot.pause()
        assert selected(app) is None
        source.rows = made(1)
        await app.list.reload()
        await pilot.pause()
        assert selected(app) == "c0"
        assert app.seen[-1] == ("highlighted", "c0")


@pytest.mark.parametrize("seed", range(4))
async def test_selection_is_stable_whatever_happens(seed: int) -> None:
    """Property: after any change the cursor is on the same conversation, at the same height."""
    dice = random.Random(seed)
    app = ListApp()
    source = ListSource(made(40))
    async with app.run_test(size=(40, 16)) as pilot:
        await app.list.show(source)
        app.list.select_row(20)
        await pilot.pause()
        for turn in range(30):
            selected = app.list.selected_id
            assert selected is not None
            height = _height_of(app, selected)
            _change(source.rows, dice, turn, keep=selected)
            await app.list.reload()
            await pilot.pause()
            assert app.list.selected_id == selected
            if 0 < app.list.scroll_offset.y < app.list.max_scroll_y:
                assert _height_of(app, selected) == height
            if dice.random() < 0.3:
                app.list.action_move(dice.choice((-3, -1, 1, 3)))
                await pilot.pause()


def _height_of(app: ListApp, conversation_id: str) -> int:
    pages = app.list._pages
    assert pages is not None
    index = pages.index_of(conversation_id)
    assert index is not None
    return index * 2 - app.list.scroll_offset.y


def _change(rows: list[InboxRow], dice: random.Random, turn: int, *, keep: str) -> None:
    match dice.randrange(4):
        case 0:
            rows.insert(dice.randrange(len(rows)), inbox_row(f"n{turn}", name=f"New {turn}"))
        case 1:
            rows.insert(dice.randrange(len(rows)), rows.pop(dice.randrange(len(rows))))
        case 2:
            at = dice.randrange(len(rows))
            if rows[at].id != keep and len(rows) > 30:
                del rows[at]
        case _:
            dice.shuffle(rows)


async def test_select_moves_to_a_conversation_that_came_after_the_last_reading() -> None:
    app = ListApp()
    source = ListSource(made(3))
    async with app.run_test(size=(40, 20)):
        await app.list.show(source)
        source.rows.append(inbox_row("new", name="New"))
        assert await app.list.select("new")
        assert app.list.selected_id == "new"
        assert not await app.list.select("nobody")
        assert app.list.selected_id == "new"
