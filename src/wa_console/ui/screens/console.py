"""The console: inbox, conversation, customer, and the news that keep them true.

Lays the widgets out and joins their intents with the flows. The verbs are `ConsoleActions`.
"""

from __future__ import annotations

import asyncio
import time

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from wa_console.domain.changes import ChangeKind
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.ui import keys
from wa_console.ui.phrases import Reminders, reminder
from wa_console.ui.screens.console_actions import ConsoleActions
from wa_console.ui.screens.inbox_flow import InboxFlow
from wa_console.ui.screens.message_actions import MessageActions
from wa_console.ui.screens.pulse import News
from wa_console.ui.screens.reply_flow import ReplyFlow
from wa_console.ui.screens.seat import Seat
from wa_console.ui.screens.status_flow import StatusFlow
from wa_console.ui.screens.thread_flow import ThreadFlow
from wa_console.ui.widgets.composer import Composer
from wa_console.ui.widgets.conversation_header import ConversationHeader
from wa_console.ui.widgets.conversation_list import ConversationList
from wa_console.ui.widgets.customer_pane import CustomerPane
from wa_console.ui.widgets.key_bar import KeyBar
from wa_console.ui.widgets.notice_line import NoticeLine
from wa_console.ui.widgets.status_line import StatusLine
from wa_console.ui.widgets.template_bar import TemplateBar
from wa_console.ui.widgets.timeline import Timeline
from wa_console.ui.widgets.view_tabs import ViewTabs

_STATUS_KINDS = frozenset(
    {
        ChangeKind.HEALTH_UPDATED,
        ChangeKind.PRESENCE_UPDATED,
        ChangeKind.SETUP_UPDATED,
        ChangeKind.CONVERSATION_UPDATED,
        ChangeKind.MESSAGE_RECEIVED,
    }
)
_LOOK_AGAIN_S = 5.0
"""The status line is read again so often even without news: an engine that died tells nobody."""


