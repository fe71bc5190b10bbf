"""The header of the open conversation as a view model: who, and how long free text is allowed.

Pure (ARCHITECTURE 3). The countdown is made from the window's end and `now` each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wa_console.domain.address import parse_twilio
from wa_console.domain.conversation import Conversation, Customer
from wa_console.domain.i18n import _
from wa_console.domain.text import SafeText, snippet
from wa_console.domain.window import WINDOW, Window
from wa_console.ui.present_inbox import customer_title
from wa_console.ui.present_look import Look, Tone, tone_of
from wa_console.ui.present_time import (
    clock_time,
    local_day,
    moment_words,
    time_left_exact,
    window_at,
)


@dataclass(frozen=True, slots=True)
class HeaderView:
    """Who the open conversation is with, and its window; what ticks is `header_clock`'s.

    Attributes:
        facts: Number, language and assignee: ours, left of the name, which can be of any width.
        facts_narrow: Number and assignee in a word.
    """

    name: SafeText
    facts: str
    facts_narrow: str
    window: Window


@dataclass(frozen=True, slots=True)
class HeaderClock:
    """What the header shows of the window at one moment.

    Attributes:
        lead: The countdown in words.
        lead_narrow: The same, short.
        until: When it ends and what then.
        until_narrow: The same, short.
        fraction: Time left of 24 hours, 0 to 1.
    """

    tone: Tone
    shape: str
    lead: str
    lead_narrow: str
    until: str
    until_narrow: str
    fraction: float


def header(
    conversation: Conversation, customer: Customer, *, window: Window, look: Look
) -> HeaderView:
    """Return the header of an open conversation."""
    number = parse_twilio(conversation.reply_to).display
    dot = f" {look.glyphs.dot} "
    mine, short = assignee_words(conversation.assignee, look)
    language = snippet(customer.language, 12)
    return HeaderView(
        name=customer_title(customer.name, customer.profile_name, number),
        facts=dot.join(part for part in (number, language, mine) if part),
        facts_narrow=dot.join((number, short)),
        window=window,
    )


def header_clock(window: Window, *, now: datetime, look: Look) -> HeaderClock:
    """Return the countdown of the header at a moment, in words (UI.md, Conversation)."""
    window = window_at(window, now)
    tone = tone_of(window)
    lead, short, until, until_short = _clock_words(window, now, look)
    return HeaderClock(
        tone=tone,
        shape=look.glyphs.shape(tone),
        lead=lead,
        lead_narrow=short,
        until=until,
        until_narrow=until_short,
        fraction=min(1.0, max(0.0, window.remaining / WINDOW)),
    )


def assignee_words(login: str, look: Look) -> tuple[str, str]:
    """Return who holds a conversation, as a phrase and in a word."""
    if not login:
        return _("assigned to nobody"), _("nobody")
    if login == look.login:
        return _("assigned to you"), _("you")
    name = snippet(login, 20)
    return _("assigned to {name}").format(name=name), name


def _clock_words(window: Window, now: datetime, look: Look) -> tuple[str, str, str, str]:
    dot = f" {look.glyphs.dot} "
    at = window.closes_at or now
    moment, time = moment_words(at, now, look.zone), clock_time(at, look.zone)
    today = local_day(at, look.zone) == local_day(now, look.zone)
    match tone_of(window):
        case Tone.NEVER:
            return (
                _("never wrote to you"),
                _("never wrote"),
                _("only approved templates until the customer answers"),
                _("templates only"),
            )
        case Tone.CLOSED:
            since = _("since {moment}").format(moment=moment)
            return (
                _("closed for free text"),
                _("closed"),
                since + dot + _("only approved templates until the customer writes"),
                _("since {time}, templates only").format(time=time) if today else since,
            )
        case _:
            left = time_left_exact(window)
            until = _("until {moment}").format(moment=moment)
            return (
                _("{time} left to reply freely").format(time=left),
                _("{time} left").format(time=left),
                until + dot + _("after that only approved templates"),
                # With the day there is no room for more beside an inbox on 80 columns.
                _("until {time}, then templates only").format(time=time) if today else until,
            )
