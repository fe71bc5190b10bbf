"""Our numbers in words: a light for each, what there is at it, what stopping it touches. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from wa_console.domain.address import WHATSAPP, parse_twilio
from wa_console.domain.i18n import _, ngettext
from wa_console.domain.setup import Number
from wa_console.domain.text import SafeText, snippet
from wa_console.ui.present_doctor import Finding, light
from wa_console.ui.present_time import span_words

_GRAVITY: Final = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much there is at a number, as `store.channel_port.ChannelCounts` counts it."""

    conversations: int
    live: int
    messages: int
    unsent: int
    customers: int
    held: int


def number_name(number: Number) -> SafeText:
    """Return a number's name, or the number where it has none."""
    return snippet(number.name, 40) if number.name else number_digits(number)


def number_digits(number: Number) -> SafeText:
    """Return a number as people write it."""
    return snippet(parse_twilio(f"{WHATSAPP}:{number.address}").display, 32)


def channel_light(
    number: Number, findings: Sequence[Finding] | None, *, ascii_only: bool
) -> tuple[str, str, str]:
    """Return sign, word and tone of a number.

    Args:
        number: Which.
        findings: What Twilio told of it, None while it was not asked.
        ascii_only: Without signs beyond ASCII.
    """
    if number.paused:
        return ("=" if ascii_only else "‖"), _("paused"), "warn"
    if findings is None:
        return ("?" if ascii_only else "○"), _("not asked yet"), "muted"
    worst = min((f.severity for f in findings), key=_GRAVITY.index, default="info")
    return light(worst, ascii_only=ascii_only)


def amount_lines(amounts: Amounts, *, last_inbound: timedelta | None) -> list[tuple[str, str]]:
    """Return (label, value) lines of what there is at a number."""
    lines = [
        (_("Conversations"), _("{all}, {live} of them in the inbox").format(
            all=amounts.conversations, live=amounts.live)),
        (_("Messages"), str(amounts.messages)),
        (_("Customer wrote"), _("{span} ago").format(span=span_words(last_inbound))
         if last_inbound is not None else _("never yet")),
    ]  # fmt: skip
    if amounts.unsent:
        lines.append((_("Not sent yet"), str(amounts.unsent)))
    if amounts.held:
        lines.append((_("Held back"), str(amounts.held)))
    return lines


def pause_words(amounts: Amounts) -> str:
    """Say what pausing touches."""
    text = ngettext(
        "{n} conversation in the inbox stays. Nothing is sent; what comes in is kept and held "
        "back until you resume.",
        "{n} conversations in the inbox stay. Nothing is sent; what comes in is kept and held "
        "back until you resume.",
        amounts.live,
    )
    return text.format(n=amounts.live) + _waiting(amounts, _("wait until then"))


def detach_words(amounts: Amounts) -> str:
    """Say what detaching touches."""
    text = ngettext(
        "The number leaves the set-up; {n} conversation stays readable. At Twilio nothing changes: "
        "what comes in goes to the quarantine.",
        "The number leaves the set-up; {n} conversations stay readable. At Twilio nothing changes: "
        "what comes in goes to the quarantine.",
        amounts.conversations,
    )
    return text.format(n=amounts.conversations) + _waiting(amounts, _("are canceled"))


def erase_words(amounts: Amounts) -> str:
    """Say what erasing touches; it cannot be undone."""
    text = _(
        "Gone for ever: {conversations} conversations, {messages} messages, {customers} customers "
        "known only here, and the journal of it all. Backups and earlier exports keep theirs."
    )
    return text.format(
        conversations=amounts.conversations, messages=amounts.messages, customers=amounts.customers
    )


def _waiting(amounts: Amounts, what: str) -> str:
    if not amounts.unsent:
        return ""
    text = _("Messages not sent yet ({n}) {what}.")
    return " " + text.format(n=amounts.unsent, what=what)
