"""What the keys of the console do: one short action each, over the flows.

No layout here, and no reading: flows do that. An action that talks to the store runs as a named
worker, so that a slow disk never holds a key back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

from textual.screen import Screen
from textual.widgets import Input

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.presence import Presence
from wa_console.domain.window import Window
from wa_console.ui.present import customer_title
from wa_console.ui.screens.ask import AskScreen
from wa_console.ui.screens.inbox_flow import InboxFlow
from wa_console.ui.screens.new_conversation import NewConversationScreen
from wa_console.ui.screens.presence import PresenceScreen
from wa_console.ui.screens.reply_flow import ReplyFlow
from wa_console.ui.screens.search import Found, SearchScreen
from wa_console.ui.screens.seat import Seat
from wa_console.ui.screens.template_picker import TemplatePicker
from wa_console.ui.screens.thread_flow import ThreadFlow, name_of
from wa_console.ui.typeahead import MOVES, KeysAstray
from wa_console.ui.widgets.composer import Composer
from wa_console.ui.widgets.conversation_list import ConversationList
from wa_console.ui.widgets.notice_line import NoticeLine
from wa_console.ui.widgets.view_tabs import ViewTabs

_UNDO_S: Final = 10.0


class ConsoleActions(Screen[None]):
    """The verbs of the console; `ConsoleScreen` gives them widgets and flows."""

    seat: Seat
    inbox: InboxFlow
    thread: ThreadFlow
    reply: ReplyFlow
    rows: ConversationList
    composer: Composer
    notice: NoticeLine
    _closed_last: tuple[str, float] | None = None

    # --- running -------------------------------------------------------------------------------

    def do(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Run work beside the keys; a refusal becomes a notice, a fault of ours ends the app.

        Keys typed while it runs wait for it if its name is in `typeahead.MOVES`.
        """

        async def guarded() -> None:
            try:
                await work
            except WaConsoleError as problem:
                self.notice.show(str(problem), tone="urgent", seconds=12)
                if name in MOVES:
                    self.post_message(KeysAstray())

        self.run_worker(guarded(), name=name, group=name, exit_on_error=True)

    async def ask(self, question: str, *, detail: str = "", yes: str = "") -> bool:
        """Ask in a dialog; only from inside `do`."""
        answer: bool | None = await self.app.push_screen_wait(
            AskScreen(question, detail=detail, yes=yes)
        )
        return bool(answer)

    @property
    def target(self) -> str:
        """The conversation a key means: under the cursor in the inbox, else the open one."""
        if self.rows.has_focus or not self.thread.conversation_id:
            return self.rows.selected_id or ""
        return self.thread.conversation_id

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what needs a conversation only while there is one."""
        if not self.is_mounted or not hasattr(self, "rows"):
            return True
        match action:
            case "take" | "close" | "reopen" | "template":
                return bool(self.target)
            case "note":
                return bool(self.thread.conversation_id)
            case _:
                return True

    # --- opening -------------------------------------------------------------------------------

    async def open_conversation(
        self, conversation_id: str, *, write: bool, select: bool = True
    ) -> None:
        """Open a conversation beside the list.

        Args:
            conversation_id: Which one.
            write: Put the cursor into the composer.
            select: Move the list's cursor there, if the view has it.
        """
        view = await self.thread.open(conversation_id)
        if view is None:
            return
        await self.reply.open(view)
        self.rows.opened_id = conversation_id
        self.refresh_bindings()
        if select:
            await self.rows.select(conversation_id)
        if write:
            self.reply.box.focus()
        elif not self.rows.has_focus and self.focused is None:
            self.rows.focus()

    def go(self, conversation_id: str) -> None:
        """Open a conversation and write, as from the palette."""
        self.do(self.open_conversation(conversation_id, write=True), name="open")

    def _open_next(self, find: Callable[..., Coroutine[Any, Any, str | None]], empty: str) -> None:
        writing = self.reply.box.has_focus

        async def work() -> None:
            found = await find(login=self.seat.login, after=self.thread.conversation_id or None)
            if found is None:
                self.notice.show(empty)
                return
            await self.open_conversation(found, write=writing)

        self.do(work(), name="open")

    def action_next_to_expire(self) -> None:
        """Open the conversation whose window ends first; again: the one after it."""
        self._open_next(self.seat.desk.inbox.next_to_expire, _("No open window needs an answer."))

    def action_next_unread(self) -> None:
        """Open the next conversation with new messages."""
        self._open_next(self.seat.desk.inbox.next_unread, _("Everything is read."))

    def action_jump(self, row: int) -> None:
        """Open that row of the inbox, counted from 1."""

        async def work() -> None:
            found = await self.inbox.at(row - 1)
            if found is not None:
                await self.open_conversation(found, write=False)

        self.do(work(), name="open")

    def action_view(self, by: int) -> None:
        """Show the view one tab to the left or right."""
        self.query_one(ViewTabs).step(by)

    def action_filter(self) -> None:
        """Open the filter row."""
        box = self.query_one("#filter", Input)
        box.add_class("-shown")
        box.focus()

    # --- chores --------------------------------------------------------------------------------

    def action_take(self) -> None:
        """Make the conversation yours."""
        target = self.target

        async def work() -> None:
            await self.seat.desk.conversations.take(target, login=self.seat.login)
            self.notice.show(_("It is yours now."))

        if target:
            self.do(work(), name="chore")

    def action_close(self) -> None:
        """End the conversation; asks while the customer waits for an answer."""
        target = self.target

        async def work() -> None:
            row = await self.seat.desk.inbox.row(target, login=self.seat.login)
            if row is not None and row.waiting_since is not None:
                name = customer_title(row.name, row.profile_name, row.address.display)
                question = _("{name} still waits for an answer. Close all the same?")
                if not await self.ask(question.format(name=name), yes=_("Close")):
                    return
            await self.seat.desk.conversations.close(target, by=self.seat.login)
            self._closed_last = (target, time.monotonic())
            self.notice.show(_("closed · U undoes"), seconds=_UNDO_S)

        if target:
            self.do(work(), name="chore")

    def action_undo(self) -> None:
        """Undo the last close, for ten seconds."""
        last, self._closed_last = self._closed_last, None
        if last is None or time.monotonic() - last[1] > _UNDO_S:
            self.notice.show(_("There is nothing to undo. R reopens a conversation."))
            return
        self._reopen(last[0], _("It is open again."))

    def action_reopen(self) -> None:
        """Open a closed conversation again."""
        if target := self.target:
            self._reopen(target, _("It is open again."))

    def _reopen(self, conversation_id: str, said: str) -> None:
        async def work() -> None:
            await self.seat.desk.conversations.reopen(conversation_id, by=self.seat.login)
            self.notice.show(said)

        self.do(work(), name="chore")

    # --- writing -------------------------------------------------------------------------------

    def action_note(self) -> None:
        """Switch the composer between reply and note."""
        if not self.thread.conversation_id:
            self.notice.show(_("Open a conversation first: Enter."))
            return
        self.composer.toggle_note()
        self.reply.follow(self.thread.window())
        self.reply.box.focus()

    def action_template(self, content_sid: str = "") -> None:
        """Open the template picker for the open conversation, or the one under the cursor."""
        target = self.target

        async def work() -> None:
            if target != self.thread.conversation_id:
                await self.open_conversation(target, write=True)
            await self._pick_template(content_sid)

        if target:
            self.do(work(), name="template")
        else:
            self.notice.show(_("Open a conversation first: Enter."))

    async def _pick_template(self, content_sid: str = "") -> None:
        """Let a template be chosen for the open conversation, whatever has the focus."""
        view = self.thread.view
        if view is None:
            return
        picker = TemplatePicker(
            self.seat,
            conversation_id=view.conversation.id,
            name=name_of(view),
            window=self.thread.window() or view.window,
            draft=self.composer.draft,
            content_sid=content_sid,
        )
        if await self.app.push_screen_wait(picker):
            self.notice.show(_("The template is on its way."))
        self.reply.box.focus()

    # --- dialogs -------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Find words in all messages and go there."""

        async def work() -> None:
            found: Found | None = await self.app.push_screen_wait(SearchScreen(self.seat))
            if found is not None:
                await self.open_conversation(found.conversation_id, write=False)
                await self.thread.seek(found.message_id)
                self.query_one("#timeline").focus()

        self.do(work(), name="search")

    def action_presence(self) -> None:
        """Say whether you can take work."""

        async def work() -> None:
            now = await self.seat.desk.presences.get(self.seat.login)
            chosen: Presence | None = await self.app.push_screen_wait(PresenceScreen(now))
            if chosen is not None:
                await self.seat.desk.presences.set(self.seat.login, chosen)

        self.do(work(), name="presence")

    def action_new(self) -> None:
        """Write to a number first."""

        async def work() -> None:
            opened: str | None = await self.app.push_screen_wait(NewConversationScreen(self.seat))
            if opened is None:
                return
            await self.open_conversation(opened, write=True)
            window: Window | None = self.thread.window()
            if window is not None and not window.allows_free_text:
                await self._pick_template()

        self.do(work(), name="new")
