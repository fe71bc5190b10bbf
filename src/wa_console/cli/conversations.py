"""Commands over conversations: those that read (from cli.reading), and those that do to one what a
representative does on the screen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import conversation_argument, json_option, print_json, say
from wa_console.cli.reading import list_command, listing_of, print_entry, show_command
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.domain.conversation import Conversation
    from wa_console.wiring.store import OpenStore

__all__ = [
    "assign_command",
    "close_command",
    "discard_command",
    "label_command",
    "list_command",
    "note_command",
    "release_command",
    "reopen_command",
    "show_command",
]

Step = Callable[["OpenStore", "Conversation"], Awaitable[object]]


def _act(invocation: Invocation, conversation: str, step: Step, *, done: str, as_json: bool) -> int:
    """Find a conversation, take one step with it and tell what it is now."""

    async def work(opened: OpenStore) -> int:
        found = await opened.desk.conversations.find(conversation)
        await step(opened, found)
        if as_json:
            print_entry(await listing_of(opened).entry(found.id))
        else:
            say(done)
        return 0

    return invocation.with_store(work)


@click.command("note")
@conversation_argument
@click.argument("text")
@json_option
@click.pass_obj
def note_command(invocation: Invocation, conversation: str, text: str, as_json: bool) -> int:
    """Add a note that only the team sees."""

    async def work(opened: OpenStore) -> int:
        desk, login = opened.desk, opened.settings.representative
        found = await desk.conversations.find(conversation)
        note = await desk.conversations.note(found.id, text, author=login)
        if as_json:
            from wa_console.cli.encode import message_json

            print_json(message_json(note))
        else:
            say(_("Noted."))
        return 0

    return invocation.with_store(work)


@click.command("assign")
@conversation_argument
@click.argument("login", required=False)
@click.option("--queue", metavar="NAME", help=_("Give it to a queue instead of a person."))
@json_option
@click.pass_obj
def assign_command(
    invocation: Invocation, conversation: str, login: str | None, queue: str | None, as_json: bool
) -> int:
    """Give a conversation to a person, which makes it active, or to a queue."""
    if (login is None) == (queue is None):
        raise click.UsageError(_("name a LOGIN or a --queue, one of the two."))
    done = _("Assigned to {name}.").format(name=login or queue)
    return _act(
        invocation,
        conversation,
        lambda opened, found: opened.desk.conversations.assign(
            found.id, login=login, queue=queue, by=opened.settings.representative
        ),
        done=done,
        as_json=as_json,
    )


@click.command("label")
@conversation_argument
@click.argument("name")
@click.option("--remove", is_flag=True, help=_("Take the label off."))
@json_option
@click.pass_obj
def label_command(
    invocation: Invocation, conversation: str, name: str, remove: bool, as_json: bool
) -> int:
    """Put a label on a conversation."""
    return _act(
        invocation,
        conversation,
        lambda opened, found: opened.desk.conversations.label(found.id, name, remove=remove),
        done=_("Label removed.") if remove else _("Labelled."),
        as_json=as_json,
    )


@click.command("close")
@conversation_argument
@json_option
@click.pass_obj
def close_command(invocation: Invocation, conversation: str, as_json: bool) -> int:
    """Close a conversation; it opens again when the customer writes."""
    return _act(
        invocation,
        conversation,
        lambda opened, found: opened.desk.conversations.close(
            found.id, by=opened.settings.representative
        ),
        done=_("Closed."),
        as_json=as_json,
    )


@click.command("reopen")
@conversation_argument
@json_option
@click.pass_obj
def reopen_command(invocation: Invocation, conversation: str, as_json: bool) -> int:
    """Open a closed conversation again."""
    return _act(
        invocation,
        conversation,
        lambda opened, found: opened.desk.conversations.reopen(
            found.id, by=opened.settings.representative
        ),
        done=_("Reopened."),
        as_json=as_json,
    )


@click.command("release")
@conversation_argument
@json_option
@click.pass_obj
def release_command(invocation: Invocation, conversation: str, as_json: bool) -> int:
    """Take a conversation out of quarantine into the inbox."""
    return _act(
        invocation,
        conversation,
        lambda opened, found: opened.desk.conversations.release(found.id),
        done=_("Released into the inbox."),
        as_json=as_json,
    )


@click.command("discard")
@conversation_argument
@json_option
@click.pass_obj
def discard_command(invocation: Invocation, conversation: str, as_json: bool) -> int:
    """Set a quarantined conversation aside for good; what was received is kept."""
    return _act(
        invocation,
        conversation,
        lambda opened, found: opened.desk.conversations.discard(found.id),
        done=_("Discarded; what was received is kept in the journal."),
        as_json=as_json,
    )
