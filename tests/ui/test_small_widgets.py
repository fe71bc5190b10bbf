"""Tabs, header, customer pane and status line as they stand on the screen."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.containers import Vertical

from tests.ui.samples import (
    LOOK,
    NOW,
    Clock,
    Host,
    conversation,
    customer,
    inbound_for,
)
from tests.ui.screen import Repaints, screen_text, widget_text
from wa_console.domain.conversation import View
from wa_console.domain.window import reply_window
from wa_console.ui.present import (
    ASCII,
    Look,
    StatusFacts,
    Tone,
    customer_view,
    header,
    status_line,
)
from wa_console.ui.widgets.conversation_header import ConversationHeader
from wa_console.ui.widgets.customer_pane import CustomerPane
from wa_console.ui.widgets.status_line import StatusLine
from wa_console.ui.widgets.view_tabs import ViewTabs

COUNTS = {View.MINE: 6, View.UNASSIGNED: 3, View.WAITING: 9}


class TabsApp(Host):
    """Tabs, and what was chosen."""

    def __init__(self, look: Look = LOOK) -> None:
        self.tabs = ViewTabs(look=look, id="tabs")
        super().__init__(self.tabs)

    def on_view_tabs_chosen(self, event: ViewTabs.Chosen) -> None:
        assert event.control is self.tabs
        self.seen.append(event.view)


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (60, " ▐Mine 6▌ Unassigned 3  Waiting 9  All"),
        (37, "▐Mine 6▌Unassigned 3 Waiting 9 All"),
        (27, "▐Mine 6▌Free 3 Wait 9 All"),
    ],
)
async def test_tabs_take_the_roomiest_form_that_fits(width: int, row: str) -> None:
    app = TabsApp()
    async with app.run_test(size=(width, 3)) as pilot:
        app.tabs.show(COUNTS)
        await pilot.pause()
        assert screen_text(app)[0] == row


async def test_tabs_are_chosen_by_mouse_and_by_step() -> None:
    app = TabsApp()
    async with app.run_test(size=(60, 3)) as pilot:
        app.tabs.show(COUNTS)
        await pilot.pause()
        await pilot.click("#tabs", offset=(12, 0))
        assert screen_text(app)[0] == "  Mine 6 ▐Unassigned 3▌ Waiting 9  All"
        await pilot.click("#tabs", offset=(37, 0))
        await pilot.click("#tabs", offset=(50, 0))
        app.tabs.step(1)
        app.tabs.step(-1)
        await pilot.pause()
        assert app.seen == [View.UNASSIGNED, View.ALL, View.MINE, View.ALL]


async def test_rare_views_get_a_tab_while_they_hold_something() -> None:
    app = TabsApp(Look(glyphs=ASCII, zone=UTC))
    async with app.run_test(size=(80, 3)) as pilot:
        app.tabs.show({**COUNTS, View.QUARANTINE: 2})
        app.tabs.active = View.CLOSED
        await pilot.pause()
        assert screen_text(app)[0].split() == [
            "Mine", "6", "Unassigned", "3", "Waiting", "9", "All", "|Closed|", "Quarantine", "2"
        ]  # fmt: skip


class HeaderApp(Host):
    """A header over something."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.header = ConversationHeader(now=self.clock, look=LOOK)
        super().__init__()

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self.header

    def show(self, left: timedelta | None) -> None:
        last = None if left is None else inbound_for(left)
        window = reply_window(last, NOW)
        self.header.show(header(conversation(), customer(), window=window, look=LOOK))


async def test_wide_header_has_three_rows_and_a_gauge() -> None:
    app = HeaderApp()
    async with app.run_test(size=(80, 40)) as pilot:
        app.show(timedelta(hours=12))
        await pilot.pause()
        assert [row.rstrip() for row in widget_text(app.header)] == [
            "  +45 31 22 64 10 · da · assigned to you  Mette Holm",
            "  ● 12:00:00 left to reply freely  ━━━━━━━━━━━━────────────",
            "  until 03:36 tomorrow · after that only approved templates",
        ]


async def test_narrow_header_has_two_rows() -> None:
    app = HeaderApp()
    async with app.run_test(size=(51, 24)) as pilot:
        app.show(timedelta(minutes=4, seconds=12))
        await pilot.pause()
        assert [row.rstrip() for row in widget_text(app.header)] == [
            "  +45 31 22 64 10 · you  Mette Holm",
            "  ◔ 0:04:12 left  until 15:41, then templates only",
        ]
        app.header.narrow = False
        await pilot.pause()
        assert len(widget_text(app.header)) == 3


