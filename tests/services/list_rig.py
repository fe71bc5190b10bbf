"""Catch-up beside a simulated Twilio whose webhooks reach nobody, with every request counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpx

from tests.services.twilio_rig import TwilioRig
from wa_console.domain.message import ChatMessage
from wa_console.gateway.twilio import TwilioGateway
from wa_console.services.catchup import CatchUp
from wa_console.services.facts import Gap, last_gap
from wa_console.simulator.records import Message


@dataclass
class Counting(httpx.AsyncBaseTransport):
    """Real HTTP; keeps the path of every request, and what was asked for."""

    below: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)
    requests: list[httpx.Request] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.asked.set()
        return await self.below.handle_async_request(request)

    async def aclose(self) -> None:
        await self.below.aclose()

    @property
    def lists(self) -> int:
        """How many pages of the message list were asked for."""
        return sum(
            request.method == "GET" and request.url.path.endswith("/Messages.json")
            for request in self.requests
        )


@dataclass
class ListRig:
    """A desk that hears of nothing unless it looks."""

    live: TwilioRig
    catch_up: CatchUp
    wire: Counting
    gateway: TwilioGateway

    def another(self) -> CatchUp:
        """Catch-up as after a restart."""
        desk = self.live.desk
        return CatchUp(store=desk.store, gateway=self.gateway, clock=desk.clock)

    def deaf(self) -> None:
        """From now on no webhook is posted."""
        for sender in self.live.twilio.world.senders.values():
            sender.webhook.callback_url = None

    def hearing(self) -> None:
        """From now on webhooks are posted again."""
        self.live.twilio.set_inbound_url(f"{self.live.public_url}/twilio/inbound")

    async def project(self) -> None:
        """Apply what was journalled."""
        await self.live.desk.projector.drain()

    async def inbox(self) -> dict[str, list[ChatMessage]]:
        """Every message, oldest first, by the customer's address."""
        found: dict[str, list[ChatMessage]] = {}
        for change in await self.live.desk.changes():
            if change.conversation_id is None:
                continue
            conversation = await self.live.desk.conversations.get(change.conversation_id)
            if conversation.reply_to not in found:
                found[conversation.reply_to] = await self.live.desk.thread(conversation.id)
        return found

    async def gap(self) -> Gap | None:
        """The last gap that was noted."""
        return await self.live.desk.store.read(last_gap)

    def plant(self, count: int, *, at: datetime, who: str = "+4531226410") -> list[str]:
        """Put messages into Twilio's list behind everybody's back; returns their SIDs."""
        world = self.live.twilio.world
        customer = world.customer(who)
        sids = []
        for number in range(count):
            message = Message(
                sid=world.mint.sid("SM"),
                seq=world.next_seq(),
                direction="inbound",
                from_=customer.address,
                to=f"whatsapp:{self.live.twilio.number}",
                body=f"number {number}",
                status="received",
                created_at=at,
                updated_at=at,
                sent_at=at,
            )
            sids.append(world.add_message(message).sid)
        return sids


@asynccontextmanager
async def looking(live: TwilioRig) -> AsyncIterator[ListRig]:
    """A rig with a gateway of its own over a counting transport."""
    wire = Counting()
    gateway = TwilioGateway(
        account_sid=live.twilio.account_sid,
        username=live.twilio.account_sid,
        password=live.twilio.auth_token,
        base_url=live.twilio.base_url,
        transport=wire,
    )
    catch_up = CatchUp(
        store=live.desk.store,
        gateway=gateway,
        clock=live.desk.clock,
        arrived=live.desk.receiver.arrived,
    )
    live = replace(live, sender=live.another_sender(status_url=None))
    try:
        yield ListRig(live, catch_up, wire, gateway)
    finally:
        await gateway.close()
