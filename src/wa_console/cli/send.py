"""``send``: queue one message through the screen's own outbox, and wait for Twilio if told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import json_option, print_json, print_line, say
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import NotFound, SetupProblem, WindowClosed
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.domain.address import Address
    from wa_console.domain.conversation import Conversation
    from wa_console.domain.message import ChatMessage
    from wa_console.wiring.store import OpenStore

RULE_CODES: Final = frozenset(
    {
        *(63016,),  # window
        *(21655, 21656, 63027, 63028, 63040, 63041, 63042, 92007),  # template
        *(21610, 63013, 63032, 63033, 63049),  # consent and WhatsApp's policy
    }
)
"""Twilio's codes that mean a rule of WhatsApp, not a failure (CONTRACT exit code 6, FACTS 7)."""

_DONE, _FAILED, _UNKNOWN, _RULE = 0, 1, 5, 6
_LOOK_S = 1.0  # a wake-up that got lost costs this much


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent: a text, or a template with its values.

    Attributes:
        number: Our number to send from, by name or in any spelling; None for the thread's own.
    """

    to: Address
    number: str | None
    body: str | None
    template: str | None
    variables: Mapping[str, str]


@click.command("send")
@click.option("--to", required=True, metavar="ADDRESS", help=_("The customer, any spelling."))
@click.option("--from", "number", metavar="NUMBER", help=_("Our number, by name or spelling."))
@click.option("--body", metavar="TEXT", help=_("A free text; needs an open window."))
@click.option("--template", metavar="HX…", help=_("An approved template instead."))
@click.option("--var", "pairs", multiple=True, metavar="K=V", help=_("A value of the template."))
@click.option(
    "--wait",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help=_("Wait until Twilio has it or has refused it."),
)
@json_option
@click.pass_obj
def send_command(
    invocation: Invocation,
    to: str,
    number: str | None,
    body: str | None,
    template: str | None,
    pairs: tuple[str, ...],
    wait: float | None,
    as_json: bool,
) -> int:
    """Queue a message. It goes out when an engine runs.

    With --wait: 0 Twilio has it, 1 refused, 6 refused by a rule of WhatsApp, 5 not known.
    """
    from wa_console.domain.address import parse_typed

    if (body is None) == (template is None):
        raise click.UsageError(_("give --body or --template, one of the two."))
    if pairs and template is None:
        raise click.UsageError(_("--var belongs to --template."))
    order = Order(parse_typed(to), number, body, template, _variables(pairs))

    async def work(opened: OpenStore) -> int:
        message = await _queue(opened, order)
        if wait is not None:
            message = await _settled(opened, message.id, wait)
        _tell(opened, message, as_json=as_json)
        return 0 if wait is None else exit_code_of(message)

    return invocation.with_store(work)


def _variables(pairs: tuple[str, ...]) -> Mapping[str, str]:
    values = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise click.BadParameter(_("{pair} is not K=V, such as 1=Anna.").format(pair=pair))
        values[key] = value
    return values


async def _queue(opened: OpenStore, order: Order) -> ChatMessage:
    outbox, author = opened.desk.outbox, opened.settings.representative
    thread = await _thread(opened, order)
    if order.template is not None:
        return await outbox.queue_template(
            thread.id, order.template, order.variables, author=author
        )
    return await outbox.queue_reply(thread.id, order.body or "", author=author)


async def _thread(opened: OpenStore, order: Order) -> Conversation:
    """Return the thread to send in; only a template may begin one.

    Raises:
        WindowClosed: A free text to somebody who never wrote to that number. Nothing is begun:
            an empty conversation in everybody's inbox would be all that came of it.
    """
    number = await _our_number(opened, order.number)
    try:
        known = await opened.desk.conversations.find(order.to.wire)
    except NotFound:
        thread = None
    else:
        thread = known if number in (None, known.number) else await _other(opened, known, number)
    if thread is None and order.template is None:
        raise WindowClosed(_("the customer has not written yet: only a template can be sent."))
    return thread or await opened.desk.outbox.open_thread(order.to, number=number)


async def _other(opened: OpenStore, known: Conversation, number: str | None) -> Conversation | None:
    """Return the same customer's thread at another number of ours."""
    return await opened.store.read(
        lambda session: session.conversations.find(known.customer_id, number or "")
    )


async def _our_number(opened: OpenStore, wanted: str | None) -> str | None:
    """Return the address of the number called so; a number in any spelling as Twilio writes it."""
    from wa_console.domain.address import parse_typed

    if wanted is None:
        return None
    setup = await opened.desk.setup.current()
    named = next((each.address for each in setup.numbers if each.name == wanted), None)
    address = named or parse_typed(wanted).value
    if setup.number(address) is None:
        ours = ", ".join(each.address for each in setup.numbers) or _("none is set up")
        raise SetupProblem(
            _("{number} is not one of our WhatsApp numbers ({ours}).").format(
                number=address, ours=ours
            )
        )
    return address


async def _settled(opened: OpenStore, message_id: str, wait_s: float) -> ChatMessage:
    """Return the message once its outcome is told, or when the time is up."""
    loop = asyncio.get_running_loop()
    end = loop.time() + wait_s
    while True:
        # The position first: what happens after it wakes us.
        seq = await opened.desk.feed.last_seq()
        message = await opened.desk.inbox.message(message_id)
        left = end - loop.time()
        if message.status not in (DeliveryStatus.QUEUED, DeliveryStatus.SENDING) or left <= 0:
            return message
        await opened.store.changed(seq, timeout_s=min(left, _LOOK_S))


def exit_code_of(message: ChatMessage) -> int:
    """Return what a waiting ``send`` leaves with (CONTRACT)."""
    match message.status:
        case (
            DeliveryStatus.ACCEPTED
            | DeliveryStatus.SCHEDULED
            | DeliveryStatus.SENT
            | DeliveryStatus.DELIVERED
            | DeliveryStatus.READ
            | DeliveryStatus.RECEIVED
        ):
            return _DONE
        case DeliveryStatus.FAILED | DeliveryStatus.UNDELIVERED | DeliveryStatus.CANCELED:
            ruled = message.error is not None and message.error.code in RULE_CODES
            return _RULE if ruled else _FAILED
        case (
            DeliveryStatus.QUEUED
            | DeliveryStatus.SENDING
            | DeliveryStatus.UNKNOWN
            | DeliveryStatus.PARKED
        ):
            return _UNKNOWN
        case unexpected:
            assert_never(unexpected)


def _tell(opened: OpenStore, message: ChatMessage, *, as_json: bool) -> None:
    from wa_console.cli.encode import error_text, message_json

    if as_json:
        print_json(message_json(message))
    else:
        print_line(f"{message.id}  {message.status.value}")
    if message.error is not None:
        say(error_text(message.error))
    elif message.status is DeliveryStatus.UNKNOWN:
        say(_("Nobody can tell yet whether Twilio has it; it is not sent again blindly."))
    elif message.status is DeliveryStatus.QUEUED and not opened.store.lease.holder():
        say(_("No engine runs on this store: it goes out as soon as one does."))
