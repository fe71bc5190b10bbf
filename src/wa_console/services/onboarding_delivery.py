"""The steps that prove the way in: number or sandbox, public URL, a message that arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from wa_console.domain import onboarding_values as read
from wa_console.domain.address import parse_twilio
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.domain.onboarding_draft import Delivery, Path
from wa_console.domain.sandbox import JOIN_LASTS, SANDBOX_NUMBER, join_phrase
from wa_console.gateway.outside import Opened
from wa_console.gateway.port import Probed, Sender
from wa_console.services.onboarding_outside import FieldProblem
from wa_console.services.onboarding_progress import Progress, at_field
from wa_console.services.onboarding_tunnel import Told, TunnelKeeper
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

    async def tunnels(self) -> Sequence[str]:
        """Return the names of the tunnels that could be opened on this computer.

        Raises:
            SetupProblem: There is none; says what to install.
        """
        if found := await asyncio.to_thread(self._outside.tunnels):
            return found
        raise SetupProblem(
            _(
                "No tunnel program is installed. Install cloudflared or tailscale, or run: "
                "pip install 'wa-console[tunnel]' (ngrok)."
            )
        )

    async def choose_tunnel(self, name: str) -> None:
        """Have a tunnel program make us reachable; ``keep_tunnel`` runs it."""
        await self._keep(tunnel=name, tunnel_sets_webhook=False, delivery=Delivery.TUNNEL)

    async def keep_tunnel(self, told: Told) -> None:
        """Listen and keep the chosen tunnel open until cancelled.

        Args:
            told: Is called with each piece of news.

        Raises:
            SetupProblem: It cannot be opened here, and trying again is of no use.
        """
        async with self._door:
            await TunnelKeeper(
                run=self._run_tunnel, opened=self._tunnel_opened, probe=self.reach, told=told,
                settle_s=self._outside.settle_s,
            ).keep()  # fmt: skip

    async def _run_tunnel(self, opened: Opened) -> None:
        try:
            await self._outside.tunnel(self.draft.tunnel, self._token, opened)
        finally:
            self.tunnel_url = ""

    async def _tunnel_opened(self, url: str) -> None:
        """Take a URL; Twilio's webhook follows it once it was set by us."""
        self.tunnel_url = url
        if self.draft.tunnel_sets_webhook:
            await self.set_webhook()

    @property
    def base_url(self) -> str:
        """Where Twilio is to reach us: the typed URL or the tunnel's, empty while there is none."""
        tunnel = self.draft.delivery is Delivery.TUNNEL
        return self.tunnel_url if tunnel else self.draft.public_url

    async def reach(self) -> Probed:
        """Fetch our own public URL through the outside; never raises."""
        return await self._outside.probe(self.base_url, self.draft.account_sid, self._token)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Run the listener for the public URL while inside.

        Raises:
            SetupProblem: On entering: its port is taken.
        """
        async with self._door, self._outside.listen(self.draft.public_url, self._token):
            yield

    async def set_webhook(self) -> None:
        """Have Twilio call our URL.

        Raises:
            TwilioProblem: Twilio did not do it.
            SetupProblem: The number has no sender that could be set.
        """
        if not self.draft.sender_sid:
            raise SetupProblem(_("Twilio has no setting for this number that we could change."))
        base = self.base_url
        if not base:
            raise SetupProblem(_("The tunnel is not open yet."))
        await self._twilio().set_webhooks(
            self.draft.sender_sid,
            inbound_url=f"{base}/twilio/inbound",
            status_url=f"{base}/twilio/status",
        )
        self._senders = None
        if self.draft.delivery is Delivery.TUNNEL and not self.draft.tunnel_sets_webhook:
            await self._keep(tunnel_sets_webhook=True)

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
