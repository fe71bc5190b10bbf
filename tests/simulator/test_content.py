"""Contents, approvals, senders and typing, through the real SDK."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from twilio.rest.content.v1.content import ContentList  # type: ignore[import-untyped]
from twilio.rest.content.v1.content.approval_create import (  # type: ignore[import-untyped]
    ApprovalCreateList,
)
from twilio.rest.messaging.v2.channels_sender import (  # type: ignore[import-untyped]
    ChannelsSenderList,
)

from tests.simulator.conftest import METTE, SENDER
from wa_console.simulator.scenario import SCENARIOS, content_sid
from wa_console.simulator.server import Simulator

TEMPLATES = SCENARIOS["support"].templates


async def test_lists_page_through_absolute_urls(sdk: Client) -> None:
    expected = [content_sid(t) for t in TEMPLATES]
    for listing in (
        sdk.content.v1.contents,
        sdk.content.v1.content_and_approvals,
        sdk.content.v2.contents,
        sdk.content.v2.content_and_approvals,
        sdk.content.v1.legacy_contents,
    ):
        rows = await listing.list_async(page_size=4)
        assert [row.sid for row in rows] == expected


async def test_approvals_flat_or_keyed(sim: Simulator, sdk: Client) -> None:
    rows = await sdk.content.v1.content_and_approvals.list_async()
    states = {row.friendly_name: row.approval_requests["status"] for row in rows}
    assert states["delivery_update"] == "approved"
    assert states["delivery_return"] == "pending"
    assert states["winter_offer"] == "rejected"
    assert states["address_check"] == "paused"
    sim.world.switches.approvals_keyed = True
    rows = await sdk.content.v1.content_and_approvals.list_async()
    assert {row.approval_requests["whatsapp"]["status"] for row in rows} == set(states.values())


async def test_v2_filters(sdk: Client) -> None:
    listing = sdk.content.v2.content_and_approvals

    async def names(**filters: object) -> set[str]:
        return {row.friendly_name for row in await listing.list_async(**filters)}

    assert await names(channel_eligibility=["whatsapp:rejected"]) == {"winter_offer"}
    assert await names(language=["en"], content_type=["twilio/quick-reply"]) == {
        "order_update",
        "delivery_update",
    }
    assert await names(content_name="feedback") == {"delivery_feedback"}
    assert await names(content="husnummer") == {"address_check"}
    assert await names(date_created_after=datetime.now(UTC)) == set()
    by_name = await listing.list_async(sort_by_content_name="desc")
    assert by_name[0].friendly_name == "winter_offer"


async def test_life_of_a_content(sim: Simulator, sdk: Client) -> None:
    made = await sdk.content.v1.contents.create_async(
        ContentList.ContentCreateRequest(
            {
                "friendly_name": "hello",
                "language": "da",
                "variables": {"1": "Ærø"},
                "types": {"twilio/text": {"body": "Hej {{1}} fra os"}},
            }
        )
    )
    assert made.types == {"twilio/text": {"body": "Hej {{1}} fra os"}}
    one = sdk.content.v1.contents(made.sid)
    assert (await one.fetch_async()).variables == {"1": "Ærø"}
    assert (await one.approval_fetch().fetch_async()).whatsapp["status"] == "unsubmitted"
    request = ApprovalCreateList.ContentApprovalRequest({"name": "hello", "category": "UTILITY"})
    assert (await one.approval_create.create_async(request)).status == "received"
    with pytest.raises(TwilioRestException):
        await one.approval_create.create_async(request)
    sim.clock.jump(301)
    # The review wakes up by itself; each request gives it a turn.
    states = [(await one.approval_fetch().fetch_async()).whatsapp["status"] for _ in range(5)]
    assert states[-1] == "approved"
    assert await one.delete_async()
    with pytest.raises(TwilioRestException) as gone:
        await one.fetch_async()
    assert gone.value.code == 20404


@pytest.mark.parametrize(
    "body",
    [
        {"types": {"twilio/text": {"body": "a"}}},
        {"language": "dansk", "types": {"twilio/text": {"body": "a"}}},
        {"language": "da"},
        {"language": "da", "types": {"own/text": {"body": "a"}}},
        {"language": "da", "types": {"twilio/text": "a"}},
        [],
    ],
)
async def test_wrong_contents(api: httpx.AsyncClient, body: object) -> None:
    answer = await api.post("/v1/Content", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


@pytest.mark.parametrize(
    "body", [{"name": "Hej", "category": "UTILITY"}, {"name": "hej", "category": "OTP"}]
)
async def test_wrong_submissions(api: httpx.AsyncClient, body: dict[str, str]) -> None:
    fresh = {"language": "da", "types": {"twilio/text": {"body": "a"}}}
    sid = (await api.post("/v1/Content", json=fresh)).json()["sid"]
    answer = await api.post(f"/v1/Content/{sid}/ApprovalRequests/whatsapp", json=body)
    assert answer.status_code == 400
    changed = await api.put(f"/v1/Content/{sid}", json={"friendly_name": "b"})
    assert changed.json()["friendly_name"] == "b"


async def test_senders(sim: Simulator, sdk: Client) -> None:
    senders = await sdk.messaging.v2.channels_senders.list_async(channel="whatsapp")
    assert [sender.sender_id for sender in senders] == [SENDER]
    with pytest.raises(TwilioException):
        await sdk.messaging.v2.channels_senders.list_async()
    one = sdk.messaging.v2.channels_senders(senders[0].sid)
    fetched = await one.fetch_async()
    assert (fetched.status, fetched.profile["name"]) == ("ONLINE", "Support Denmark")
    request = ChannelsSenderList.MessagingV2ChannelsSenderRequestsUpdate(
        {"webhook": {"callback_url": "https://new.example/in", "callback_method": "POST"}}
    )
    updated = await one.update_async(request)
    assert updated.webhook["callback_url"] == "https://new.example/in"
    assert updated.webhook["fallback_url"] is None
    assert sim.world.senders[SENDER].webhook.callback_url == "https://new.example/in"


async def test_wrong_sender_updates(sim: Simulator, api: httpx.AsyncClient) -> None:
    path = f"/v2/Channels/Senders/{sim.world.senders[SENDER].sid}"
    for webhook in ({"callback": "https://x"}, {"callback_method": "GET"}):
        assert (await api.post(path, json={"webhook": webhook})).status_code == 400
    assert (await api.get(f"/v2/Channels/Senders/XE{'0' * 32}")).status_code == 404


async def test_typing(sim: Simulator, sdk: Client, api: httpx.AsyncClient) -> None:
    inbound = await sim.say(METTE, body="Hej")
    typing = sdk.messaging.v2.typing_indicator
    assert (await typing.create_async(channel="whatsapp", message_id=inbound.sid)).success
    for form in ({"channel": "sms"}, {"channel": "whatsapp", "messageId": f"SM{'0' * 32}"}):
        assert (await api.post("/v2/Indicators/Typing.json", data=form)).status_code in {400, 404}


async def test_date_header_can_be_off(sim: Simulator, api: httpx.AsyncClient) -> None:
    sim.world.switches.date_skew_s = 86_400
    date = parsedate_to_datetime((await api.get("/v1/Content")).headers["Date"])
    assert date > datetime.now(UTC)
    assert len((await api.get("/v1/Content")).headers.get_list("Date")) == 1


async def test_unknown_paths_and_methods_are_json(api: httpx.AsyncClient) -> None:
    assert (await api.get("/v1/Nothing")).json()["code"] == 20404
    assert (await api.delete("/v1/Content")).json()["code"] == 20004
    for query in ("PageSize=x", "Page=-1"):
        assert (await api.get(f"/v1/Content?{query}")).json()["code"] == 20001
