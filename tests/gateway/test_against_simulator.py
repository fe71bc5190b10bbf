"""Gateway, forms and signature against the simulated Twilio over real sockets.

The simulator is written from Twilio's documents and not from our parser: it is a check on it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from aiohttp import web

from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ContentKind
from wa_console.domain.template import Approval
from wa_console.gateway.forms import parse_form, parse_inbound, parse_status
from wa_console.gateway.port import (
    Accepted,
    NotSent,
    OutgoingMessage,
    Refused,
    Throttled,
    Unknown,
)
from wa_console.gateway.signature import Signature, SigningKeys
from wa_console.gateway.twilio import TwilioGateway
from wa_console.simulator.records import Button, Location, MediaItem
from wa_console.simulator.server import Simulator, SimulatorConfig

CUSTOMER = "whatsapp:+4531226410"
PREFIX = "/desk"


@dataclass
class Desk:
    """A listener behind a proxy that cuts ``/desk``, and what it was told."""

    token: str
    url: str = ""
    received: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        verdict = Signature(self.url + "#rc=2", SigningKeys(tokens=(self.token,))).verify(
            method=request.method,
            path_qs=request.raw_path.removeprefix(PREFIX),
            content_type=request.headers.get("Content-Type", ""),
            body=body,
            headers=request.headers,
        )
        if not verdict.genuine:
            self.refused.append(verdict.reason)
            return web.Response(status=403)
        self.received.append((request.path, parse_form(body, request.raw_path.partition("?")[2])))
        return web.Response(text="<Response/>", content_type="text/xml")


def signed_in(simulator: Simulator, username: str, password: str) -> TwilioGateway:
    return TwilioGateway(
        account_sid=simulator.account_sid,
        username=username,
        password=password,
        base_url=simulator.base_url,
    )


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(SimulatorConfig(lively=False)) as running:
        yield running


@pytest.fixture
async def desk(simulator: Simulator) -> AsyncIterator[Desk]:
    made = Desk(token=simulator.auth_token)
    runner = web.ServerRunner(web.Server(made.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    made.url = f"http://{host}:{port}{PREFIX}"
    simulator.set_inbound_url(made.url + "/twilio/inbound")
    yield made
    await runner.cleanup()


@pytest.fixture
async def port(simulator: Simulator) -> AsyncIterator[TwilioGateway]:
    made = signed_in(simulator, simulator.account_sid, simulator.auth_token)
    yield made
    await made.close()


@pytest.fixture
def out(simulator: Simulator) -> OutgoingMessage:
    return OutgoingMessage(sender=f"whatsapp:{simulator.number}", to=CUSTOMER, body="Hej æøå 👋")


async def fault(simulator: Simulator, kind: str, **more: Any) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        order = [{"match": "Messages.json", "kind": kind, "times": 1, **more}]
        answer = await client.post(simulator.base_url + "/_simulator/faults", json=order)
        assert answer.status_code < 300, answer.text


async def test_inbound_forms_are_genuine_and_read(simulator: Simulator, desk: Desk) -> None:
    photo = MediaItem("image/jpeg", b"\xff\xd8\xff")
    await simulator.say(CUSTOMER, body="  Hej\r\n+ & æøå 👍🏽 ")
    await simulator.say(CUSTOMER, media=[photo])
    await simulator.say(CUSTOMER, location=Location(55.67, 12.56, label="Her"))
    await simulator.say(CUSTOMER, button=Button("Ja tak", "yes"))
    await simulator.say(CUSTOMER, body="x", extra={"Zebra.New": "", "Ærø": "ø"})
    assert desk.refused == []
    read = [parse_inbound(fields) for _, fields in desk.received]
    assert [m.content for m in read] == [
        ContentKind.TEXT,
        ContentKind.IMAGE,
        ContentKind.LOCATION,
        ContentKind.BUTTON,
        ContentKind.TEXT,
    ]
    assert read[0].body == "  Hej\r\n+ & æøå 👍🏽 "
    assert {m.sender.wire for m in read} == {CUSTOMER}
    assert read[0].recipient.wire == f"whatsapp:{simulator.number}"
    assert len(read[0].identities) == 2
    assert read[3].button is not None
    assert read[3].button.payload == "yes"
    assert ("Zebra.New", "") in read[4].raw
    assert ("Ærø", "ø") in read[4].raw


async def test_a_wrong_token_is_refused(simulator: Simulator, desk: Desk) -> None:
    desk.token = "another"
    delivered = await simulator.say(CUSTOMER, body="Hej")
    assert delivered.status == 403
    assert desk.received == []


async def test_a_reply_and_its_receipts(
    simulator: Simulator, desk: Desk, port: TwilioGateway, out: OutgoingMessage
) -> None:
    await simulator.say(CUSTOMER, body="Hej")
    callback = desk.url + "/twilio/status?m=01abc"
    outcome = await port.send(replace(out, status_callback=callback))
    assert isinstance(outcome, Accepted)
    assert outcome.status is DeliveryStatus.ACCEPTED
    await simulator.settle()
    assert desk.refused == []
    forms = [fields for path, fields in desk.received if path.endswith("/status")]
    reports = [parse_status(fields) for fields in forms]
    assert {report.sid for report in reports} == {outcome.sid}
    assert DeliveryStatus.DELIVERED in {report.status for report in reports}
    assert all(("m", "01abc") in report.raw for report in reports)
    row = await port.fetch_message(outcome.sid)
    assert row is not None
    assert (row.body, row.to, row.direction[:8]) == (out.body, CUSTOMER, "outbound")
    assert row.sent_at is not None


async def test_the_closed_window_comes_as_a_receipt(
    simulator: Simulator, desk: Desk, port: TwilioGateway, out: OutgoingMessage
) -> None:
    await simulator.say(CUSTOMER, body="Hej")
    simulator.clock.jump(timedelta(hours=24).total_seconds())
    sent = replace(out, status_callback=desk.url + "/twilio/status?m=1")
    assert isinstance(await port.send(sent), Accepted)
    await simulator.settle()
    report = parse_status(desk.received[-1][1])
    assert (report.status, report.error_code) == (DeliveryStatus.FAILED, 63016)


async def test_refusals(port: TwilioGateway, out: OutgoingMessage) -> None:
    for changed, code in (
        (replace(out, body="x" * 1601), 21617),
        (replace(out, to="whatsapp:nobody"), 21211),
        (replace(out, body=""), 21619),
        (replace(out, sender="whatsapp:+4599999999"), 63007),
    ):
        outcome = await port.send(changed)
        assert isinstance(outcome, Refused)
        assert outcome.code == code
        assert outcome.text


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [("drop_before", 0), ("drop_after", 1), ("error_500_before", 0), ("error_500_after", 1)],
)
async def test_nobody_knows(
    simulator: Simulator, port: TwilioGateway, out: OutgoingMessage, kind: str, accepted: int
) -> None:
    await fault(simulator, kind)
    assert isinstance(await port.send(out), Unknown)
    # One POST, no more: Twilio has it once or not at all, and its list tells which.
    listed = await port.list_messages(to=CUSTOMER, sender=out.sender)
    assert len([row for row in listed if row.body == out.body]) == accepted


async def test_throttled(simulator: Simulator, port: TwilioGateway, out: OutgoingMessage) -> None:
    await fault(simulator, "status_429", retry_after=7)
    assert await port.send(out) == Throttled(7.0)
    await fault(simulator, "status_429")
    assert await port.send(out) == Throttled(None)
    assert await port.list_messages(to=CUSTOMER) == []


async def test_a_twilio_that_is_away(simulator: Simulator, out: OutgoingMessage) -> None:
    await simulator.stop()
    port = signed_in(simulator, simulator.account_sid, simulator.auth_token)
    assert isinstance(await port.send(out), NotSent)
    await port.close()
    await simulator.start()


async def test_lists(simulator: Simulator, port: TwilioGateway) -> None:
    sids = [(await simulator.say(CUSTOMER, body=f"nr. {n}")).sid for n in range(7)]
    everything = await port.list_messages(to=f"whatsapp:{simulator.number}")
    assert {row.sid for row in everything} >= set(sids)
    assert len(await port.list_messages(limit=3)) == 3
    assert all(row.created_at is not None for row in everything)


async def test_templates(simulator: Simulator, port: TwilioGateway, out: OutgoingMessage) -> None:
    for keyed in (False, True):
        found = {(t.name, t.language): t for t in await port.templates()}
        states = {t.approval for t in found.values()}
        assert states >= {Approval.APPROVED, Approval.PENDING, Approval.REJECTED, Approval.PAUSED}
        simulator.world.switches.approvals_keyed = not keyed
    ready = next(t for t in found.values() if t.sendable and len(t.placeholders) == 2)
    assert ready.buttons
    same = await port.template(ready.content_sid)
    assert same is not None
    assert (same.approval, same.text) == (ready.approval, ready.text)
    values = dict.fromkeys(ready.placeholders, "Bo")
    sent = replace(out, body="", content_sid=ready.content_sid, variables=values)
    assert isinstance(await port.send(sent), Accepted)
    assert await port.template("HX" + "0" * 32) is None


async def test_senders_and_their_webhooks(simulator: Simulator, port: TwilioGateway) -> None:
    [own] = [s for s in await port.senders() if s.address.endswith(simulator.number)]
    await port.set_webhooks(
        own.sid, inbound_url="https://a.example/i", status_url="https://a.example/s"
    )
    [now] = [s for s in await port.senders() if s.sid == own.sid]
    assert (now.callback_url, now.status_callback_url) == (
        "https://a.example/i",
        "https://a.example/s",
    )
    assert now.name == own.name


async def test_attachments_are_listed_as_the_webhook_named_them(
    simulator: Simulator, desk: Desk, port: TwilioGateway
) -> None:
    await simulator.say(CUSTOMER, media=[MediaItem("image/png", b"\x89PNG")])
    message = parse_inbound(desk.received[0][1])
    assert await port.media_urls(message.sid) == [(message.media[0].url, "image/png")]


async def test_check_and_typing(simulator: Simulator, port: TwilioGateway, desk: Desk) -> None:
    health = await port.check()
    assert health.ok
    assert health.clock_offset_s is not None
    delivered = await simulator.say(CUSTOMER, body="Hej")
    await port.show_typing(delivered.sid)
    wrong = signed_in(simulator, simulator.account_sid, "wrong")
    bad = await wrong.check()
    assert (bad.ok, bad.code) == (False, 20003)
    await wrong.close()


async def test_an_api_key_is_good_enough(simulator: Simulator) -> None:
    # A Standard key may not read the account (FACTS 13.2): the check must not call it bad.
    account = simulator.world.account
    keyed = signed_in(simulator, account.api_key, account.api_secret)
    assert (await keyed.check()).ok
    await keyed.close()
