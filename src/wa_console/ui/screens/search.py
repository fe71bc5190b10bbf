"""Finds words in all messages, newest first, and says where to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _, ngettext
from wa_console.domain.message import Direction
from wa_console.domain.text import safe_text, snippet
from wa_console.store.port import Hit
from wa_console.ui import keys
from wa_console.ui.present import customer_title, moment_words
from wa_console.ui.screens.seat import Seat

_LIMIT: Final = 50
_PAUSE_S: Final = 0.12


@dataclass(frozen=True, slots=True)
class Found:
    """Where to go: a message in its conversation."""

    conversation_id: str
    message_id: str


class SearchScreen(ModalScreen[Found | None]):
    """Search as you type; Enter goes to the message."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.DIALOG]

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._seat = seat
        self._timer: Timer | None = None
        self._found: list[Found] = []
        self._answered = ""

    @property
    def count(self) -> int:
        """How many messages are shown."""
        return len(self._found)

    @property
    def answered(self) -> str:
        """The words whose messages are shown: behind the field for a moment while typing."""
        return self._answered

    def compose(self) -> ComposeResult:
        """A field, a list, a line that counts."""
        box = Vertical(classes="dialog search")
        box.border_title = Content(_("Search all messages"))
        box.border_subtitle = Content(_("Enter goes there · ↑ ↓ choose · Esc back"))
        with box:
            yield Input(id="words", placeholder=_("Words, or how they begin"), compact=True)
            yield OptionList(id="hits", compact=True)
            yield Static(id="told", classes="quiet")

    def on_mount(self) -> None:
        """The list is moved from the field: it needs no focus of its own."""
        self.query_one("#hits").can_focus = False

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE_S, lambda: self._look(event.value))

    @work(group="search", exclusive=True)
    async def _look(self, text: str) -> None:
        await self._find(text)

    async def _find(self, text: str) -> None:
        told = self.query_one("#told", Static)
        if not text.strip():
            self._show(text, [], [])
            told.update(Content(""))
            return
        try:
            hits = await self._seat.desk.search.find(text, limit=_LIMIT)
            lines = [await self._line(hit) for hit in hits]
        except WaConsoleError as problem:
            told.update(Content(safe_text(str(problem))))
            return
        self._show(text, [Found(h.message.conversation_id, h.message.id) for h in hits], lines)
        if len(hits) == _LIMIT:
            told.update(Content(_("the newest {n}; more words find fewer").format(n=_LIMIT)))
        elif hits:
            words = ngettext("{n} message", "{n} messages", len(hits))
            told.update(Content(words.format(n=len(hits))))
        else:
            told.update(Content(_("Nothing has these words.")))

    def _show(self, text: str, found: list[Found], lines: list[Content]) -> None:
        self._answered, self._found = text, found
        hits = self.query_one("#hits", OptionList)
        hits.clear_options()
        hits.add_options([Option(line) for line in lines])
        hits.highlighted = 0 if lines else None

    async def _line(self, hit: Hit) -> Content:
        message = hit.message
        row = await self._seat.desk.inbox.row(message.conversation_id, login=self._seat.login)
        name = (
            customer_title(row.name, row.profile_name, row.address.display)
            if row
            else snippet(message.conversation_id, 12)
        )
        moment = moment_words(message.created_at, self._seat.now(), self._seat.look.zone)
        who = "" if message.direction is Direction.INBOUND else _("us: ")
        return Content.assemble(
            (f"{moment}  ", "$wa-muted"),
            (name, "bold"),
            "\n  ",
            (who, "$wa-muted"),
            snippet(hit.snippet or message.body, 160),
        )

    def on_key(self, event: events.Key) -> None:
        """Arrow keys move in the list while the field keeps the focus."""
        hits = self.query_one("#hits", OptionList)
        moves: dict[str, Callable[[], None]] = {
            "down": hits.action_cursor_down,
            "up": hits.action_cursor_up,
            "pagedown": hits.action_page_down,
            "pageup": hits.action_page_up,
        }
        move = moves.get(event.key)
        if move is not None:
            event.stop()
            event.prevent_default()
            move()

    @on(Input.Submitted)
    @work(group="search", exclusive=True)
    async def _submitted(self, event: Input.Submitted) -> None:
        if event.value != self._answered:
            # Enter came before the pause was over: it means the words typed, not those shown.
            if self._timer is not None:
                self._timer.stop()
            await self._find(event.value)
        if event.value == self._answered:
            self._go(self.query_one("#hits", OptionList).highlighted)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._go(event.option_index)

    def _go(self, index: int | None) -> None:
        if index is not None and index < len(self._found):
            self.dismiss(self._found[index])

    def action_cancel(self) -> None:
        """Go nowhere."""
        self.dismiss(None)
