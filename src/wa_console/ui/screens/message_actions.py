"""What is done with one message: its biography, copy, retry; older pages; the own editor."""

from __future__ import annotations

import asyncio
import os
from typing import assert_never

from textual import on

from wa_console.domain.i18n import _
from wa_console.ui.editor import EditorFailed, edit
from wa_console.ui.present import copy_text
from wa_console.ui.screens.biography import BiographyScreen
from wa_console.ui.screens.console_actions import ConsoleActions
from wa_console.ui.widgets.composer import Composer
from wa_console.ui.widgets.timeline import Ask, Timeline


class MessageActions(ConsoleActions):
    """Answers what the timeline and the composer ask for."""

    timeline: Timeline

    @on(Timeline.Asked)
    def _asked(self, event: Timeline.Asked) -> None:
        match event.ask:
            case Ask.BIOGRAPHY | Ask.OPEN:
                self.do(self._tell_life(event.message_id), name="message")
            case Ask.COPY:
                self.do(self._copy(event.message_id), name="message")
            case Ask.RETRY:
                self.do(self._retry(event.message_id), name="message")
            case _:
                assert_never(event.ask)

    @on(Timeline.OlderWanted)
    def _older_wanted(self, event: Timeline.OlderWanted) -> None:
        async def work() -> None:
            await self.thread.older(event.conversation_id)

        self.do(work(), name="older")

    async def _tell_life(self, message_id: str) -> None:
        message = await self.seat.desk.inbox.message(message_id)
        await self.app.push_screen_wait(BiographyScreen(message, look=self.seat.look))

    async def _copy(self, message_id: str) -> None:
        message = await self.seat.desk.inbox.message(message_id)
        self.app.copy_to_clipboard(copy_text(message))
        self.notice.show(_("Copied."), seconds=2)

    async def _retry(self, message_id: str) -> None:
        """Send a failed message again, as a new one (faults D3)."""
        if not await self.ask(_("Send this message again?"), yes=_("Send again")):
            return
        await self.seat.desk.outbox.resend(message_id, author=self.seat.login)
        self.notice.show(_("It is on its way again."))

    @on(Composer.EditorWanted)
    def _editor_wanted(self) -> None:
        self.do(self._edit(), name="editor")

    async def _edit(self) -> None:
        """Give the terminal to the person's editor; the loop runs on for the engine beside us."""
        conversation_id, text = self.composer.conversation_id, self.composer.text
        try:
            # Without the batch a tick or a webhook would paint over the editor.
            with self.app.batch_update(), self.app.suspend():
                edited = await asyncio.to_thread(edit, text, environment=dict(os.environ))
        except EditorFailed as failed:
            words = _("{editor} did not end well. Your text is as it was.")
            self.notice.show(words.format(editor=failed), tone="warn")
        else:
            if conversation_id == self.composer.conversation_id and edited != text:
                self.composer.put(edited)
        self.app.refresh(layout=True)
        self.screen.refresh(layout=True)
