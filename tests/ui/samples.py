"""A small made-up desk for widget tests: rows, messages, a customer; and the host app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from textual.app import App, ComposeResult
from textual.widget import Widget

from wa_console.domain.address import parse_twilio
from wa_console.domain.conversation import (
    Conversation,
    ConversationState,
    Customer,
    InboxRow,
)
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage, Direction, MessageKind
from wa_console.domain.window import Window, reply_window
from wa_console.ui.assets import style_sheets
from wa_console.ui.present import Look
from wa_console.ui.theme import themes, token_defaults

NOW = datetime(2026, 3, 5, 15, 36, 48, tzinfo=UTC)
LOOK = Look(zone=UTC, login="anna")


class Host(App[None]):
    """An app with our themes and style sheets around the widgets under test."""

    CSS_PATH = style_sheets()  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *widgets: Widget, theme: str = "wa-dark") -> None:
        super().__init__()
        self._widgets = widgets
        self._theme_name = theme
        self.seen: list[Any] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our tokens, whatever the theme."""
        return token_defaults()

    def compose(self) -> ComposeResult:
        """Just the widgets."""
        yield from self._widgets

    def on_mount(self) -> None:
        """Choose the theme."""
        for theme in themes():
            self.register_theme(theme)
        self.theme = self._theme_name


class Clock:
    """A clock that stands where it is put; callable, as widgets want it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Move on."""
        self.now += timedelta(**by)


class ListSource:
    """Rows in memory as a `RowSource`; counts what is asked of it."""

    def __init__(self, rows: Sequence[InboxRow]) -> None:
        self.rows = list(rows)
        self.pages: list[tuple[int, int]] = []

    async def page(self, *, offset: int, limit: int) -> Sequence[InboxRow]:
        """A slice."""
        self.pages.append((offset, limit))
        return self.rows[offset : offset + limit]

    async def size(self) -> int:
        """All of them."""
        return len(self.rows)

    async def position(self, conversation_id: str) -> int | None:
        """Where it stands."""
        return next((i for i, row in enumerate(self.rows) if row.id == conversation_id), None)


class MadeSource:
    """Any number of rows, made when asked for."""

    def __init__(self, size: int) -> None:
        self.count = size
        self.pages: list[tuple[int, int]] = []

    async def page(self, *, offset: int, limit: int) -> Sequence[InboxRow]:
        """Made rows."""
        self.pages.append((offset, limit))
        return [inbox_row(f"c{i}", name=f"Customer {i}") for i in self._span(offset, limit)]

    async def size(self) -> int:
        """As said."""
        return self.count

    async def position(self, conversation_id: str) -> int | None:
        """The number in the name."""
        at = int(conversation_id[1:])
        return at if at < self.count else None

    def _span(self, offset: int, limit: int) -> range:
        return range(offset, min(offset + limit, self.count))


def window_by(clock: Callable[[], datetime]) -> Callable[[InboxRow], Window]:
    """Return the window function that a list wants, on a clock."""

    def window_of(row: InboxRow) -> Window:
        return reply_window(
            row.last_inbound_at, clock(), closed_by_channel_at=row.closed_by_channel_at
        )

    return window_of


def inbound_for(left: timedelta, *, now: datetime = NOW) -> datetime:
    """Return when the customer wrote, so that so much of the window is left."""
    return now - timedelta(hours=24) + timedelta(seconds=60) + left


def inbox_row(conversation_id: str = "c1", **changes: Any) -> InboxRow:
    """Return a row of the inbox with something else in some fields."""
    row = InboxRow(
        id=conversation_id,
        name="",
        profile_name="",
        address=parse_twilio("whatsapp:+4531226410"),
        state=ConversationState.ACTIVE,
        assignee="anna",
        unread=0,
        last_inbound_at=inbound_for(timedelta(hours=5, minutes=30)),
        closed_by_channel_at=None,
        waiting_since=None,
        updated_at=NOW,
        last_direction=Direction.INBOUND.value,
        last_kind=MessageKind.SESSION.value,
        last_content="text",
        last_status="received",
        last_body="Hej",
    )
    return replace(row, **changes)


def message(message_id: str = "m1", body: str = "Hej", **changes: Any) -> ChatMessage:
    """Return a customer's message with something else in some fields."""
    made = ChatMessage(
        id=message_id,
        conversation_id="c1",
        direction=Direction.INBOUND,
        kind=MessageKind.SESSION,
        created_at=NOW - timedelta(hours=1),
        status=DeliveryStatus.RECEIVED,
        sid=f"SM{message_id}",
        body=body,
    )
    return replace(made, **changes)


def ours(message_id: str = "m2", body: str = "Hej Mette", **changes: Any) -> ChatMessage:
    """Return a message of ours with something else in some fields."""
    changes = {
        "direction": Direction.OUTBOUND,
        "status": DeliveryStatus.DELIVERED,
        "author": "anna",
    } | changes
    return message(message_id, body, **changes)


def customer(**changes: Any) -> Customer:
    """Return Mette with something else in some fields."""
    made = Customer(
        id="k1",
        addresses=(parse_twilio("whatsapp:+4531226410"),),
        first_seen_at=datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
        profile_name="Mette Holm",
        language="da",
    )
    return replace(made, **changes)


def conversation(**changes: Any) -> Conversation:
    """Return her conversation with something else in some fields."""
    made = Conversation(
        id="c1",
        customer_id="k1",
        number="+4570203040",
        reply_to="whatsapp:+4531226410",
        state=ConversationState.ACTIVE,
        created_at=NOW - timedelta(days=2),
        updated_at=NOW,
        queue="Delivery",
        assignee="anna",
        last_inbound_at=inbound_for(timedelta(minutes=4, seconds=12)),
        waiting_since=NOW - timedelta(minutes=4, seconds=48),
        first_reply_at=NOW - timedelta(hours=2),
        labels=("vip", "parcel"),
    )
    return replace(made, **changes)
