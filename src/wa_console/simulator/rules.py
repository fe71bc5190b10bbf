"""What Twilio and WhatsApp refuse, and how.

Duty: pure functions. `refuse_draft` names the error of the create call (HTTP 4xx), `judge` the
later failure that comes by status callback; most WhatsApp rules are of the second kind
(FACTS 7). The time is handed in.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from wa_console.simulator.records import Content, Customer, Message, Sender
from wa_console.simulator.render import main_type, placeholders, read_variables
from wa_console.simulator.world import World, is_external_id

WINDOW = timedelta(hours=24)
SANDBOX_JOIN = timedelta(days=3)
SANDBOX_PACE = timedelta(seconds=3)
BODY_LIMIT = 1600
TEMPLATE_LIMIT = 1024
SEND_AT_EARLIEST = timedelta(minutes=5)
SEND_AT_LATEST = timedelta(days=35)

_NUMBER = re.compile(r"whatsapp:\+[1-9][0-9]{6,14}")
_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]+")
_IN_SESSION = frozenset(
    {
        "twilio/text",
        "twilio/media",
        "twilio/quick-reply",
        "twilio/catalog",
        "twilio/list-picker",
        "twilio/location",
    }
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of a create request, as they came."""

    to: str = ""
    from_: str = ""
    service_sid: str = ""
    body: str = ""
    media_urls: tuple[str, ...] = ()
    content_sid: str = ""
    content_variables: str | None = None
    status_callback: str | None = None
    send_at: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer: Twilio's code, the sentence, the HTTP status."""

    code: int
    message: str
    status: int = 400


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure after the create call: the code, and whether WhatsApp had taken the message.

    ``after_sent`` true ends in ``undelivered`` by way of ``sent``; false ends in ``failed``.
    """

    code: int
    after_sent: bool = False


def refuse_draft(draft: Draft, world: World, now: datetime) -> Refusal | None:
    """The error that Twilio answers a create request with, or None if it takes it (FACTS 7)."""
    return (
        _refuse_addresses(draft, world)
        or _refuse_payload(draft, world)
        or _refuse_links(draft)
        or _refuse_schedule(draft, now)
        or _refuse_opt_out(draft, world)
    )


def _refuse_addresses(draft: Draft, world: World) -> Refusal | None:
    if not draft.to:
        return Refusal(21604, "A 'To' phone number is required.")
    if not draft.from_ and not draft.service_sid:
        return Refusal(21603, "A 'From' phone number is required.")
    if not is_whatsapp_address(draft.to):
        if draft.to.startswith("whatsapp:") or not re.fullmatch(r"\+[1-9][0-9]{6,14}", draft.to):
            return Refusal(21211, f"Invalid 'To' Phone Number: {draft.to}")
        return Refusal(30016, "The From and To channels of the message differ.")
    if draft.service_sid and draft.service_sid not in world.services:
        # 21701 is general knowledge, in none of the documents we hold.
        return Refusal(21701, "The Messaging Service does not exist")
    if not draft.from_:
        return None
    if draft.from_ == draft.to:
        return Refusal(63031, "Message cannot have the same To and From.")
    if not is_whatsapp_address(draft.from_):
        return Refusal(21212, f"The 'From' number {draft.from_} is not a valid WhatsApp sender.")
    if draft.from_ not in world.senders:
        return Refusal(63007, "Twilio could not find a Channel with the specified From address")
    return None


def _refuse_payload(draft: Draft, world: World) -> Refusal | None:
    if draft.content_variables is not None and not draft.content_sid:
        return Refusal(21654, "ContentSid is required when ContentVariables is given.")
    if not draft.body and not draft.media_urls and not draft.content_sid:
        return Refusal(21619, "A text message body or media urls must be specified.")
    if len(draft.body) > BODY_LIMIT:
        return Refusal(21617, f"The concatenated message body exceeds the {BODY_LIMIT} limit.")
    if draft.content_sid:
        if draft.content_sid not in world.contents:
            return Refusal(21655, "The ContentSid is invalid.")
        return _refuse_variables(draft.content_variables)
    return None


def _refuse_variables(raw: str | None) -> Refusal | None:
    if raw is None:
        return None
    try:
        values = json.loads(raw)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        return Refusal(92007, "ContentVariables is not a JSON object written as text.")
    if any(not isinstance(value, str) or not value for value in values.values()):
        return Refusal(21656, "The ContentVariables Parameter is invalid.")
    return None


def _refuse_links(draft: Draft) -> Refusal | None:
    if len(draft.media_urls) > 10:
        return Refusal(21623, "Number of media files exceeds allowed limit.")
    bad = next((url for url in draft.media_urls if not _is_url(url)), None)
    if bad is not None:
        return Refusal(21620, f"Invalid media URL(s): {bad}")
    if draft.status_callback and not _is_url(draft.status_callback):
        return Refusal(21609, f"The StatusCallback URL {draft.status_callback} is not valid.")
    return None


def _refuse_schedule(draft: Draft, now: datetime) -> Refusal | None:
    if draft.send_at is None:
        return None
    if not draft.service_sid:
        return Refusal(35118, "MessagingServiceSid is required to schedule a message.")
    when = parse_time(draft.send_at)
    if when is None or when <= now + SEND_AT_EARLIEST:
        return Refusal(35114, "SendAt must be a time more than 5 minutes ahead.")
    if when > now + SEND_AT_LATEST:
        return Refusal(35115, "SendAt must be at most 35 days ahead.")
    return None


def _refuse_opt_out(draft: Draft, world: World) -> Refusal | None:
    customer = world.find_customer(draft.to)
    if customer is not None and customer.opted_out and not world.switches.opt_out_late:
        return Refusal(21610, "Attempt to send to unsubscribed recipient")
    return None


def judge(message: Message, world: World, now: datetime) -> Failure | None:
    """How WhatsApp fails an accepted message at sending time, or None if it delivers it."""
    customer = world.customer(message.to)
    sender = world.senders[message.from_ or ""]
    if customer.opted_out:
        return Failure(21610)
    if not customer.on_whatsapp:
        return Failure(63003)
    if sender.join_code is not None and not has_joined(world, customer, now):
        return Failure(63015)
    if _too_fast(world, sender, now):
        return Failure(63018)
    content = world.contents.get(message.content_sid or "")
    is_open = window_open(world, sender=sender, customer=customer, now=now)
    if message.content_sid is not None:
        failure = _judge_content(message, content, is_open=is_open)
    else:
        failure = None if is_open else Failure(63016)
    return failure or _judge_recipient(customer, content)


def _judge_content(message: Message, content: Content | None, *, is_open: bool) -> Failure | None:
    if content is None:
        return Failure(63027)
    if message.media_urls:
        return Failure(63030)
    status = content.approval.status if content.approval is not None else "unsubmitted"
    match status:
        case "rejected":
            return Failure(63040)
        case "paused":
            return Failure(63041)
        case "disabled":
            return Failure(63042)
        case "approved":
            pass
        case _ if not (is_open and main_type(content) in _IN_SESSION):
            # Not (yet) known at WhatsApp; inside the window it goes as session content.
            return Failure(63027)
    given, wanted = read_variables(message.content_variables), placeholders(content)
    if set(given) - set(wanted) or set(wanted) - set(given) - set(content.variables):
        return Failure(63028)
    if any(re.search(r"[\n\t]| {4,}", value) for value in given.values()):
        return Failure(63013)
    return Failure(63021) if len(message.rendered or "") > TEMPLATE_LIMIT else None


def _judge_recipient(customer: Customer, content: Content | None) -> Failure | None:
    if not customer.can_receive:
        return Failure(63024, after_sent=True)
    approval = content.approval if content is not None else None
    if approval is not None and approval.category == "MARKETING" and not customer.marketing_ok:
        return Failure(63049, after_sent=True)
    return None


def _too_fast(world: World, sender: Sender, now: datetime) -> bool:
    """Whether this send breaks the sender's pace; times are those of the simulated clock."""
    sends = world.pace[sender.address]
    if sender.join_code is not None:
        return bool(sends) and timedelta() <= now - sends[-1] < SANDBOX_PACE
    limit = world.switches.sender_limit_per_s
    return limit is not None and sum(now - sent < timedelta(seconds=1) for sent in sends) >= limit


def window_open(world: World, *, sender: Sender, customer: Customer, now: datetime) -> bool:
    """Whether free text may go out: less than 24 h since that customer last wrote to that sender.

    Exactly 24 h is closed. Only inbound messages count (FACTS 15.1).
    """
    last = world.last_inbound.get((sender.address, customer.address))
    return last is not None and now - last < WINDOW


def has_joined(world: World, customer: Customer, now: datetime) -> bool:
    """Whether a customer's sandbox session is younger than three days (FACTS 12)."""
    joined = world.joined.get(customer.address)
    return joined is not None and now - joined < SANDBOX_JOIN


def is_whatsapp_address(address: str) -> bool:
    """Whether an address is ``whatsapp:`` and a number or a business-scoped id (FACTS 1.4)."""
    bare = address.removeprefix("whatsapp:")
    return _NUMBER.fullmatch(address) is not None or (bare != address and is_external_id(bare))


def parse_time(text: str) -> datetime | None:
    """A date or time as Twilio takes it, in UTC, or None if it is neither."""
    try:
        when = datetime.fromisoformat(text.strip().replace(" ", "T"))
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    # Underscores in the host are refused by Twilio (FACTS 2).
    return parts.scheme in {"http", "https"} and _HOST.fullmatch(host) is not None
