"""What stands in the composer's place while the 24-hour window is not open.

Shows since when, the draft that is kept, and the one thing that may be sent: a template.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from wa_console.domain.i18n import _
from wa_console.domain.text import SafeText, safe_text, snippet
from wa_console.ui import keys


class TemplateBar(Widget, can_focus=True):
    """A framed button: Enter, Ctrl+T or a click opens the template picker."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.TEMPLATE_BAR]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"template-bar--button", "template-bar--draft"}

    class Chosen(Message):
        """The person wants to send a template."""

    class Left(Message):
        """The person wants back to the inbox."""

    class Typed(Message):
        """The person writes on; the text belongs to the draft."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._draft: SafeText = safe_text("")
        self._title = ""

    def show(self, *, title: str, draft: str) -> None:
        """Say why (``title``, our own words) and show the draft that waits."""
        shown = snippet(draft, 200)
        if (title, shown) == (self._title, self._draft):
            return
        self._title, self._draft = title, shown
        self.border_title = Content(title)
        self.refresh(layout=True)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Take letters as a box does: somebody may be in the middle of a word at the end."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        """Put what is typed to the draft: a letter must not run as a key of the inbox."""
        if event.character is not None and self.check_consume_key(event.key, event.character):
            event.stop()
            self.post_message(self.Typed(event.character))

    def render(self) -> Content:
        """The button, and the draft below it."""
        button = self.get_visual_style("template-bar--button")
        quiet = self.get_visual_style("template-bar--draft")
        lead = Content.assemble(
            (_(" Enter  Choose a template "), button),
            (_("  nothing else may be sent now"), quiet),
        )
        kept = (
            Content.styled(_("Your draft is kept: ") + self._draft, quiet)
            if self._draft
            else Content.styled(_("It opens by itself when the customer writes."), quiet)
        )
        width = max(self.content_size.width, 1)
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in (lead, kept))

    def action_choose(self) -> None:
        """Open the picker."""
        self.post_message(self.Chosen())

    def action_leave(self) -> None:
        """Back to the inbox."""
        self.post_message(self.Left())

    def on_click(self, event: events.Click) -> None:
        """A click is Enter."""
        event.stop()
        self.post_message(self.Chosen())
