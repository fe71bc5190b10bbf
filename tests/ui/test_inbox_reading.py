"""The inbox list: which pages are read, what stands there meanwhile, what is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.ui.hosts import ListApp, made, settle, titles
from tests.ui.samples import ListSource, MadeSource, inbox_row
from tests.ui.screen import widget_text
from wa_console.domain.conversation import InboxRow
from wa_console.domain.errors import StoreProblem


async def test_a_hundred_thousand_rows_cost_what_is_in_view() -> None:
    app = ListApp()
    source = MadeSource(100_000)
    async with app.run_test(size=(40, 20)) as pilot:
        app.list.focus()
        await app.list.show(source)
        await pilot.pause()
        assert source.pages == [(0, 100)]
        await pilot.press("G", "enter")
        await settle(app, pilot)
        assert app.list.selected_id == "c99999"
        assert app.seen[-1] == ("opened", "c99999")
        assert titles(app)[-1] == "Customer 99999"
        await pilot.press("g")
        app.list.scroll_to(y=100_000, animate=False)
        await settle(app, pilot)
        assert titles(app)[0] == "Customer 50000"
        assert len(source.pages) <= 4
        assert len(app.list._lines) < 100


async def test_placeholders_stand_where_rows_are_still_read() -> None:
    app = ListApp()

    class Slow(MadeSource):
        gate = asyncio.Event()

        async def page(self, *, offset: int, limit: int) -> Sequence[InboxRow]:
            if offset:
                await self.gate.wait()
            return await super().page(offset=offset, limit=limit)

    source = Slow(1000)
    async with app.run_test(size=(40, 20)) as pilot:
        app.list.focus()
        await app.list.show(source)
        await pilot.press("G")
        await pilot.pause()
        assert app.list.selected_id is None
        assert all("╌╌╌" in row for row in widget_text(app.list))
        await pilot.press("enter")
        assert not [kind for kind, _name in app.seen if kind == "opened"]
        source.gate.set()
        await settle(app, pilot)
        assert titles(app)[-1] == "Customer 999"
        assert app.seen[-1] == ("opened", "c999")


async def test_answers_for_a_view_that_is_left_are_dropped() -> None:
    app = ListApp()

    class Late(ListSource):
        gate = asyncio.Event()

        async def size(self) -> int:
            await self.gate.wait()
            return await super().size()

    late = Late([inbox_row("old", name="Customer old")])
    async with app.run_test(size=(40, 20)) as pilot:
        slow = asyncio.create_task(app.list.show(late))
        await asyncio.sleep(0)
        await app.list.show(ListSource(made(2)))
        late.gate.set()
        await slow
        await pilot.pause()
        assert titles(app) == ["Customer 0", "Customer 1"]


async def test_a_reload_asked_for_during_a_reload_runs_once_more() -> None:
    app = ListApp()
    source = ListSource(made(2))
    async with app.run_test(size=(40, 20)) as pilot:
        await app.list.show(source)
        first = asyncio.create_task(app.list.reload())
        await asyncio.sleep(0)
        source.rows.append(inbox_row("c2", name="Customer 2"))
        await app.list.reload()
        await first
        await pilot.pause()
        assert titles(app) == ["Customer 0", "Customer 1", "Customer 2"]


async def test_a_page_that_fails_leaves_placeholders_and_comes_with_the_next_reload() -> None:
    app = ListApp()

    class Broken(MadeSource):
        broken = True

        async def page(self, *, offset: int, limit: int) -> Sequence[InboxRow]:
            if offset and self.broken:
                raise StoreProblem("the disk is gone")
            return await super().page(offset=offset, limit=limit)

    source = Broken(1000)
    async with app.run_test(size=(40, 20)) as pilot:
        app.list.focus()
        await app.list.show(source)
        await pilot.press("G")
        await settle(app, pilot)
        assert "╌╌╌" in widget_text(app.list)[0]
        source.broken = False
        await app.list.reload()
        await settle(app, pilot)
        assert titles(app)[-1] == "Customer 999"
