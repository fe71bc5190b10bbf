"""What became of a message, in a sign, a word and the key that mends it. Pure (ARCHITECTURE 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never

from wa_console.domain.delivery import DeliveryStatus, can_retry
from wa_console.domain.i18n import _
from wa_console.domain.message import ChatMessage, Direction, MessageKind
from wa_console.domain.text import snippet
from wa_console.domain.window import CLOSED_CODE
from wa_console.ui.present_look import Glyphs, Look

_SENTENCE_LIMIT: Final = 200
_NOT_MENDED_BY_REPEATING: Final = frozenset({"admin", "call", "edit", "media", "none", "shorten"})
"""Steps after which the same message fails again; its sentence says what to do instead."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """What became of a message.

    Attributes:
        sign: Mark of the state, ``✓✓``.
        word: The same in words.
        tone: pending, sent, read, failed or unknown: chooses the colour.
        failure: Sentence with its code when it failed, else empty.
        cure: Key and word that mends it, ``r retry``; else empty.
        can_retry: Whether `cure` is to send it again.
    """

    sign: str
    word: str
    tone: str
    failure: str = ""
    cure: str = ""
    can_retry: bool = False


def ticks(message: ChatMessage, *, look: Look) -> Ticks | None:
    """Return the ticks of a message of ours; None for customers, notes and system lines."""
    if message.direction is Direction.INBOUND:
        return None
    if message.kind in (MessageKind.NOTE, MessageKind.SYSTEM):
        return None
    if message.status in (
        DeliveryStatus.FAILED,
        DeliveryStatus.UNDELIVERED,
        DeliveryStatus.CANCELED,
    ):
        return _failed(message, look)
    return _under_way(message.status, look.glyphs)


def _under_way(status: DeliveryStatus, glyphs: Glyphs) -> Ticks:
    match status:
        case DeliveryStatus.QUEUED:
            return Ticks(glyphs.pending, _("queued"), "pending")
        case DeliveryStatus.SENDING:
            return Ticks(glyphs.pending, _("sending"), "pending")
        case DeliveryStatus.ACCEPTED:
            return Ticks(glyphs.pending, _("accepted"), "pending")
        case DeliveryStatus.SCHEDULED:
            return Ticks(glyphs.pending, _("scheduled"), "pending")
        case DeliveryStatus.SENT:
            return Ticks(glyphs.tick, _("sent"), "sent")
        case DeliveryStatus.DELIVERED:
            return Ticks(glyphs.tick * 2, _("delivered"), "sent")
        case DeliveryStatus.READ:
            return Ticks(glyphs.tick * 2, _("read"), "read")
        case DeliveryStatus.UNKNOWN:
            return Ticks(
                glyphs.unknown, _("not known whether it arrived, being checked"), "unknown"
            )
        case DeliveryStatus.PARKED:
            return Ticks(glyphs.unknown, _("waits for your decision"), "unknown")
        case DeliveryStatus.RECEIVED:
            return Ticks(glyphs.pending, _("received"), "pending")
        case DeliveryStatus.FAILED | DeliveryStatus.UNDELIVERED | DeliveryStatus.CANCELED:
            return Ticks(glyphs.failed, _("not sent"), "failed")
        case _:
            assert_never(status)


def _failed(message: ChatMessage, look: Look) -> Ticks:
    word = {
        DeliveryStatus.FAILED: _("not sent"),
        DeliveryStatus.UNDELIVERED: _("not delivered"),
    }.get(message.status, _("cancelled"))
    sentence, code = "", None
    if message.error is not None:
        sentence, code = snippet(message.error.text, _SENTENCE_LIMIT), message.error.code
    failure = f" {look.glyphs.dot} ".join(part for part in (word, sentence) if part)
    if code is not None:
        failure = f"{failure} ({code})"
    action = message.error.action if message.error else ""
    if code == CLOSED_CODE or action == "template":
        cure, again = _("Ctrl+T sends a template"), False
    else:
        again = can_retry(message.status) and action not in _NOT_MENDED_BY_REPEATING
        cure = _("r sends it again") if again else ""
    return Ticks(look.glyphs.failed, word, "failed", failure, cure, again)
