"""Rows of customers, conversations, the inbox, the outbox, templates and the feed.

Explicit in both directions, column by column: a column that is missing in a row raises at once
instead of becoming a default. Messages are in message_rows, the set-up in setup_codec. Nothing
here may run a statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum

from wa_console.domain.address import parse_twilio
from wa_console.domain.changes import Change, ChangeKind
from wa_console.domain.clock import from_ms, to_ms
from wa_console.domain.conversation import Conversation, ConversationState, Customer, InboxRow
from wa_console.domain.template import Approval, Button, Template
from wa_console.store.codec import (
    decode_list,
    decode_mapping,
    encode,
    moment_or_none,
    ms_or_none,
)
from wa_console.store.executor import Row, Values
from wa_console.store.records import JournalEntry, JournalKind, JournalRow, OutboxRow, OutboxState


class Shelf(IntEnum):
    """Which views a conversation can be in; a column, so that an index can begin with it."""

    LIVE = 0
    CLOSED = 1
    QUARANTINE = 2
    DISCARDED = 3
    """Quarantined and closed: in no view (CONTRACT, ``discard``)."""


def customer_values(customer: Customer) -> Values:
    """Return the columns of table ``customer``."""
    return {
        "id": customer.id,
        "name": customer.name,
        "profile_name": customer.profile_name,
        "language": customer.language,
        "first_seen_ms": to_ms(customer.first_seen_at),
        "haystack": haystack(customer),
    }


def haystack(customer: Customer) -> str:
    """Return what the inbox's filter looks into: names and addresses, one a line, lower case."""
    values = (address.value for address in customer.addresses)
    return "\n".join((customer.name, customer.profile_name, *values)).casefold()


def customer_from(rows: Iterable[Row]) -> Customer:
    """Return a customer from its rows, one for each identifier in order (customers.get)."""
    head, *rest = rows
    wires = [row["wire"] for row in (head, *rest) if row["wire"] is not None]
    return Customer(
        id=head["id"],
        addresses=tuple(parse_twilio(wire) for wire in wires),
        first_seen_at=from_ms(head["first_seen_ms"]),
        name=head["name"],
        profile_name=head["profile_name"],
        language=head["language"],
    )


def conversation_values(conversation: Conversation) -> Values:
    """Return the columns of table ``conversation``, but ``version``, which the table counts."""
    shelf = shelf_of(conversation)
    return {
        "id": conversation.id,
        "customer_id": conversation.customer_id,
        "number": conversation.number,
        "reply_to": conversation.reply_to,
        "state": conversation.state.value,
        "workstream": conversation.workstream,
        "queue": conversation.queue,
        "assignee": conversation.assignee,
        "unread": conversation.unread,
        "created_ms": to_ms(conversation.created_at),
        "updated_ms": to_ms(conversation.updated_at),
        "last_inbound_ms": ms_or_none(conversation.last_inbound_at),
        "closed_by_channel_ms": ms_or_none(conversation.closed_by_channel_at),
        "waiting_since_ms": ms_or_none(conversation.waiting_since),
        "first_reply_ms": ms_or_none(conversation.first_reply_at),
        "closed_ms": ms_or_none(conversation.closed_at),
        "last_message_id": conversation.last_message_id,
        "quarantined": int(conversation.quarantined),
        "labels": encode(conversation.labels),
        "context": encode(conversation.context),
        "shelf": int(shelf),
        "needs": int(conversation.waiting_since is not None and shelf is not Shelf.CLOSED),
        "window_ms": 0 if shelf is Shelf.CLOSED else _window_ms(conversation),
    }


def shelf_of(conversation: Conversation) -> Shelf:
    """Return which shelf a conversation stands on."""
    closed = conversation.state is ConversationState.CLOSED
    if conversation.quarantined:
        return Shelf.DISCARDED if closed else Shelf.QUARANTINE
    return Shelf.CLOSED if closed else Shelf.LIVE


def _window_ms(conversation: Conversation) -> int:
    """Return when the window last opened; 0 when it never did or the channel shut it since."""
    opened: datetime | None = conversation.last_inbound_at
    shut = conversation.closed_by_channel_at
    if opened is None or (shut is not None and opened <= shut):
        return 0
    return to_ms(opened)


def conversation_from(row: Row) -> Conversation:
    """Return a conversation from a row of ``conversation``."""
    return Conversation(
        id=row["id"],
        customer_id=row["customer_id"],
        number=row["number"],
        reply_to=row["reply_to"],
        state=ConversationState(row["state"]),
        created_at=from_ms(row["created_ms"]),
        updated_at=from_ms(row["updated_ms"]),
        workstream=row["workstream"],
        queue=row["queue"],
        assignee=row["assignee"],
        unread=row["unread"],
        last_inbound_at=moment_or_none(row["last_inbound_ms"]),
        closed_by_channel_at=moment_or_none(row["closed_by_channel_ms"]),
        waiting_since=moment_or_none(row["waiting_since_ms"]),
        first_reply_at=moment_or_none(row["first_reply_ms"]),
        closed_at=moment_or_none(row["closed_ms"]),
        last_message_id=row["last_message_id"],
        quarantined=bool(row["quarantined"]),
        labels=tuple(decode_list(row["labels"])),
        context=decode_mapping(row["context"]),
        version=row["version"],
    )


