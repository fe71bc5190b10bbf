"""The box a reply or a note is written in.

Holds the text of one conversation and knows which: the id that is posted is the one the draft
belongs to, never the focus (faults D11). It stores and sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from wa_console.domain.i18n import _
from wa_console.domain.template import BODY_LIMIT
from wa_console.domain.text import SafeText, safe_text
from wa_console.ui import keys

_DRAFT_LIMIT: Final = 20_000
_DRAFT_LINES: Final = 2_000
_DEBOUNCE_S: Final = 0.5
_NEW_LINE: Final = frozenset({"ctrl+j", "alt+enter", "shift+enter"})


def _clean(text: str) -> str:
    """Return a text that is safe to load: an editor's or a paste's may hold anything (F1)."""
    return str(safe_text(text, limit=_DRAFT_LIMIT, max_lines=_DRAFT_LINES))


class Composer(TextArea):
    """Grows with its text, from one row to eight."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.COMPOSER]

    @dataclass
    class Submitted(Message):
        """The person wants this text sent, or kept as a note.

        Attributes:
            conversation_id: The conversation that the draft belongs to.
        """

        composer: Composer
        conversation_id: str
        text: str
        note: bool

        @property
        def control(self) -> Composer:
            """The composer it came from."""
            return self.composer

    @dataclass
    class DraftChanged(Message):
        """The reply's text is worth saving; at most half a second old."""

        composer: Composer
        conversation_id: str
        text: str

        @property
        def control(self) -> Composer:
            """The composer it came from."""
            return self.composer

    @dataclass
    class Refused(Message):
        """The text cannot be sent as it stands; ``reason`` is a sentence."""

        composer: Composer
        reason: str

        @property
        def control(self) -> Composer:
            """The composer it came from."""
            return self.composer

    class Left(Message):
        """The person wants back to the inbox."""

    class EditorWanted(Message):
        """The person wants to write in an editor of their own."""

    def __init__(self, *, enter_sends: bool = True, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, show_line_numbers=False, highlight_cursor_line=False)
        self._enter_sends = enter_sends
        self._conversation_id = ""
        self._name: SafeText = safe_text("")
        self._note = False
        self._other_text = ""  # the reply while a note is written, and the other way round
        self._pending = False
        self._saver: Timer | None = None

    @property
    def conversation_id(self) -> str:
        """The conversation that the text belongs to, empty for none."""
        return self._conversation_id

    @property
    def draft(self) -> str:
        """The unsent reply, also while a note is being written."""
        return self._other_text if self._note else self.text

    @property
    def note_mode(self) -> bool:
        """Whether the text will be a note."""
        return self._note

    @property
    def idle(self) -> bool:
        """Whether nothing is written, nothing waits to be saved and nothing is on its way."""
        return not (self.text or self._other_text or self._pending or self._saver)

    def open(self, conversation_id: str, *, name: SafeText, draft: str) -> Self:
        """Take up a conversation with its saved draft; the frame names the customer."""
        self._conversation_id = conversation_id
        self._name = name
        self._note = False
        self._other_text = ""
        self._pending = False
        self._stop_saver()
        with self.prevent(TextArea.Changed):
            self.load_text(_clean(draft))
        self.move_cursor(self.document.end)
        self._frame()
        return self

    def put(self, text: str) -> None:
        """Replace the text, as an editor returned it, and count it as written here."""
        self.load_text(_clean(text))
        self.move_cursor(self.document.end)

    def rename(self, name: SafeText) -> None:
        """Show another name in the frame, the customer having got one."""
        if name != self._name:
            self._name = name
            self._frame()

    def toggle_note(self) -> None:
        """Switch between reply and note; both keep their text."""
        if not self._conversation_id:
            return
        self._note = not self._note
        kept, shown = self.text, self._other_text
        self._other_text = kept
        with self.prevent(TextArea.Changed):
            self.load_text(shown)
        self.move_cursor(self.document.end)
        self._frame()

    def settle(self, conversation_id: str, text: str, *, kept: bool) -> None:
        """End a submission: clear what was committed, or keep it all when it was refused.

        What was typed after Enter stays. Does nothing for another conversation's text.
        """
        if conversation_id != self._conversation_id:
            return
        self._pending = False
        if kept:
            return
        # The committed text is taken off the front: the rest was typed meanwhile.
        rest = self.text.removeprefix(text) if self.text.startswith(text) else self.text
        with self.prevent(TextArea.Changed):
            self.load_text(rest.lstrip("\n"))
        self.move_cursor(self.document.end)
        if self._note:
            self.toggle_note()
        self._frame()

    def flush(self) -> tuple[str, str] | None:
        """Return (conversation id, reply) if it still waits to be saved, and stop waiting."""
        if self._saver is None:
            return None
        self._stop_saver()
        return self._conversation_id, self.draft

    def action_submit(self) -> None:
        """Post the text as it stands, unless it is empty, too long, or already on its way."""
        text = self.text
        if self._pending or not text.strip() or not self._conversation_id:
            return
        if not self._note and len(text) > BODY_LIMIT:
            reason = _("Too long: WhatsApp takes {limit} characters, this has {count}.")
            self.post_message(self.Refused(self, reason.format(limit=BODY_LIMIT, count=len(text))))
            return
        # A second Enter before the first is committed must not send twice (faults D1).
        self._pending = True
        self._stop_saver()
        self.post_message(self.Submitted(self, self._conversation_id, text, self._note))

    def action_copy(self) -> None:
        """Ctrl+C copies what is selected; with nothing selected it says how to leave."""
        if self.selected_text:
            super().action_copy()
        else:
            self.app.action_help_quit()

    def action_leave(self) -> None:
        """Back to the inbox."""
        self.post_message(self.Left())

    def action_editor(self) -> None:
        """Open the text in the person's own editor."""
        if self._conversation_id:
            self.post_message(self.EditorWanted())

    def on_resize(self) -> None:
        """Show as many hints as there is room for."""
        self._frame()

    async def _on_key(self, event: events.Key) -> None:
        breaks = event.key in _NEW_LINE
        if not breaks and event.key != "enter":
            return
        event.stop()
        event.prevent_default()
        if breaks == self._enter_sends:
            self.insert("\n")
            self.scroll_cursor_visible()
        else:
            self.action_submit()

    async def _on_paste(self, event: events.Paste) -> None:
        # A paste never sends, whatever lines it has, and never carries escapes onto the screen.
        event.stop()
        event.prevent_default()
        self.insert(_clean(event.text))

    def _on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._count()
        if self._note or not self._conversation_id or self._saver is not None:
            return
        # Not restarted by every key: a steady typist's draft is never older than this.
        self._saver = self.set_timer(_DEBOUNCE_S, self._save, name="draft")

    def _save(self) -> None:
        self._saver = None
        self.post_message(self.DraftChanged(self, self._conversation_id, self.draft))

    def _stop_saver(self) -> None:
        if self._saver is not None:
            self._saver.stop()
            self._saver = None

    def _frame(self) -> None:
        self.set_class(self._note, "-note")
        if self._note:
            lead = _("✎ Note on {name}").format(name=self._name)
            hints = [_("only your team sees this"), _("Enter keeps it")]
        else:
            lead = _("Reply to {name}").format(name=self._name)
            hints = (
                [_("Enter sends"), _("Ctrl+J new line")]
                if self._enter_sends
                else [_("Ctrl+J sends"), _("Enter new line")]
            )
        room = self.size.width - cell_len(lead)
        shown = hints if room > sum(cell_len(hint) + 3 for hint in hints) else hints[:1]
        self.border_title = Content.assemble(
            (lead, "bold"), *((f" · {hint}", "") for hint in shown)
        )
        self._count()

    def _count(self) -> None:
        count = len(self.text)
        over = count - BODY_LIMIT
        self.set_class(over > 0 and not self._note, "-over")
        if self._note:
            self.border_subtitle = Content(str(count))
        elif over > 0:
            words = _("{count} / {limit} · {over} too many")
            self.border_subtitle = Content(words.format(count=count, limit=BODY_LIMIT, over=over))
        else:
            self.border_subtitle = Content(f"{count} / {BODY_LIMIT}")
