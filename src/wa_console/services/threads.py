"""Which customer and which thread a message belongs to: found, or begun.

One thread per customer and number of ours. Strange traffic (an account we do not serve, another
channel) never joins a trusted thread: it would open a window that does not exist, and show a
stranger's words under a customer's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wa_console.domain.address import Address
from wa_console.domain.conversation import Conversation, ConversationState, Customer
from wa_console.domain.ids import new_id
from wa_console.domain.setup import Setup
from wa_console.store.port import Session


@dataclass(frozen=True, slots=True)
class Thread:
    """A customer with their thread.

    Attributes:
        begun: The conversation is new: it is not saved yet.
        customer_changed: The customer is new or looks different: not saved yet.
    """

    customer: Customer
    conversation: Conversation
    begun: bool
    customer_changed: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is at the other end, and at which number of ours.

    Attributes:
        identities: Every identifier known, the one to answer to first.
        number: Our address without the channel prefix.
        profile_name: The name they chose at WhatsApp, empty when not told.
        foreign: May not join a trusted thread.
    """

    identities: tuple[Address, ...]
    number: str
    profile_name: str = ""
    foreign: bool = False

    @property
    def reply_to(self) -> str:
        """The address to answer to, on the wire, exactly as given."""
        return self.identities[0].wire


async def find_or_begin(
    session: Session, contact: Contact, *, setup: Setup, at: datetime
) -> Thread:
    """Return the thread of a contact; a new one is made up, but not saved.

    The customer comes with the contact's identifiers and name taken over. A known conversation is
    returned as it stands, but with a workstream, should it have begun before there was one.
    """
    known, conversation = await _known(session, contact)
    customer = _named(known, contact) if known else _new_customer(contact, at)
    begun = conversation is None
    found = setup.workstream_of(contact.number)
    workstream = found.name if found else ""
    if conversation is None:
        conversation = Conversation(
            id=new_id(at),
            customer_id=customer.id,
            number=contact.number,
            reply_to=contact.reply_to,
            state=ConversationState.OPEN,
            created_at=at,
            updated_at=at,
            workstream=workstream,
            quarantined=contact.foreign,
        )
    elif not conversation.workstream and workstream:
        conversation = replace(conversation, workstream=workstream)
    return Thread(customer, conversation, begun=begun, customer_changed=customer != known)


async def _known(session: Session, contact: Contact) -> tuple[Customer | None, Conversation | None]:
    """Return the customer and thread to use, None for what has to be begun."""
    customers = _of_channel(
        await session.customers.by_identities(contact.identities), contact.identities[0].channel
    )
    kept: tuple[Customer, Conversation] | None = None
    trusted: tuple[Customer, Conversation] | None = None
    for customer in customers:
        thread = await session.conversations.find(customer.id, contact.number)
        if thread is not None and thread.quarantined:
            kept = kept or (customer, thread)
        elif thread is not None:
            trusted = trusted or (customer, thread)
    if contact.foreign:
        # A stranger behind a known number becomes a customer of their own.
        return kept or (None if trusted or not customers else customers[0], None)
    return trusted or kept or (customers[0] if customers else None, None)


def _of_channel(customers: Sequence[Customer], channel: str) -> list[Customer]:
    # A number written to us by SMS and by WhatsApp has one match key but two threads.
    return [c for c in customers if any(a.channel == channel for a in c.addresses)]


def _new_customer(contact: Contact, at: datetime) -> Customer:
    return Customer(
        id=new_id(at),
        addresses=contact.identities,
        first_seen_at=at,
        profile_name=contact.profile_name,
    )


def _named(customer: Customer, contact: Contact) -> Customer:
    """Take over name and identifiers: the newest first, none forgotten (FACTS 1.4)."""
    return replace(
        customer,
        addresses=tuple(dict.fromkeys((*contact.identities, *customer.addresses))),
        profile_name=contact.profile_name or customer.profile_name,
    )
