"""The steps that prove the way in: number or sandbox, public URL, a message that arrives."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from wa_console.domain import onboarding_values as read
from wa_console.domain.address import parse_twilio
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.domain.onboarding_draft import Delivery, Path
from wa_console.domain.sandbox import JOIN_LASTS, SANDBOX_NUMBER, join_phrase
from wa_console.gateway.port import Probed, Sender
from wa_console.services.onboarding_outside import FieldProblem
from wa_console.services.onboarding_progress import Progress, at_field
from wa_console.services.onboarding_watch import Watch


class DeliverySteps(Progress):
    """Answers about the number and how its messages come in."""

    # --- number --------------------------------------------------------------------------------

    async def senders(self) -> Sequence[Sender]:
        """Return the account's WhatsApp senders.

        Raises:
            TwilioProblem: Twilio could not be asked.
        """
        if self._senders is None:
            self._senders = await self._twilio().senders()
        return self._senders

    async def choose_number(self, text: str) -> Sender:
        """Take one of the account's senders, in any spelling, and go on.

        Raises:
            FieldProblem: Not a number, or not a sender of this account.
            TwilioProblem: Twilio could not be asked.
        """
        number = at_field("number", lambda: read.number(text))
        found = await self.senders()
        sender = next((each for each in found if _same(each.address, number)), None)
        if sender is None:
            raise FieldProblem("number", _not_a_sender(found))
        address = parse_twilio(sender.address).value
        changed = address != self.draft.number
        await self.go_on(
            number=address,
            number_name=await self._free_name(sender.name, address),
            account_name=self.draft.account_name or sender.name,
            sender_sid=sender.sid,
            sender_told=sender.status.lower(),
            heard=self.draft.heard and not changed,
        )
        return sender

    async def _free_name(self, name: str, address: str) -> str:
        """Return the sender's name unless another number of ours has it."""
        setup = await self._setup.current()
        taken = {each.name for each in setup.numbers if each.address != address}
        return f"{name} {address}" if name in taken else name

    # --- sandbox -------------------------------------------------------------------------------

    async def set_phrase(self, text: str) -> str:
        """Keep the sandbox's join phrase; the step stays open until somebody has joined.

        Raises:
            FieldProblem: It cannot be one.
        """
        phrase = at_field("join_phrase", lambda: join_phrase(text))
        await self._keep(join_phrase=phrase, delivery=self.draft.delivery or Delivery.POLL)
        return phrase

    # --- callback ------------------------------------------------------------------------------

    async def set_url(self, text: str) -> str:
        """Keep the public URL; messages are to come by webhook.

        Raises:
            FieldProblem: It cannot be one.
        """
        url = at_field("public_url", lambda: read.public_url(text))
        await self._keep(public_url=url, delivery=Delivery.WEBHOOK)
        return url

    async def poll_instead(self) -> None:
        """Ask Twilio's list; needs no public address."""
        await self._keep(delivery=Delivery.POLL)

    async def reach(self) -> Probed:
        """Fetch our own public URL through the outside; never raises."""
        return await self._outside.probe(self.draft.public_url, self.draft.account_sid, self._token)

    def listening(self) -> AbstractAsyncContextManager[None]:
        """Run the listener for the public URL while inside.

        Raises:
            SetupProblem: On entering: its port is taken.
        """
        return self._outside.listen(self.draft.public_url, self._token)

    async def set_webhook(self) -> None:
        """Have Twilio call our URL.

        Raises:
            TwilioProblem: Twilio did not do it.
            SetupProblem: The number has no sender that could be set.
        """
        if not self.draft.sender_sid:
            raise SetupProblem(_("Twilio has no setting for this number that we could change."))
        base = self.draft.public_url
        await self._twilio().set_webhooks(
            self.draft.sender_sid,
            inbound_url=f"{base}/twilio/inbound",
            status_url=f"{base}/twilio/status",
        )
        self._senders = None

    async def webhook(self) -> Sender | None:
        """Return the sender as Twilio has it now, None when it is not listed.

        Raises:
            TwilioProblem: Twilio could not be asked.
        """
        self._senders = None
        found = await self.senders()
        return next((each for each in found if each.sid == self.draft.sender_sid), None)

    def watch(self) -> Watch:
        """Return what sees messages to the chosen number come in."""
        sandbox = self.draft.path is Path.SANDBOX
        return Watch(
            store=self._store,
            forms=self._outside.forms,
            clock=self._clock,
            number=SANDBOX_NUMBER if sandbox else self.draft.number,
            gateway=self._gateway,
            back=JOIN_LASTS if sandbox else timedelta(0),
        )

    async def note_heard(self) -> None:
        """Keep that a test message has arrived."""
        if not self.draft.heard:
            await self._keep(heard=True)


def _same(sender: str, number: str) -> bool:
    """Whether Twilio's address is a typed number; a spelling WhatsApp knows counts too."""
    ours = parse_twilio(sender)
    return ours.value == number or ours.match_key == parse_twilio(f"whatsapp:{number}").match_key


def _not_a_sender(found: Sequence[Sender]) -> str:
    if not found:
        return _(
            "This account has no WhatsApp sender yet. Register one in Twilio's console (Messaging, "
            "Senders, WhatsApp senders), or go back and choose the sandbox."
        )
    names = ", ".join(parse_twilio(each.address).display for each in found[:3])
    return _("It is no WhatsApp sender of this account; these are: {numbers}.").format(
        numbers=names
    )
