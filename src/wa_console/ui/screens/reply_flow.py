"""What becomes of a written text: draft, note, reply; and which box stands below the timeline.

The box is the composer while the window is open and the template bar while it is not; it changes
by itself, the draft in place (faults D7). Queues, never sends.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from textual.widget import Widget

from wa_console.domain.errors import WaConsoleError, WindowClosed
from wa_console.domain.text import SafeText
from wa_console.domain.window import Window, WindowState
from wa_console.services.inbox import ConversationView
from wa_console.ui.phrases import bar_title
from wa_console.ui.screens.seat import Seat
from wa_console.ui.screens.thread_flow import name_of
from wa_console.ui.widgets.composer import Composer
from wa_console.ui.widgets.template_bar import TemplateBar

Confirm = Callable[[str], Awaitable[bool]]
"""Asks a question; True for yes."""


class ReplyFlow:
    """The box below the timeline."""

    def __init__(self, seat: Seat, *, composer: Composer, bar: TemplateBar, dock: Widget) -> None:
        self._seat = seat
        self._composer = composer
        self._bar = bar
        self._dock = dock
        self._name: SafeText | None = None
        self._refused: Window | None = None  # a WindowClosed that the clock did not foresee

    @property
    def closed(self) -> bool:
        """Whether the template bar stands there."""
        return self._dock.has_class("-closed")

    @property
    def box(self) -> Widget:
        """What stands there, to be focused."""
        return self._bar if self.closed and not self._composer.note_mode else self._composer

    async def open(self, view: ConversationView) -> None:
        """Take up a conversation; the draft of the one before is saved first."""
        await self.save()
        self._name = name_of(view)
        self._refused = None
        self._composer.open(view.conversation.id, name=self._name, draft=view.draft)
        self.follow(view.window)

    async def refresh(self, view: ConversationView) -> None:
        """Take over what changed about the same conversation: its name, a draft put back.

        The sender puts a refused text (63016) back as a draft. It is shown only where nothing is
        written, and never over an unsaved text.
        """
        self._name = name_of(view)
        self._composer.rename(self._name)
        if view.window.allows_free_text:
            self._refused = None
        if view.draft and self._composer.idle and view.draft != self._composer.draft:
            self._composer.put(view.draft)
        self.follow(view.window)

    def follow(self, window: Window | None) -> bool:
        """Show the box that fits the window; returns whether it changed. Called every second."""
        if window is None or self._name is None:
            return False
        window = self._refused or window
        closed = not window.allows_free_text and not self._composer.note_mode
        if closed:
            self._bar.show(
                title=bar_title(
                    window, name=self._name, now=self._seat.now(), look=self._seat.look
                ),
                draft=self._composer.draft,
            )
        if closed == self.closed:
            return False
        focused = self._composer.has_focus or self._bar.has_focus
        self._dock.set_class(closed, "-closed")
        if focused:
            # The old box is hidden now; the next key must not fall through to the inbox.
            self.box.focus()
        return True

    async def submit(self, event: Composer.Submitted, *, again: Confirm) -> bool:
        """Queue a reply or keep a note; the composer clears only after the commit.

        Args:
            event: What the composer posted.
            again: Asked when the same text was queued within the last three seconds.

        Returns:
            Whether it was taken.

        Raises:
            WaConsoleError: it was refused; the text is still in the composer.
        """
        taken = False
        try:
            if event.note:
                await self._seat.desk.conversations.note(
                    event.conversation_id, event.text, author=self._seat.login
                )
                taken = True
            else:
                taken = await self._queue(event, again)
        except WindowClosed as refusal:
            self._refused = Window(
                WindowState.CLOSED if refusal.closed_at else WindowState.NEVER,
                refusal.closed_at,
                timedelta(0),
            )
            raise
        finally:
            self._composer.settle(event.conversation_id, event.text, kept=not taken)
            if self._refused is not None:
                self.follow(self._refused)
        return taken

    async def _queue(self, event: Composer.Submitted, again: Confirm) -> bool:
        outbox = self._seat.desk.outbox
        if await outbox.doubled(event.conversation_id, event.text) and not await again(event.text):
            return False
        await outbox.queue_reply(event.conversation_id, event.text, author=self._seat.login)
        return True

    async def keep(self, conversation_id: str, text: str) -> None:
        """Save a draft."""
        await self._seat.desk.conversations.save_draft(
            conversation_id, login=self._seat.login, text=text
        )

    async def save(self) -> None:
        """Save the draft now, if it waits; a store that fails keeps nobody from going on."""
        waiting = self._composer.flush()
        if waiting is None:
            return
        try:
            await self.keep(*waiting)
        except WaConsoleError:
            return
