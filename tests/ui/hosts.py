"""Apps around one widget, with the intents it posted, and short ways to look at them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.samples import LOOK, NOW, Clock, Host, inbox_row, message, window_by
from tests.ui.screen import widget_text
from wa_console.domain.conversation import InboxRow
from wa_console.domain.message import ChatMessage
from wa_console.ui.widgets.conversation_list import ConversationList
from wa_console.ui.widgets.inbox_rows import LEFT_WIDTH
from wa_console.ui.widgets.timeline import Timeline


class ListApp(Host):
    """A list, and every intent it posted."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.list = ConversationList(
            window_of=window_by(self.clock), now=self.clock, look=LOOK, id="inbox"
        )
        super().__init__(self.list)

    def on_conversation_list_highlighted(self, event: ConversationList.Highlighted) -> None:
        self.seen.append(("highlighted", event.conversation_id))

    def on_conversation_list_opened(self, event: ConversationList.Opened) -> None:
        assert event.control is self.list
        self.seen.append(("opened", event.conversation_id))


def made(count: int) -> list[InboxRow]:
    return [inbox_row(f"c{i}", name=f"Customer {i}") for i in range(count)]


def titles(app: ListApp) -> list[str]:
    """The titles on the screen, from top to bottom."""
    rows = [row[LEFT_WIDTH:].strip() for row in widget_text(app.list)]
    return [row for row in rows if row.startswith("Customer")]


def without_bar(app: ListApp) -> list[str]:
    """What the list shows, the scroll bar taken off."""
    return [row[:-1] for row in widget_text(app.list)]


def selected(app: ListApp) -> str | None:
    """The conversation under the cursor."""
    return app.list.selected_id


async def settle(app: ListApp, pilot: Pilot[Any]) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()


class TimelineApp(Host):
    """A timeline, something else to focus, and every intent that was posted."""

    def __init__(self, clock: Clock | None = None, height: str = "1fr") -> None:
        self.clock = clock or Clock()
        self.timeline = Timeline(now=self.clock, look=LOOK, id="timeline")
        self.timeline.styles.height = height
        super().__init__(Input(id="other"), self.timeline)

    def on_timeline_asked(self, event: Timeline.Asked) -> None:
        assert event.control is self.timeline
        self.seen.append((event.ask, event.message_id))

    def on_timeline_older_wanted(self, event: Timeline.OlderWanted) -> None:
        assert event.control is self.timeline
        self.seen.append(("older", event.conversation_id, event.before_id))


def talk(count: int, *, first: int = 0) -> list[ChatMessage]:
    """A conversation of so many short messages, a minute apart, the last one just now."""
    start = NOW - timedelta(minutes=600)
    return [
        message(f"m{i:04}", f"message {i}", created_at=start + timedelta(minutes=i))
        for i in range(first, first + count)
    ]


def rows(app: TimelineApp) -> list[str]:
    return [row.rstrip() for row in widget_text(app.timeline)]


def shown(app: TimelineApp) -> list[str]:
    """The bodies in view, without the scroll bar."""
    found = (row[:-1].strip(" ▌▐▸") for row in widget_text(app.timeline))
    return [row for row in found if row.startswith("message")]


def height_of(app: TimelineApp, message_id: str) -> int:
    """The row of the screen where a message begins."""
    span = app.timeline._sheet.span(message_id)
    assert span is not None
    return span[0] - app.timeline.scroll_offset.y


async def start(
    app: TimelineApp, pilot: Pilot[Any], messages: list[ChatMessage], *, more: bool = False
) -> None:
    app.timeline.show("c1", messages, more=more)
    await pilot.pause()
    app.timeline.focus()
    await pilot.pause()