@pytest.mark.parametrize(
    ("left", "tone"),
    [
        (timedelta(hours=12), Tone.CALM),
        (timedelta(minutes=50), Tone.WARN),
        (timedelta(minutes=5), Tone.URGENT),
        (timedelta(hours=-1), Tone.CLOSED),
        (None, Tone.NEVER),
    ],
)
async def test_header_carries_its_tone_as_a_class(left: timedelta | None, tone: Tone) -> None:
    app = HeaderApp()
    async with app.run_test(size=(80, 40)) as pilot:
        app.show(left)
        await pilot.pause()
        assert [t for t in Tone if app.header.has_class(f"-{t}")] == [tone]


async def test_header_ticks_only_the_rows_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    app = HeaderApp()
    async with app.run_test(size=(80, 40)) as pilot:
        app.show(timedelta(minutes=4, seconds=12))
        await pilot.pause()
        repaints = Repaints(app.header, monkeypatch)
        app.header.tick()
        assert repaints.regions == []
        app.clock.advance(seconds=1)
        app.header.tick()
        assert repaints.rows == {1, 2}
        await pilot.pause()
        assert "0:04:11" in widget_text(app.header)[1]
        app.clock.advance(hours=2)
        app.header.tick()
        await pilot.pause()
        assert "closed for free text" in widget_text(app.header)[1]
        app.header.show(None)
        app.header.tick()
        await pilot.pause()
        assert not "".join(widget_text(app.header)).strip()


async def test_customer_pane_shows_sections_and_wraps() -> None:
    pane = CustomerPane()
    app = Host(pane)
    pane.styles.width = 34
    async with app.run_test(size=(34, 24)) as pilot:
        labels = ("vip", "parcel", "needs a call back", "angry")
        shown = customer_view(
            customer(profile_name="Mette Margrethe Henriette Holm Andersen"),
            conversation(labels=labels, queue="Delivery and returns of northern Jutland"),
            now=NOW,
            look=LOOK,
        )
        pane.show(shown)
        await pilot.pause()
        assert [row.rstrip() for row in screen_text(app) if row.strip()] == [
            "  Mette Margrethe Henriette",
            "  Holm Andersen",
            "  Customer",
            "  Number  +45 31 22 64 10",
            "  First seen  3 Mar 2026",
            "  Language  da",
            "  Labels   vip   parcel",
            "   needs a call back   angry",
            "  Conversation",
            "  State  Active",
            "  Queue",
            "  Delivery and returns of",
            "  northern Jutland",
            "  With  you",
            "  First reply  13:36 today",
            "  Waiting  4 m 48 s",
        ]
        pane.show(None)
        await pilot.pause()
        assert not "".join(screen_text(app)).strip()


async def test_the_same_view_again_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pane, line = CustomerPane(), StatusLine()
    app = Host(line, pane)
    async with app.run_test(size=(80, 24)) as pilot:
        view = customer_view(customer(), conversation(), now=NOW, look=LOOK)
        pane.show(view)
        line.show(status_line(StatusFacts(), look=LOOK))
        await pilot.pause()
        watched = [Repaints(widget, monkeypatch) for widget in (pane, line)]
        pane.show(customer_view(customer(), conversation(), now=NOW, look=LOOK))
        line.show(status_line(StatusFacts(), look=LOOK))
        assert [(seen.regions, seen.whole) for seen in watched] == [([], 0), ([], 0)]


@pytest.mark.parametrize(
    ("width", "row"),
    [
        (
            150,
            (
                " wa-console  Support · +45 70 20 30 40      ● Available 2/5      "
                "● Twilio last webhook 12 s ago      2 windows close within the hour"
            ),
        ),
        (
            80,
            " wa-console   ● Available 2/5   ● Twilio last webhook 12 s ago   2 close < 1 h",
        ),
        (60, " wa-console  ● Available 2/5  ● Twilio 12 s  2 close < 1 h"),
    ],
)
async def test_status_line_takes_the_widest_form_that_fits(width: int, row: str) -> None:
    line = StatusLine()
    app: Any = Host(line)
    facts = StatusFacts(
        number="Support · +45 70 20 30 40",
        active=2,
        capacity=5,
        last_webhook=timedelta(seconds=12),
        closing_soon=2,
    )
    async with app.run_test(size=(width, 3)) as pilot:
        line.show(status_line(facts, look=LOOK))
        await pilot.pause()
        assert screen_text(app)[0] == row