class ConsoleScreen(MessageActions, ConsoleActions):
    """The representative's screen.

    Args:
        seat: What it works with.
        painted: Is set once the inbox's first rows are on the screen, or could not be read.
    """

    BINDINGS = [*keys.CONSOLE, *keys.BROWSE]  # noqa: RUF012 - Textual's class variable
    AUTO_FOCUS = "#inbox"

    def __init__(self, seat: Seat, *, painted: asyncio.Event) -> None:
        super().__init__()
        self.seat = seat
        self._painted = painted
        self._reminders = Reminders()
        self._news: list[News] = []
        self._reading = False
        self._looked_at = 0.0
        self._offer = ""

    # --- layout --------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Status line, three panes, key bar."""
        seat = self.seat
        yield StatusLine(id="status")
        with Horizontal(id="desk"):
            with Vertical(id="inbox-pane"):
                yield ViewTabs(id="tabs")
                yield Input(id="filter", placeholder=_("Name or number"), compact=True)
                yield ConversationList(
                    window_of=seat.desk.inbox.window, now=seat.now, look=seat.look, id="inbox"
                )
                yield Static(id="empty-inbox")
            with Vertical(id="conversation-pane", classes="-empty"):
                yield ConversationHeader(now=seat.now, look=seat.look, id="header")
                yield Timeline(now=seat.now, look=seat.look, id="timeline")
                yield Static(self._no_conversation(), id="empty-thread")
                yield NoticeLine(id="notice")
                with Vertical(id="reply"):
                    yield Composer(enter_sends=seat.options.enter_sends, id="composer")
                    yield TemplateBar(id="template-bar")
            yield CustomerPane(id="customer")
        yield KeyBar(id="keys")
        yield Static(
            Content(_("wa-console needs 60 columns and 20 rows. Make this window larger.")),
            id="too-small",
        )

    @staticmethod
    def _no_conversation() -> Content:
        return Content.assemble(
            (_("No conversation is open."), "bold $wa-strong"),
            "\n\n",
            "\n".join(
                (
                    _("Enter opens the one under the cursor."),
                    _("e opens the one whose window ends first."),
                    _("N writes to a number first."),
                    _("? shows every key."),
                )
            ),
        )

    async def on_mount(self) -> None:
        """Join widgets and flows, and begin to follow the news."""
        seat = self.seat
        self.rows = self.query_one(ConversationList)
        self.composer = self.query_one(Composer)
        self.notice = self.query_one(NoticeLine)
        self.timeline = self.query_one(Timeline)
        pane = self.query_one("#conversation-pane")
        self.inbox = InboxFlow(
            seat,
            rows=self.rows,
            tabs=self.query_one(ViewTabs),
            pane=self.query_one("#inbox-pane"),
            empty=self.query_one("#empty-inbox", Static),
        )
        self.thread = ThreadFlow(
            seat,
            header_row=self.query_one(ConversationHeader),
            timeline=self.timeline,
            customer=self.query_one(CustomerPane),
            pane=pane,
        )
        self.reply = ReplyFlow(
            seat,
            composer=self.composer,
            bar=self.query_one(TemplateBar),
            dock=self.query_one("#reply"),
        )
        self.status = StatusFlow(seat, line=self.query_one(StatusLine))
        seat.pulse.signal.subscribe(self, self._hear)
        self.do(self._begin(), name="begin")
        self._wait_for_second()

    async def _begin(self) -> None:
        # The feed first: what is committed while the rows are read is told afterwards.
        try:
            await self.seat.pulse.start()
            await self.inbox.show()
        finally:
            # What waits for it imports for a quarter second: not while the rows are being read.
            self.call_after_refresh(self._painted.set)
        await self.status.refresh(closing_soon=self.inbox.closing_soon)

    # --- time ----------------------------------------------------------------------------------

    def _wait_for_second(self) -> None:
        """Tick when the second turns, whatever the tick before cost."""
        self.set_timer(1.02 - time.time() % 1, self._turn, name="second")

    def _turn(self) -> None:
        self._wait_for_second()
        self.tick()

    def tick(self) -> None:
        """Paint this second from the clock; nothing is counted down (faults H1)."""
        self.rows.tick()
        self.thread.tick()
        self.status.tick()
        self._follow_window()
        if self.inbox.turned():
            self.do(self._recount(), name="turn")
        if time.monotonic() - self._looked_at > _LOOK_AGAIN_S:
            self._looked_at = time.monotonic()
            self.do(self.status.refresh(closing_soon=self.inbox.closing_soon), name="status")

    def _follow_window(self) -> None:
        """Show the box that fits the open conversation's window; offer a question in time."""
        window = self.thread.window()
        if window is None:
            return
        self.reply.follow(window)
        if self._offer and not window.allows_free_text and self.notice.text == self._offer:
            self.notice.clear()  # "1 minute left" beside "closed" would be a lie
        if self._reminders.due(self.thread.conversation_id, window):
            tone = "warn" if window.remaining.total_seconds() > 600 else "urgent"
            self.notice.show(reminder(window), tone=tone, seconds=30)
            self._offer = self.notice.text

    async def _recount(self) -> None:
        """Count and sort anew: a window has just ended, or begun its last hour."""
        await self.inbox.refresh()
        await self.status.refresh(closing_soon=self.inbox.closing_soon)

    async def open_conversation(
        self, conversation_id: str, *, write: bool, select: bool = True
    ) -> None:
        """Open a conversation and say at once what is urgent about it."""
        await super().open_conversation(conversation_id, write=write, select=select)
        self.tick()

    # --- news ----------------------------------------------------------------------------------

    def _hear(self, news: News) -> None:
        self._news.append(news)
        if not self._reading:
            self._reading = True
            self.do(self._read_news(), name="news")

    async def _read_news(self) -> None:
        """Read what the news touch, one after another: a storm makes bigger bites, not a queue."""
        try:
            while self._news:
                bites, self._news = self._news, []
                for news in bites:
                    if await self.thread.take(news) and self.thread.view is not None:
                        await self.reply.refresh(self.thread.view)
                await self.inbox.refresh()
                if any(news.kinds & _STATUS_KINDS for news in bites):
                    await self.status.refresh(closing_soon=self.inbox.closing_soon)
        finally:
            self._reading = False

    # --- intents of the widgets ----------------------------------------------------------------

    @on(ConversationList.Opened)
    def _opened(self, event: ConversationList.Opened) -> None:
        self.do(
            self.open_conversation(event.conversation_id, write=True, select=False), name="open"
        )

    @on(ConversationList.Highlighted)
    def _highlighted(self) -> None:
        # Whether take, close and template mean anything depends on it.
        self.refresh_bindings()

    @on(ViewTabs.Chosen)
    def _view_chosen(self, event: ViewTabs.Chosen) -> None:
        self.do(self.inbox.show(event.view), name="inbox")

    @on(Composer.Submitted)
    def _submitted(self, event: Composer.Submitted) -> None:
        async def again(_text: str) -> bool:
            return await self.ask(
                _("The same text went out a moment ago. Send it again?"), yes=_("Send again")
            )

        async def work() -> None:
            await self.reply.submit(event, again=again)
            self.reply.follow(self.thread.window())

        self.do(work(), name="submit")

    @on(Composer.DraftChanged)
    def _draft_changed(self, event: Composer.DraftChanged) -> None:
        self.do(self.reply.keep(event.conversation_id, event.text), name="draft")

    @on(Composer.Refused)
    def _refused(self, event: Composer.Refused) -> None:
        self.notice.show(event.reason, tone="urgent")

    @on(Composer.Left)
    @on(TemplateBar.Left)
    def _left(self) -> None:
        self.rows.focus()

    @on(TemplateBar.Typed)
    def _typed_on(self, event: TemplateBar.Typed) -> None:
        self.composer.move_cursor(self.composer.document.end)
        self.composer.insert(event.text)
        self.reply.follow(self.thread.window())

    @on(TemplateBar.Chosen)
    def _template_wanted(self) -> None:
        self.action_template()

    # --- panes ---------------------------------------------------------------------------------

    def action_customer(self) -> None:
        """Show or hide the customer: beside the conversation when wide, over it when not."""
        wide = self.has_class("-wide")
        self.toggle_class("-no-customer" if wide else "-customer")

    def key_escape(self) -> None:
        """Step back: from an overlay, from the filter, to the inbox."""
        if self.has_class("-customer"):
            self.remove_class("-customer")
        elif self.inbox.text:
            self._filter("")
            box = self.query_one("#filter", Input)
            box.clear()
            box.remove_class("-shown")
        self.rows.focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        if event.value != self.inbox.text:
            self._filter(event.value)

    @on(Input.Submitted, "#filter")
    def _filter_done(self, event: Input.Submitted) -> None:
        if not event.value:
            event.input.remove_class("-shown")
        self.rows.focus()

    def _filter(self, text: str) -> None:
        self.do(self.inbox.show(text=text), name="inbox")

    async def save_draft(self) -> None:
        """Save what is being written, before the app ends."""
        try:
            await self.reply.save()
        except WaConsoleError:
            return
