"""A customer writes: the message, its effects, its webhook.

Duty: make the inbound message resource, open the window, keep opt-outs and sandbox sessions, and
have the webhook delivered. It decides nothing about outbound messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wa_console.simulator.callbacks import deliver_copies
from wa_console.simulator.faults import FaultKind
from wa_console.simulator.forms import inbound_form
from wa_console.simulator.records import (
    Button,
    Customer,
    DeliveredMessage,
    Location,
    MediaItem,
    Medium,
    Message,
    Sender,
)
from wa_console.simulator.rules import has_joined
from wa_console.simulator.site import Site
from wa_console.simulator.truth import Try

_STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe"})
_START_WORDS = frozenset({"start", "unstop"})


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a customer sends: any of text, media, a button press, a place, further fields."""

    body: str = ""
    media: Sequence[MediaItem] = ()
    button: Button | None = None
    location: Location | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


async def receive(
    site: Site, *, customer: Customer, sender: Sender, said: Utterance
) -> DeliveredMessage:
    """Takes a customer's message to a sender and delivers its webhook, faults and all.

    ``extra`` may override every field, ``To`` among them: the message then goes to that address,
    which need not be a sender of ours (a number not set up).
    """
    said = _complete(site, customer, said)
    message = _store(site, customer, sender, said)
    _note_effects(site, customer, message)
    reached = _reaches_webhook(site, customer, message)
    url = sender.webhook.callback_url
    dropped = site.faults.strikes(FaultKind.DROP_WEBHOOK, "webhook") if url and reached else False
    tries: list[Try] = []
    if url and reached and not dropped:
        form = inbound_form(
            message,
            account_sid=site.world.account.sid,
            customer=customer,
            media=[site.world.media[sid] for sid in message.media],
            media_base=site.world.switches.media_base or site.base_url,
            button=said.button,
            location=said.location,
            extra=said.extra,
        )
        tries = await deliver_copies(
            site,
            url=url,
            form=form,
            kind="webhook",
            copies=1 + site.faults.strikes(FaultKind.DUPLICATE_WEBHOOK, "webhook"),
            method=sender.webhook.callback_method or "POST",
            fallback_url=sender.webhook.fallback_url,
        )
    site.truth.add_delivered(message, tries=tries, dropped=dropped)
    return DeliveredMessage(message.sid, tries[-1].status if tries else None)


def _complete(site: Site, customer: Customer, said: Utterance) -> Utterance:
    """Fills in what WhatsApp knows of a press: its text is the body, it quotes the message."""
    if said.button is None:
        return said
    button = said.button
    if button.reply_to is None:
        newest = site.world.newest_to(customer)
        button = replace(button, reply_to=newest.sid if newest is not None else None)
    return replace(said, button=button, body=said.body or button.text)


def _store(site: Site, customer: Customer, sender: Sender, said: Utterance) -> Message:
    world, now = site.world, site.clock.now()
    # Override through ``extra`` first: the resource and the webhook must tell the same.
    sid = said.extra.get("MessageSid") or world.mint.sid("MM" if said.media else "SM")
    body = said.extra.get("Body", said.body)
    if not body and said.media and said.media[0].filename:
        body = said.media[0].filename
    message = world.add_message(
        Message(
            sid=sid,
            seq=world.next_seq(),
            direction="inbound",
            from_=said.extra.get("From", customer.address),
            to=said.extra.get("To", sender.address),
            body=body,
            status="received",
            created_at=now,
            updated_at=now,
            sent_at=now,
        )
    )
    for item in said.media:
        medium = Medium(
            sid=world.mint.sid("ME"),
            message_sid=sid,
            content_type=item.content_type,
            data=item.data,
            filename=item.filename,
            created_at=now,
        )
        world.media[medium.sid] = medium
        message.media.append(medium.sid)
    return message


def _note_effects(site: Site, customer: Customer, message: Message) -> None:
    world, word = site.world, message.body.strip().lower()
    world.last_inbound[(message.to, customer.address)] = message.created_at
    sender = world.senders.get(message.to)
    if sender is not None and sender.join_code is not None:
        if word == f"join {sender.join_code}":
            world.joined[customer.address] = message.created_at
        elif word == "stop" or word.startswith("join "):
            world.joined.pop(customer.address, None)
    elif word in _STOP_WORDS:
        customer.opted_out = True
    elif word in _START_WORDS:
        customer.opted_out = False


def _reaches_webhook(site: Site, customer: Customer, message: Message) -> bool:
    """The sandbox answers strangers by itself; their messages go no further (FACTS 12)."""
    sender = site.world.senders.get(message.to)
    if sender is None or sender.join_code is None:
        return True
    return message.body.strip().lower() == "stop" or has_joined(
        site.world, customer, message.created_at
    )
