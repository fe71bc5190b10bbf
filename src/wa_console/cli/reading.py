"""Commands that read conversations: ``list`` and ``show``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import (
    Column,
    Table,
    conversation_argument,
    json_option,
    left_of,
    limit_option,
    local,
    print_json,
    print_line,
    print_text,
    say,
)
from wa_console.domain.conversation import InboxRow, View
from wa_console.domain.i18n import _
from wa_console.domain.message import ChatMessage, ContentKind, Direction, MessageKind

if TYPE_CHECKING:
    from wa_console.services.listing import Entry, Listing
    from wa_console.wiring.store import OpenStore

_SLICE = 500  # rows read at once, so that a long list starts at once and stays small in memory


def listing_of(opened: OpenStore) -> Listing:
    """Return the service that reads conversations whole."""
    from wa_console.services.listing import Listing

    return Listing(store=opened.store, clock=opened.clock, rules=opened.rules)


def print_entry(entry: Entry) -> None:
    """Print a conversation as JSON."""
    from wa_console.cli.encode import conversation_json

    print_json(conversation_json(entry))


@click.command("list")
@click.option(
    "--view",
    type=click.Choice([view.value for view in View]),
    default=View.ALL.value,
    show_default=True,
    help=_("Which conversations."),
)
@limit_option
@json_option
@click.pass_obj
def list_command(invocation: Invocation, view: str, limit: int, as_json: bool) -> int:
    """List conversations in the inbox's order: who needs an answer soonest, first."""

    async def work(opened: OpenStore) -> int:
        table = None if as_json else _inbox_table()
        shown = 0
        while shown < limit:
            rows = await opened.desk.inbox.page(
                View(view),
                login=opened.settings.representative,
                offset=shown,
                limit=min(_SLICE, limit - shown),
            )
            if table is not None:
                _print_rows(opened, table, rows, first=shown == 0)
            else:
                for entry in await listing_of(opened).entries([row.id for row in rows]):
                    print_entry(entry)
            shown += len(rows)
            if len(rows) < _SLICE:
                break
        if not shown:
            say(_("No conversations here."))
        return 0

    return invocation.with_store(work)


def _inbox_table() -> Table:
    return Table(
        Column(_("conversation"), 26),
        Column(_("left"), 7, right=True),
        Column(_("new"), 3, right=True),
        Column(_("state"), 7),
        Column(_("customer"), 0),
    )


def _print_rows(opened: OpenStore, table: Table, rows: Sequence[InboxRow], *, first: bool) -> None:
    if rows and first:
        table.head()
    for row in rows:
        name = row.name or row.profile_name
        who = f"{row.address.display}  {name}" if name else row.address.display
        window = opened.desk.inbox.window(row)
        unread = str(row.unread) if row.unread else ""
        table.row(
            [row.id, left_of(window), unread, row.state.value, who],
            bold=bool(row.unread),
        )


@click.command("show")
@conversation_argument
@limit_option
@json_option
@click.pass_obj
def show_command(invocation: Invocation, conversation: str, limit: int, as_json: bool) -> int:
    """Show a conversation's newest messages, oldest first.

    CONVERSATION is its id or the customer's number.
    """

    async def work(opened: OpenStore) -> int:
        found = await opened.desk.conversations.find(conversation)
        login = opened.settings.representative
        view = await opened.desk.inbox.open(found.id, login=login, limit=limit)
        if as_json:
            from wa_console.cli.encode import message_json

            for message in view.messages:
                print_json(message_json(message))
            return 0
        _print_head(await listing_of(opened).entry(found.id))
        if view.more:
            say(_("There are older messages; --limit shows more."))
        customer = view.customer.name or view.customer.profile_name
        for message in view.messages:
            print_message(message, customer=customer)
        return 0

    return invocation.with_store(work)


def _print_head(entry: Entry) -> None:
    conversation, customer = entry.conversation, entry.customer
    name = customer.name or customer.profile_name
    address = customer.addresses[0].display if customer.addresses else conversation.reply_to
    print_line(f"{address}  {name}" if name else address, bold=True)
    facts = [
        conversation.state.value,
        _("with {login}").format(login=conversation.assignee or _("nobody")),
        _("window: {left}").format(left=left_of(entry.window)),
        *([_("queue {name}").format(name=conversation.queue)] if conversation.queue else []),
        *([_("quarantined")] if conversation.quarantined else []),
        *(f"#{label}" for label in conversation.labels),
    ]
    print_line(", ".join(facts), dim=True)


def print_message(message: ChatMessage, *, customer: str) -> None:
    """Print a message for people: when, who and what became of it, then the text below."""
    who = author_of(message, customer=customer)
    print_line(f"{local(message.created_at)}  {who}", dim=message.kind is MessageKind.NOTE)
    if message.body:
        print_text(message.body, indent=4)
    for media in message.media:
        print_line(f"[{media.type}, {media.status.value}]", indent=4)
    if message.content in (ContentKind.LOCATION, ContentKind.CONTACT, ContentKind.UNSUPPORTED):
        print_line(f"[{message.content.value}]", indent=4)
    if message.error is not None:
        from wa_console.cli.encode import error_text

        print_line(error_text(message.error), indent=4, fg="red")


def author_of(message: ChatMessage, *, customer: str) -> str:
    """Return who wrote a message, and what became of ours."""
    if message.direction is Direction.INBOUND:
        return customer or _("customer")
    author = message.author or _("system")
    if message.kind is MessageKind.NOTE:
        return _("note by {author}, only for the team").format(author=author)
    kind = "" if message.kind is MessageKind.SESSION else f"{message.kind.value}, "
    return f"{author} ({kind}{message.status.value})"