def inbox_row_from(row: Row) -> InboxRow:
    """Return an inbox entry from a row of ``inbox_entry`` with its draft mark."""
    return InboxRow(
        id=row["id"],
        name=row["name"],
        profile_name=row["profile_name"],
        address=parse_twilio(row["reply_to"]),
        state=ConversationState(row["state"]),
        assignee=row["assignee"],
        unread=row["unread"],
        last_inbound_at=moment_or_none(row["last_inbound_ms"]),
        closed_by_channel_at=moment_or_none(row["closed_by_channel_ms"]),
        waiting_since=moment_or_none(row["waiting_since_ms"]),
        updated_at=from_ms(row["updated_ms"]),
        last_direction=row["last_direction"] or "",
        last_kind=row["last_kind"] or "",
        last_content=row["last_content"] or "",
        last_status=row["last_status"] or "",
        last_body=row["last_body"] or "",
        last_author=row["last_author"] or "",
        has_draft=bool(row["has_draft"]),
        labels=tuple(decode_list(row["labels"])),
    )


def outbox_values(row: OutboxRow) -> Values:
    """Return the columns of table ``outbox``."""
    return {
        "message_id": row.message_id,
        "conversation_id": row.conversation_id,
        "sender": row.sender,
        "recipient": row.to,
        "body": row.body,
        "content_sid": row.content_sid,
        "variables": encode(row.variables),
        "media_urls": encode(row.media_urls),
        "state": row.state.value,
        "attempt": row.attempt,
        "due_ms": row.due_ms,
        "leased_by": row.leased_by,
        "leased_until_ms": row.leased_until_ms,
        "started_ms": ms_or_none(row.started_at),
        "looks": row.looks,
        "created_ms": ms_or_none(row.created_at),
    }


def outbox_from(row: Row) -> OutboxRow:
    """Return a send from a row of ``outbox``."""
    return OutboxRow(
        message_id=row["message_id"],
        conversation_id=row["conversation_id"],
        sender=row["sender"],
        to=row["recipient"],
        body=row["body"],
        content_sid=row["content_sid"],
        variables=decode_mapping(row["variables"]),
        media_urls=tuple(decode_list(row["media_urls"])),
        state=OutboxState(row["state"]),
        attempt=row["attempt"],
        due_ms=row["due_ms"],
        leased_by=row["leased_by"],
        leased_until_ms=row["leased_until_ms"],
        started_at=moment_or_none(row["started_ms"]),
        looks=row["looks"],
        created_at=moment_or_none(row["created_ms"]),
    )


def template_values(template: Template) -> Values:
    """Return the columns of table ``template``, but ``synced_ms``."""
    return {
        "content_sid": template.content_sid,
        "name": template.name,
        "language": template.language,
        "kind": template.kind,
        "body": template.text,
        "variables": encode(template.variables),
        "category": template.category,
        "approval": template.approval.value,
        "reason": template.reason,
        "buttons": encode([[b.title, b.kind, b.target, b.detail] for b in template.buttons]),
        "workstreams": encode(template.workstreams),
        "face": encode(
            {
                "header": template.header,
                "footer": template.footer,
                "media": template.media,
                "list_button": template.list_button,
            }
        ),
    }


def template_from(row: Row) -> Template:
    """Return a template from a row of ``template``.

    Rows of version 2 have three values to a button and an empty face: the next sync fills both.
    """
    face = decode_mapping(row["face"])
    return Template(
        content_sid=row["content_sid"],
        name=row["name"],
        language=row["language"],
        kind=row["kind"],
        text=row["body"],
        variables=decode_mapping(row["variables"]),
        category=row["category"],
        approval=Approval(row["approval"]),
        reason=row["reason"],
        buttons=tuple(
            Button(title, kind, target, *detail)
            for title, kind, target, *detail in decode_list(row["buttons"])
        ),
        workstreams=tuple(decode_list(row["workstreams"])),
        header=face.get("header", ""),
        footer=face.get("footer", ""),
        media=tuple(face.get("media", ())),
        list_button=face.get("list_button", ""),
    )


def change_from(row: Row) -> Change:
    """Return a line of the feed from a row of ``change``."""
    return Change(
        seq=row["seq"],
        kind=ChangeKind(row["kind"]),
        at=from_ms(row["at_ms"]),
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
    )


def journal_row_from(row: Row) -> JournalRow:
    """Return a request from a row of ``journal``."""
    return JournalRow(
        seq=row["seq"],
        entry=JournalEntry(
            kind=JournalKind(row["kind"]),
            key=row["key"],
            fields=tuple((name, value) for name, value in decode_list(row["fields"])),
            received_at=from_ms(row["received_ms"]),
            query=row["query"],
            source=row["source"],
            occurred_at=moment_or_none(row["occurred_ms"]),
        ),
        attempts=row["attempts"],
        parked=bool(row["parked"]),
    )
