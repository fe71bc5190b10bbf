"""An approval that is not fresh is asked for, once, before a template goes out (faults D10)."""

from __future__ import annotations

import asyncio

from tests.services.test_sender_templates import use
from tests.services.twilio_rig import TwilioRig
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import TwilioProblem
from wa_console.domain.template import Approval, Template
from wa_console.gateway.twilio import TwilioGateway
from wa_console.services.approvals import Approvals


class Counting(TwilioGateway):
    """The real gateway; counts how often one template is asked for."""

    asked = 0
    gate: asyncio.Event | None = None
    broken = False

    async def template(self, content_sid: str) -> Template | None:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.broken:
            raise TwilioProblem("no line")
        return await super().template(content_sid)


def counting(live: TwilioRig) -> Counting:
    twilio = live.twilio
    return Counting(
        account_sid=twilio.account_sid,
        username=twilio.account_sid,
        password=twilio.auth_token,
        base_url=twilio.base_url,
    )


async def synced(live: TwilioRig) -> Template:
    """An approved template, as fresh as a sync a moment ago."""
    await live.templates.sync()
    return next(t for t in await live.templates.all() if t.sendable)


def withdraw(live: TwilioRig, template: Template) -> None:
    """WhatsApp pauses it."""
    approval = live.twilio.world.contents[template.content_sid].approval
    assert approval is not None
    approval.status = "paused"


async def test_an_old_approval_is_asked_again_and_a_withdrawn_one_not_sent(
    live: TwilioRig,
) -> None:
    template = await synced(live)
    withdraw(live, template)
    live.twilio.clock.jump(601)
    message = await use(live, template)
    await live.send_all()
    after = await live.desk.message(message.id)
    assert (after.status, after.error and after.error.code) == (DeliveryStatus.FAILED, 63041)
    assert (await live.templates.get(template.content_sid)).approval is Approval.PAUSED
    assert await live.accepted() == []


async def test_a_fresh_approval_is_believed(live: TwilioRig) -> None:
    template = await synced(live)
    gateway = counting(live)
    approvals = Approvals(store=live.desk.store, gateway=gateway, clock=live.desk.clock)
    await approvals.renew(template.content_sid)
    assert gateway.asked == 0
    live.twilio.clock.jump(601)
    await approvals.renew(template.content_sid)
    await approvals.renew(template.content_sid)
    assert gateway.asked == 1
    await gateway.close()


async def test_many_sends_at_once_ask_once_and_none_waits_for_ever(live: TwilioRig) -> None:
    template = await synced(live)
    live.twilio.clock.jump(601)
    gateway = counting(live)
    gateway.gate = asyncio.Event()
    approvals = Approvals(
        store=live.desk.store, gateway=gateway, clock=live.desk.clock, patience_s=0.01
    )
    withdraw(live, template)
    await asyncio.gather(*(approvals.renew(template.content_sid) for _n in range(8)))
    assert gateway.asked == 1
    assert (await live.templates.get(template.content_sid)).sendable
    gateway.gate.set()
    async with asyncio.timeout(10):
        while (await live.templates.get(template.content_sid)).sendable:
            await live.desk.store.changed(0, timeout_s=0.05)
    await gateway.close()


async def test_a_broken_line_lets_it_pass_and_is_not_tried_at_each_send(live: TwilioRig) -> None:
    template = await synced(live)
    live.twilio.clock.jump(601)
    gateway = counting(live)
    gateway.broken = True
    approvals = Approvals(store=live.desk.store, gateway=gateway, clock=live.desk.clock)
    await approvals.renew(template.content_sid)
    await approvals.renew(template.content_sid)
    assert gateway.asked == 1
    assert (await live.templates.get(template.content_sid)).sendable
    await gateway.close()


async def test_what_is_known_to_nobody_is_nobodys_to_ask(live: TwilioRig) -> None:
    gateway = counting(live)
    approvals = Approvals(store=live.desk.store, gateway=gateway, clock=live.desk.clock)
    await approvals.renew("HX" + "0" * 32)
    assert gateway.asked == 0
    await gateway.close()
