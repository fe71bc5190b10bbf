"""The messages of a conversation: a virtual sheet with a cursor.

Takes messages in and posts intents out. May not call a service, fetch older messages itself or
decide what becomes of a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from wa_console.domain.i18n import N_
from wa_console.domain.message import ChatMessage, Direction
from wa_console.domain.text import SafeText
from wa_console.ui.present import Look
from wa_console.ui.widgets.bubbles import Ask
from wa_console.ui.widgets.timeline_sheet import Names
from wa_console.ui.widgets.timeline_view import TimelineView, order_of

__all__ = ["Ask", "Timeline"]


class Timeline(TimelineView):
    """The messages of a conversation: what comes in, cursor, keys and mouse."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", N_("Down"), show=False, id="timeline.down",
                tooltip=N_("Next message")),
        Binding("k,up", "move(-1)", N_("Up"), show=False, id="timeline.up",
                tooltip=N_("Message before")),
        Binding("g,home", "first", N_("First"), show=False, id="timeline.first",
                tooltip=N_("Oldest message that is loaded")),
        Binding("G,end", "last", N_("Last"), show=False, id="timeline.last",
                tooltip=N_("Newest message")),
        Binding("pageup", "page(-1)", N_("Page up"), show=False, id="timeline.page_up",
                tooltip=N_("One screen up")),
        Binding("pagedown", "page(1)", N_("Page down"), show=False, id="timeline.page_down",
                tooltip=N_("One screen down")),
        Binding("enter", "ask('open')", N_("Open"), show=True, id="timeline.open",
                tooltip=N_("Show the whole message, its picture or file")),
        Binding("i", "ask('biography')", N_("Biography"), show=True, id="timeline.biography",
                tooltip=N_("Everything known about the message")),
        Binding("y", "ask('copy')", N_("Copy"), show=True, id="timeline.copy",
                tooltip=N_("Copy the text")),
        Binding("r,exclamation_mark", "ask('retry')", N_("Retry"), show=True, id="timeline.retry",
                tooltip=N_("Send a failed message again")),
    ]  # fmt: skip

    class Asked(Message):
        """The person wants something of a message; `ask` compares equal to its word."""

        def __init__(self, timeline: Timeline, ask: Ask, message_id: str) -> None:
            super().__init__()
            self.timeline = timeline
            self.ask = ask
            self.message_id = message_id

        @property
        def control(self) -> Timeline:
            """The timeline it happened in."""
            return self.timeline

    class OlderWanted(Message):
        """The top came near, and there are older messages than `before_id`."""

        def __init__(self, timeline: Timeline, conversation_id: str, before_id: str) -> None:
            super().__init__()
            self.timeline = timeline
            self.conversation_id = conversation_id
            self.before_id = before_id

        @property
        def control(self) -> Timeline:
            """The timeline it happened in."""
            return self.timeline

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        look: Look | None = None,
        margin: timedelta = timedelta(seconds=60),
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            now=now,
            look=look,
            margin=margin,
            name=name,
            id=id,
            classes=classes,
            disabled=disabled,
        )
        self._conversation_id = ""
        self._asked_before = ""

    def show(
        self,
        conversation_id: str,
        messages: Sequence[ChatMessage],
        *,
        more: bool = False,
        template_names: Mapping[str, str] | None = None,
        customer_name: SafeText | None = None,
    ) -> None:
        """Show a conversation from its end.

        Args:
            conversation_id: Which one.
            messages: Its newest messages, in any order.
            more: Whether there are older ones.
            template_names: Name of each template by Content SID.
            customer_name: How the customer is called where they are quoted.
        """
        self._conversation_id = conversation_id
        self._messages.clear()
        self._take(messages)
        self._names = Names(dict(template_names or {}), customer_name)
        self._more = more
        self._asked_before = ""
        self._sheet.forget()
        self.cursor_id = None
        self.new_below = 0
        self._follow = True
        self._rebuild()
        if self.has_focus:
            self._put_cursor_in_view()

    def clear(self) -> None:
        """Show no conversation."""
        self.show("", ())

    def merge(self, messages: Sequence[ChatMessage]) -> None:
        """Take in new and changed messages, known by their id.

        At the end it stays at the end. Elsewhere what is in view keeps its place and `new_below`
        counts the new ones, unless the person at this console wrote one: then the end is shown.
        """
        newest = order_of(self._order[-1]) if self._order else None
        fresh = [message for message in messages if message.id not in self._messages]
        self._take(messages)
        self._follow = self._follow or any(self._is_own(message) for message in fresh)
        self._rebuild()
        if not self._follow:
            self.new_below += sum(newest is None or order_of(m) > newest for m in fresh)

    def prepend(self, older: Sequence[ChatMessage], *, more: bool) -> None:
        """Take in older messages; what is in view keeps its place.

        Args:
            older: Messages before the oldest one shown.
            more: Whether there are still older ones.
        """
        self._take(older)
        self._more = more
        self._rebuild()

    def scroll_to_message(self, message_id: str) -> bool:
        """Put the cursor on a message and bring it into view; False when it is not loaded."""
        if self._sheet.span(message_id) is None:
            return False
        self._put_cursor(message_id)
        return True

    def action_move(self, by: int) -> None:
        """Move the cursor by messages; through one taller than the screen by screens."""
        ids = self._sheet.ids()
        if not ids:
            return
        if not self._in_view(self.cursor_id):
            self._put_cursor_in_view()
            return
        if self._scroll_inside(by):
            return
        at = ids.index(self.cursor_id or "") + by
        if 0 <= at < len(ids):
            self._put_cursor(ids[at])
        else:
            self._scroll_rows(0 if by < 0 else self._sheet.height)

    def action_first(self) -> None:
        """Move the cursor to the oldest message that is loaded."""
        if ids := self._sheet.ids():
            self._put_cursor(ids[0])
            self._scroll_rows(0)

    def action_last(self) -> None:
        """Move the cursor to the newest message."""
        if ids := self._sheet.ids():
            self._put_cursor(ids[-1])
            self._scroll_rows(self._sheet.height)

    def action_page(self, by: int) -> None:
        """Scroll by screens and take the cursor along."""
        self._scroll_rows(self.scroll_offset.y + by * max(1, self.size.height - 2))
        row = self.scroll_offset.y if by < 0 else self._last_row()
        if message_id := self._near(row, step=-1 if by > 0 else 1):
            self.cursor_id = message_id

    def action_ask(self, what: str) -> None:
        """Post what the person wants of the message under the cursor."""
        ask = Ask(what)
        if self.cursor_id is None or (
            ask is Ask.RETRY and not self._sheet.can_retry(self.cursor_id)
        ):
            return
        self.post_message(self.Asked(self, ask, self.cursor_id))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the message under the cursor allows."""
        if action != "ask":
            return True
        if parameters == (Ask.RETRY,):
            return self._sheet.can_retry(self.cursor_id)
        return self.cursor_id is not None

    def on_click(self, event: events.Click) -> None:
        """Choose the message under the pointer; its card or cure asks, the chip shows the end."""
        if self.new_below and event.y == self.size.height - 1:
            self.action_last()
            return
        y = event.y + self.scroll_offset.y
        if (message_id := self._sheet.at(y)) is None:
            return
        self._put_cursor(message_id)
        ask = self._sheet.ask_at(y) or (Ask.OPEN if event.chain > 1 else None)
        if ask is not None:
            self.action_ask(ask)

    def on_focus(self) -> None:
        """Show where the keys go."""
        if not self._in_view(self.cursor_id):
            self._put_cursor_in_view()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for older messages near the top."""
        super().watch_scroll_y(old_value, new_value)
        self._want_older()

    def _rebuild(self) -> None:
        super()._rebuild()
        self._want_older()

    def _is_own(self, message: ChatMessage) -> bool:
        ours = message.direction is Direction.OUTBOUND
        return ours and message.author == self._look.login != ""

    def _scroll_inside(self, by: int) -> bool:
        """Scroll on inside a message that is taller than the screen; False when it is not."""
        span = self._sheet.span(self.cursor_id)
        if span is None:
            return False
        top, bottom = span[0], span[0] + span[1]
        first, last = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        room = max(1, self.size.height - 2)
        if by > 0 and top < last < bottom:
            self._scroll_rows(min(first + room, bottom - self.size.height + 1))
            return True
        if by < 0 and top < first < bottom:
            self._scroll_rows(max(first - room, top))
            return True
        return False

    def _put_cursor_in_view(self) -> None:
        """Put the cursor on the last message in view, without scrolling."""
        self.cursor_id = self._near(self._last_row(), step=-1)

    def _put_cursor(self, message_id: str) -> None:
        """Move the cursor to a message and bring it into view, its beginning if it is tall."""
        self.cursor_id = message_id
        span = self._sheet.span(message_id)
        if span is None:
            return
        top, height = span[0], self.size.height
        first = self.scroll_offset.y
        if top < first or span[1] >= height:
            is_first = message_id == self._sheet.ids()[0] and top < height // 2
            self._scroll_rows(0 if is_first else top - 1)
        elif top + span[1] > first + height:
            self._scroll_rows(top + span[1] - height + 1)

    def _want_older(self) -> None:
        """Post `OlderWanted` once for each oldest message, less than a screen from the top."""
        oldest = self.oldest
        if not self._more or oldest is None or self.scroll_offset.y >= self.size.height:
            return
        if oldest.id != self._asked_before:
            self._asked_before = oldest.id
            self.post_message(self.OlderWanted(self, self._conversation_id, oldest.id))
