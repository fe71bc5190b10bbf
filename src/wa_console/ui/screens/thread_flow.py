"""Keeps the open conversation true: header, timeline, customer pane.

Reads just the rows that changed; knows no key and writes nothing but "read".
"""

from __future__ import annotations

import asyncio
from typing import Final

from textual.widget import Widget

from wa_console.domain.message import ChatMessage
from wa_console.domain.text import SafeText
from wa_console.domain.window import Window
from wa_console.services.inbox import ConversationView
from wa_console.ui.present import customer_title, customer_view, header
from wa_console.ui.screens.pulse import News
from wa_console.ui.screens.seat import Seat
from wa_console.ui.widgets.conversation_header import ConversationHeader
from wa_console.ui.widgets.customer_pane import CustomerPane
from wa_console.ui.widgets.timeline import Timeline

_PAGE: Final = 50
_FEW: Final = 20
"""Up to so many changed messages are read one by one, more as a fresh page."""
_SEEK_PAGES: Final = 40


def name_of(view: ConversationView) -> SafeText:
    """Return how the customer of a conversation is called on screen."""
    customer = view.customer
    number = customer.addresses[0].display if customer.addresses else view.conversation.reply_to
    return customer_title(customer.name, customer.profile_name, number)


class ThreadFlow:
    """The conversation that is open.

    Attributes:
        view: What was last read of it, None while none is open.
    """

    def __init__(
        self,
        seat: Seat,
        *,
        header_row: ConversationHeader,
        timeline: Timeline,
        customer: CustomerPane,
        pane: Widget,
    ) -> None:
        self._seat = seat
        self._header = header_row
        self._timeline = timeline
        self._customer = customer
        self._pane = pane
        self._wanted = ""
        self._oldest: ChatMessage | None = None  # None: there is nothing older
        self.view: ConversationView | None = None

    @property
    def conversation_id(self) -> str:
        """The open conversation, empty for none."""
        return self.view.conversation.id if self.view else ""

    def window(self) -> Window | None:
        """Return the reply window at this moment, None while no conversation is open."""
        return self._seat.desk.inbox.window(self.view.conversation) if self.view else None

    async def open(self, conversation_id: str) -> ConversationView | None:
        """Show a conversation; None when another was asked for meanwhile.

        Raises:
            NotFound: it does not exist any more.
        """
        self._wanted = conversation_id
        view = await self._seat.desk.inbox.open(
            conversation_id, login=self._seat.login, limit=_PAGE
        )
        if self._wanted != conversation_id:
            return None
        self.view = view
        self._pane.remove_class("-empty")
        self._paint()
        self._timeline.show(
            conversation_id,
            view.messages,
            more=view.more,
            template_names=view.template_names,
        )
        self._oldest = view.messages[0] if view.messages and view.more else None
        await self._mark_read(view)
        return view

    async def take(self, news: News) -> bool:
        """Read again what the news touches; returns whether it was this conversation."""
        here = self.conversation_id
        if not here or here not in news.conversations:
            return False
        ids = [message for conversation, message in news.messages if conversation == here]
        many = len(ids) > _FEW
        view = await self._seat.desk.inbox.open(
            here, login=self._seat.login, limit=_PAGE if many else 1
        )
        read = self._seat.desk.inbox.message
        messages = view.messages if many else [await read(message_id) for message_id in ids]
        if here != self.conversation_id:
            return False
        self.view = view
        self._paint()
        if messages:
            self._timeline.merge(messages)
        await self._mark_read(view)
        return True

    async def older(self, conversation_id: str) -> bool:
        """Put older messages on top; returns whether there were any."""
        before = self._oldest
        if conversation_id != self.conversation_id or before is None:
            return False
        older = await self._seat.desk.inbox.older(conversation_id, before=before, limit=_PAGE)
        if conversation_id != self.conversation_id or before is not self._oldest:
            return False
        more = len(older) == _PAGE
        self._oldest = older[0] if more else None
        self._timeline.prepend(older, more=more)
        return bool(older)

    async def seek(self, message_id: str) -> bool:
        """Move the cursor to a message, reading older pages until it is there."""
        # A pane that was hidden until now has no width yet, so no message has a place.
        laid_out = asyncio.Event()
        self._timeline.call_after_refresh(laid_out.set)
        await laid_out.wait()
        for _page in range(_SEEK_PAGES):
            if self._timeline.scroll_to_message(message_id):
                return True
            if not await self.older(self.conversation_id):
                return False
        return self._timeline.scroll_to_message(message_id)

    def tick(self) -> None:
        """Paint the countdown of this second."""
        self._header.tick()
        self._timeline.tick()
        self._tell_customer()

    def _paint(self) -> None:
        view = self.view
        if view is None:
            return
        look = self._seat.look
        self._header.show(header(view.conversation, view.customer, window=view.window, look=look))
        self._tell_customer()

    def _tell_customer(self) -> None:
        """Show the customer as of now: how long they wait goes on; the same costs nothing."""
        view = self.view
        if view is None:
            return
        self._customer.show(
            customer_view(
                view.customer,
                view.conversation,
                now=self._seat.now(),
                look=self._seat.look,
                others=view.others,
            )
        )

    async def _mark_read(self, view: ConversationView) -> None:
        if view.conversation.unread:
            await self._seat.desk.conversations.mark_read(view.conversation.id)
