"""Templates on their way: nobody is sent one that WhatsApp has not approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.twilio_rig import WHO, TwilioRig
from wa_console.domain.address import parse_typed
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage
from wa_console.domain.template import Approval, Template


async def template_of(live: TwilioRig, approval: Approval) -> Template:
    """A template of the account in that state, that nobody here has asked about."""
    found = await live.gateway.templates()
    template = next(t for t in found if t.approval is approval)
    unasked = replace(template, approval=Approval.UNKNOWN)
    await live.desk.store.write(lambda s: s.templates.save(unasked, synced_at=None))
    return template


async def use(live: TwilioRig, template: Template) -> ChatMessage:
    conversation = await live.desk.outbox.open_thread(parse_typed(WHO))
    values = dict.fromkeys(template.placeholders, "4711")
    return await live.desk.outbox.queue_template(
        conversation.id, template.content_sid, values, author="anna"
    )


async def test_an_approved_template_reaches_who_never_wrote(live: TwilioRig) -> None:
    template = await template_of(live, Approval.APPROVED)
    message = await use(live, template)
    await live.send_all()
    await live.settle()
    assert (await live.desk.message(message.id)).status is DeliveryStatus.READ
    known = await live.templates.get(template.content_sid)
    assert known.approval is Approval.APPROVED


@pytest.mark.parametrize(
    ("approval", "code"),
    [(Approval.REJECTED, 63040), (Approval.PAUSED, 63041), (Approval.PENDING, None)],
)
async def test_an_unasked_template_is_asked_about(
    live: TwilioRig, approval: Approval, code: int | None
) -> None:
    message = await use(live, await template_of(live, approval))
    await live.send_all()
    after = await live.desk.message(message.id)
    assert after.status is DeliveryStatus.FAILED
    assert after.error is not None
    assert after.error.code == code
    assert after.error.text
    assert await live.accepted() == []


async def test_a_template_that_is_not_ours_is_twilios_to_refuse(live: TwilioRig) -> None:
    """Twilio's sandbox templates are in no account; so silence must not stop a template."""
    foreign = Template("HX" + "0" * 32, "x", "da", "twilio/text", "Hej")
    await live.desk.store.write(lambda s: s.templates.save(foreign, synced_at=None))
    message = await use(live, foreign)
    await live.send_all()
    after = await live.desk.message(message.id)
    assert after.error is not None
    assert after.error.code == 21655
