"""A message's whole life: who, when, every status, the window then, every field of the webhook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from wa_console.domain.clock import iso, to_ms
from wa_console.domain.i18n import N_, _
from wa_console.domain.message import ChatMessage, Direction
from wa_console.domain.text import safe_text, snippet
from wa_console.ui import keys
from wa_console.ui.present import Look, clock_time, size_words

_VALUE_LIMIT = 400

Row = tuple[str, str]


def _exact(moment: datetime, look: Look) -> str:
    """Return both clocks: the desk's, and UTC to the millisecond as the logs have it."""
    return f"{clock_time(moment, look.zone)} · {iso(to_ms(moment))}"


def facts(message: ChatMessage, look: Look) -> Iterator[Row]:
    """Yield what we know of the message itself, as label and value (raw)."""
    inbound = message.direction is Direction.INBOUND
    yield _("From"), _("the customer") if inbound else (message.author or _("an automatic message"))
    yield _("Written"), _exact(message.created_at, look)
    if message.listed:
        yield _("Found"), _("in Twilio's list: name, buttons, places are not told there")
    yield _("Kind"), f"{message.kind.value} · {message.content.value}"
    yield _("Status"), message.status.value
    if message.error is not None:
        code = "" if message.error.code is None else f"{message.error.code} · "
        yield _("Error"), code + message.error.text
    if message.window_state:
        yield _("Window then"), message.window_state
    if message.template is not None:
        yield _("Template"), message.template.content_sid
        for key, value in message.template.variables.items():
            yield "{{" + key + "}}", value
    if message.quoted is not None:
        yield _("Answers to"), message.quoted.sid
    if message.button is not None:
        yield _("Button"), f"{message.button.text} · {message.button.payload}"
    if message.referral is not None:
        yield _("From an ad"), message.referral.source_url or message.referral.headline
    for media in message.media:
        size = "" if media.size is None else f" · {size_words(media.size)}"
        yield _("File"), f"{media.type}{size} · {media.status.value}"
    yield _("Twilio's id"), message.sid or _("none yet")
    yield _("Our id"), message.id


def life(message: ChatMessage, look: Look) -> Iterator[Row]:
    """Yield every status with its time, in the order it came."""
    for event in message.statuses:
        error = "" if event.error_code is None else f" · {event.error_code}"
        yield event.word, f"{_exact(event.at, look)} · {event.source}{error}"


class BiographyScreen(ModalScreen[None]):
    """One scrolling page about one message."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.DIALOG,
        Binding("i,q,enter", "cancel", N_("Back"), show=False, id="biography.back"),
    ]

    def __init__(self, message: ChatMessage, *, look: Look) -> None:
        super().__init__()
        self._message = message
        self._look = look

    def compose(self) -> ComposeResult:
        """The text, then what is known, then the raw fields."""
        page = VerticalScroll(classes="dialog biography")
        page.border_title = Content(_("The life of a message"))
        page.border_subtitle = Content(_("Esc back"))
        message = self._message
        with page:
            if message.body:
                yield Static(Content(safe_text(message.body)), classes="body")
            yield Static(_table(list(facts(message, self._look))), classes="rows")
            yield from self._section(_("Statuses"), list(life(message, self._look)))
            yield from self._section(_("Fields as they came"), list(message.raw.items()))

    @staticmethod
    def _section(title: str, rows: list[Row]) -> ComposeResult:
        if rows:
            yield Static(Content.styled(title, "bold $wa-strong"), classes="title")
            yield Static(_table(rows), classes="rows")

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.query_one(VerticalScroll).focus()

    def action_cancel(self) -> None:
        """Back."""
        self.dismiss(None)


def _table(rows: list[Row]) -> Content:
    """Lay out labels and values; values stand rightmost, where they can shift nothing (F5)."""
    safe = [(snippet(label, 28), snippet(value, _VALUE_LIMIT)) for label, value in rows]
    width = max((cell_len(label) for label, _value in safe), default=0)
    return Content("\n").join(
        Content.assemble((label + " " * (width - cell_len(label) + 2), "$wa-muted"), value)
        for label, value in safe
    )
