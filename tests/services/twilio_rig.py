"""A desk beside a simulated Twilio: real HTTP both ways, one clock for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from tests.services.rig import Rig, Wall, opened
from wa_console.domain.conversation import Conversation
from wa_console.domain.setup import Account, Number, Setup
from wa_console.gateway import errorcodes, forms
from wa_console.gateway.signature import Signature, SigningKeys
from wa_console.gateway.twilio import TwilioGateway
from wa_console.listener.app import Listener, build_listener
from wa_console.services.health import HealthService
from wa_console.services.pace import Pace
from wa_console.services.reconcile import Reconciler
from wa_console.services.sender import Sender
from wa_console.services.templates import Templates
from wa_console.simulator.server import Simulator, SimulatorConfig

WHO = "+4531226410"
"""A customer of the simulated world."""


@dataclass
class TwilioRig:
    """Everything an engine has, driven by hand."""

    desk: Rig
    twilio: Simulator
    gateway: TwilioGateway
    sender: Sender
    reconciler: Reconciler
    templates: Templates
    wall: Wall
    public_url: str

    async def told(self, body: str = "Hej", *, who: str = WHO, **more: Any) -> Conversation:
        """A customer writes; returns the conversation once it is projected."""
        said = await self.twilio.say(who, body=body, **more)
        assert said.status == 200
        await self.desk.projector.drain()
        message = await self.desk.message_of(said.sid)
        return await self.desk.conversations.get(message.conversation_id)

    async def send_all(self) -> None:
        """Send what is due, until nothing is."""
        while await self.sender.run_once():
            pass

    async def settle(self) -> None:
        """Bring every message at Twilio to its end, and project the receipts."""
        await self.twilio.settle()
        await self.desk.projector.drain()

    async def fault(self, kind: str, *, match: str = "Messages.json", **more: Any) -> None:
        """Order a fault."""
        async with httpx.AsyncClient(trust_env=False) as client:
            order = [{"match": match, "kind": kind, **more}]
            answer = await client.post(f"{self.twilio.base_url}/_simulator/faults", json=order)
            assert answer.status_code < 300, answer.text

    async def truth(self) -> list[dict[str, Any]]:
        """All that Twilio has accepted, in order."""
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{self.twilio.base_url}/_simulator/truth")
        return list(answer.json()["accepted"])

    async def accepted(self) -> list[str]:
        """The bodies of all that Twilio has accepted, in order."""
        return [entry["body"] for entry in await self.truth()]

    def another_sender(self, **more: Any) -> Sender:
        """A sender as after a restart."""
        return _sender(self.desk, self.gateway, self.wall, self.public_url, **more)


@asynccontextmanager
async def beside_twilio(folder: Path, wall: Wall, setup: Setup) -> AsyncIterator[TwilioRig]:
    """A rig, its listener and a simulated Twilio that posts to it."""
    async with Simulator(SimulatorConfig(lively=False)) as twilio:
        ours = replace(
            setup,
            account=Account(twilio.account_sid),
            numbers=(Number(twilio.number, name="Support Denmark"),),
        )
        async with opened(folder, twilio.clock, setup=ours) as desk:
            gateway = TwilioGateway(
                account_sid=twilio.account_sid,
                username=twilio.account_sid,
                password=twilio.auth_token,
                base_url=twilio.base_url,
            )
            listener, url = await _listening(desk, twilio)
            try:
                yield TwilioRig(
                    desk=desk,
                    twilio=twilio,
                    gateway=gateway,
                    sender=_sender(desk, gateway, wall, url),
                    reconciler=Reconciler(
                        store=desk.store,
                        gateway=gateway,
                        clock=desk.clock,
                        pace=Pace(wall=wall),
                        explain=errorcodes,
                    ),
                    templates=Templates(store=desk.store, clock=desk.clock, gateway=gateway),
                    wall=wall,
                    public_url=url,
                )
            finally:
                await listener.stop()
                await gateway.close()


async def _listening(desk: Rig, twilio: Simulator) -> tuple[Listener, str]:
    """Start a listener whose public URL is the port it was given."""
    signature = Signature("http://127.0.0.1", SigningKeys(tokens=(twilio.auth_token,)))
    app = build_listener(
        receiver=desk.receiver,
        signature=signature,
        forms=forms,
        health=HealthService(store=desk.store, clock=desk.clock),
    )
    listener = Listener(app)
    signature.base = f"http://127.0.0.1:{await listener.start('127.0.0.1', 0)}"
    twilio.set_inbound_url(f"{signature.base}/twilio/inbound")
    return listener, signature.base


def _sender(desk: Rig, gateway: TwilioGateway, wall: Wall, url: str, **more: Any) -> Sender:
    settings: dict[str, Any] = {
        "owner": "test",
        "status_url": f"{url}/twilio/status",
        "pace": Pace(wall=wall, jitter=0.0),
    }
    return Sender(
        store=desk.store,
        gateway=gateway,
        clock=desk.clock,
        rules=desk.rules,
        explain=errorcodes,
        **(settings | more),
    )
