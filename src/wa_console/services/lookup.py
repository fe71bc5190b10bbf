"""Fetching what must exist, with the sentence for when it does not."""

from __future__ import annotations

from wa_console.domain.address import WHATSAPP, parse_twilio, parse_typed
from wa_console.domain.conversation import Conversation
from wa_console.domain.errors import InvalidAddress, NotFound
from wa_console.domain.i18n import _
from wa_console.domain.message import ChatMessage
from wa_console.domain.text import snippet
from wa_console.store.port import Session


async def require_conversation(session: Session, conversation_id: str) -> Conversation:
    """Return a conversation.

    Raises:
        NotFound: There is none with that id.
    """
    found = await session.conversations.get(conversation_id)
    if found is None:
        raise NotFound(_("There is no conversation {id}.").format(id=snippet(conversation_id, 40)))
    return found


async def require_message(session: Session, message_id: str) -> ChatMessage:
    """Return a message.

    Raises:
        NotFound: There is none with that id.
    """
    found = await session.messages.get(message_id)
    if found is None:
        raise NotFound(_("There is no message {id}.").format(id=snippet(message_id, 40)))
    return found


async def find_conversation(session: Session, text: str) -> Conversation:
    """Return a conversation by its id or by a customer's address in any spelling.

    Of several threads it is the one with the newest activity; quarantined ones come last. A number
    without a country code is read as one of the first number's country.

    Raises:
        NotFound: Nothing fits, or the text can be neither.
    """
    found = await session.conversations.get(text)
    if found is not None:
        return found
    numbers = (await session.facts.setup()).numbers
    region = parse_twilio(f"{WHATSAPP}:{numbers[0].address}").country if numbers else None
    try:
        address = parse_typed(text, default_region=region)
    except InvalidAddress as error:
        raise NotFound(
            _("“{text}” is no conversation's id and no address. {reason}").format(
                text=snippet(text, 40), reason=error
            )
        ) from error
    threads = [
        thread
        for customer in await session.customers.by_identities([address])
        for thread in await session.conversations.of_customer(customer.id)
    ]
    if not threads:
        raise NotFound(_("There is no conversation with {who}.").format(who=address.display))
    return max(threads, key=lambda thread: (not thread.quarantined, thread.updated_at))
