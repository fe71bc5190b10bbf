"""Customer pane and status line as view models. Pure (ARCHITECTURE 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from wa_console.domain.address import Address, AddressKind, parse_twilio
from wa_console.domain.conversation import Conversation, ConversationState, Customer
from wa_console.domain.i18n import N_, _, ngettext
from wa_console.domain.text import SafeText, snippet
from wa_console.ui.present_header import assignee_words
from wa_console.ui.present_inbox import customer_title
from wa_console.ui.present_look import Look
from wa_console.ui.present_time import clock_time, date_words, local_day, moment_words, span_words

_VALUE_LIMIT: Final = 60
_ADDRESSES: Final = 4
"""So many of a customer's addresses are shown."""

_STATE_WORDS: Final[Mapping[ConversationState, str]] = {
    ConversationState.OPEN: N_("Open"),
    ConversationState.ACTIVE: N_("Active"),
    ConversationState.WAITING: N_("Waiting for the customer"),
    ConversationState.WRAP_UP: N_("Wrap-up"),
    ConversationState.CLOSED: N_("Closed"),
}
_PRESENCE: Final[Mapping[str, tuple[str, str]]] = {
    "available": (N_("Available"), "calm"),
    "busy": (N_("Busy"), "warn"),
    "dnd": (N_("Do not disturb"), "urgent"),
    "away": (N_("Away"), "warn"),
    "offline": (N_("Offline"), "muted"),
}


@dataclass(frozen=True, slots=True)
class PaneRow:
    """A label and its value; ``chips`` are short values drawn as chips."""

    label: str
    value: str
    chips: tuple[str, ...] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True)
class PaneSection:
    """A heading with its rows."""

    title: str
    rows: tuple[PaneRow, ...]


@dataclass(frozen=True, slots=True)
class CustomerView:
    """What the customer pane shows: the name, then sections."""

    name: SafeText
    sections: tuple[PaneSection, ...]


@dataclass(frozen=True, slots=True)
class StatusPart:
    """A run of the status line. ``tone``: strong, muted, calm, warn, urgent or plain."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """The status line in groups, widest form first; the widget takes the first that fits."""

    wide: tuple[tuple[StatusPart, ...], ...]
    middle: tuple[tuple[StatusPart, ...], ...]
    narrow: tuple[tuple[StatusPart, ...], ...]


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status line tells.

    Attributes:
        number: Our number or its name, as shown to people.
        presence: The representative's presence (domain's word).
        active: Conversations they hold, of `capacity`.
        last_webhook: Age of the last webhook, None if there was none.
        problem: A sentence when a link of the chain is broken, else empty.
        problem_key: The key that opens the doctor, such as ``F9``; empty while there is none.
        closing_soon: Windows that close within the hour.
        last_look: Age of the last look into Twilio's list, None if there was none.
        away: The time in which messages came that only catch-up found; None once it is old news.
        fetched: How many they were.
    """

    number: str = ""
    presence: str = "available"
    active: int = 0
    capacity: int = 0
    last_webhook: timedelta | None = None
    problem: str = ""
    problem_key: str = ""
    closing_soon: int = 0
    last_look: timedelta | None = None
    away: tuple[datetime, datetime] | None = None
    fetched: int = 0


def customer_view(
    customer: Customer,
    conversation: Conversation,
    *,
    now: datetime,
    look: Look,
    others: int = 0,
) -> CustomerView:
    """Return the customer pane.

    Args:
        customer: Who.
        conversation: The thread that is open.
        now: The product's time.
        look: Signs, zone, and who is looking.
        others: The customer's threads with other numbers of ours.
    """
    number = parse_twilio(conversation.reply_to).display
    return CustomerView(
        name=customer_title(customer.name, customer.profile_name, number),
        sections=(
            PaneSection(_("Customer"), _person_rows(customer, conversation, look, others)),
            PaneSection(_("Conversation"), _thread_rows(conversation, now, look)),
        ),
    )


def status_line(facts: StatusFacts, *, look: Look) -> StatusView:
    """Return the status line in its three widths."""
    word, tone = _PRESENCE.get(facts.presence, (facts.presence, "plain"))
    full = look.glyphs.shapes[0]
    load = StatusPart(f" {facts.active}/{facts.capacity}", "muted" if facts.capacity else "plain")
    presence = (StatusPart(f"{full} {_(word)}", tone), load)
    product = (StatusPart("wa-console", "strong"),)
    number = StatusPart(f"  {facts.number}" if facts.number else "", "muted")
    wide, narrow = _health(facts, look)
    soon, soon_short = _closing(facts.closing_soon)
    return StatusView(
        wide=_groups((*product, number), presence, wide, soon),
        middle=_groups(product, presence, wide, soon_short),
        narrow=_groups(product, presence, narrow, soon_short),
    )


def _groups(*groups: tuple[StatusPart, ...]) -> tuple[tuple[StatusPart, ...], ...]:
    return tuple(group for group in groups if group)


def _health(
    facts: StatusFacts, look: Look
) -> tuple[tuple[StatusPart, ...], tuple[StatusPart, ...]]:
    sign = look.glyphs.shapes[0]
    if facts.problem:
        key = f" {look.glyphs.dot} {facts.problem_key}" if facts.problem_key else ""
        bad = (
            StatusPart(f"{look.glyphs.failed} {facts.problem}", "urgent"),
            StatusPart(key, "plain"),
        )
        return bad, bad
    away, fetched = _away(facts, look)
    if facts.last_webhook is not None:
        age = span_words(facts.last_webhook)
        words = _("last webhook {age} ago").format(age=age)
    elif facts.last_look is not None:  # without a public address there never is a webhook
        age = span_words(facts.last_look)
        words = _("asked {age} ago").format(age=age)
    else:
        quiet = (StatusPart(f"{look.glyphs.shapes[3]} Twilio ", "plain"),)
        return (
            (*quiet, StatusPart(_("no webhook yet"), "muted"), *away),
            (*quiet, StatusPart(_("quiet"), "muted"), *fetched),
        )
    good = StatusPart(f"{sign} Twilio ", "calm")
    return (
        (good, StatusPart(words, "muted"), *away),
        (good, StatusPart(age, "muted"), *fetched),
    )


def _away(facts: StatusFacts, look: Look) -> tuple[tuple[StatusPart, ...], tuple[StatusPart, ...]]:
    """Return what catch-up brought, with the time nobody listened and without."""
    if facts.away is None or not facts.fetched:
        return (), ()
    since, until = (clock_time(moment, look.zone) for moment in facts.away)
    dot = f" {look.glyphs.dot} "
    n = facts.fetched
    words = _("away {since}-{until}, {n} fetched").format(since=since, until=until, n=n)
    short = _("{n} fetched").format(n=n)
    return (StatusPart(dot + words, "warn"),), (StatusPart(dot + short, "warn"),)


def _closing(count: int) -> tuple[tuple[StatusPart, ...], tuple[StatusPart, ...]]:
    if not count:
        return (), ()
    words = ngettext(
        "{count} window closes within the hour", "{count} windows close within the hour", count
    ).format(count=count)
    short = ngettext("{count} closes < 1 h", "{count} close < 1 h", count).format(count=count)
    return (StatusPart(words, "warn"),), (StatusPart(short, "warn"),)


def _address_label(address: Address) -> str:
    """Return what an address is to a person: a number, or the id WhatsApp gives in its place."""
    match address.kind:
        case AddressKind.BSUID | AddressKind.PARENT_BSUID:
            return _("WhatsApp id")
        case AddressKind.PHONE | AddressKind.UNKNOWN:
            return _("Number")
        case _:
            assert_never(address.kind)


def _person_rows(
    customer: Customer, conversation: Conversation, look: Look, others: int
) -> tuple[PaneRow, ...]:
    seen = date_words(local_day(customer.first_seen_at, look.zone))
    rows = [PaneRow(_address_label(a), a.display) for a in customer.addresses[:_ADDRESSES]]
    profile = snippet(customer.profile_name, _VALUE_LIMIT)
    if profile and profile != customer.name and customer.name:
        rows.append(PaneRow(_("Calls themselves"), profile))
    rows.append(PaneRow(_("First seen"), seen))
    if customer.language:
        rows.append(PaneRow(_("Language"), snippet(customer.language, 12)))
    if others:
        rows.append(PaneRow(_("Other threads"), str(others)))
    if conversation.labels:
        chips = tuple(snippet(label, 20) for label in conversation.labels)
        rows.append(PaneRow(_("Labels"), "", chips=chips))
    return tuple(rows)


def _thread_rows(conversation: Conversation, now: datetime, look: Look) -> tuple[PaneRow, ...]:
    rows = [PaneRow(_("State"), _(_STATE_WORDS[conversation.state]))]
    if conversation.queue:
        rows.append(PaneRow(_("Queue"), snippet(conversation.queue, _VALUE_LIMIT)))
    rows.append(PaneRow(_("With"), assignee_words(conversation.assignee, look)[1]))
    if conversation.first_reply_at:
        moment = moment_words(conversation.first_reply_at, now, look.zone)
        rows.append(PaneRow(_("First reply"), moment))
    if conversation.waiting_since:
        rows.append(PaneRow(_("Waiting"), span_words(now - conversation.waiting_since)))
    if conversation.quarantined:
        rows.append(PaneRow(_("Held back"), _("not from a number of yours"), tone="urgent"))
    return tuple(rows)
