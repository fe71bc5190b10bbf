"""The Messages resource as the real SDK sees it."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from tests.simulator.conftest import METTE, SENDER, Recorder, Wire, create
from wa_console.simulator.scenario import SCENARIOS, content_sid
from wa_console.simulator.server import Simulator

DELIVERY_DA = next(t for t in SCENARIOS["support"].templates if t.key == "delivery_update.da")


async def test_text_in_the_window_is_queued_then_read(
    sim: Simulator, sdk: Client, recorder: Recorder
) -> None:
    await sim.say(METTE, body="Hej")
    url = f"{recorder.base}/twilio/status?m=7&x=a%20b"
    made = await sdk.messages.create_async(
        to=METTE, from_=SENDER, body="Hej Mette", status_callback=url
    )
    assert (made.status, made.date_sent, made.error_code) == ("queued", None, None)
    assert made.num_segments == "1"
    await sim.settle()
    assert recorder.statuses() == ["sent", "delivered", "read"]
    fetched = await sdk.messages(made.sid).fetch_async()
    assert fetched.status == "read"
    assert fetched.date_sent is not None
    assert [entry["sid"] for entry in sim.truth.accepted] == [made.sid]


async def test_template_is_rendered_with_defaults_for_what_is_missing(
    sim: Simulator, sdk: Client
) -> None:
    made = await sdk.messages.create_async(
        to=METTE,
        from_=SENDER,
        content_sid=content_sid(DELIVERY_DA),
        content_variables=json.dumps({"1": "Oskar"}),
    )
    await sim.settle()
    assert sim.world.messages[made.sid].status == "read"
    rendered = sim.truth.accepted[0]["rendered"]
    assert rendered == DELIVERY_DA.body.replace("{{1}}", "Oskar").replace("{{2}}", "DK-4471-20")


async def test_list_is_newest_first_and_pages_without_gap_or_repeat(
    sim: Simulator, sdk: Client
) -> None:
    for number in range(7):
        await sim.say(METTE, body=str(number))
    await sim.say("+4528441092", body="another")
    rows = await sdk.messages.list_async(from_=METTE, to=SENDER, page_size=3)
    assert [row.body for row in rows] == ["6", "5", "4", "3", "2", "1", "0"]
    assert {row.direction for row in rows} == {"inbound"}


async def test_new_rows_do_not_shift_the_next_page(sim: Simulator, api: httpx.AsyncClient) -> None:
    for number in range(4):
        await sim.say(METTE, body=str(number))
    path = f"/2010-04-01/Accounts/{sim.account_sid}/Messages.json"
    first = (await api.get(path, params={"PageSize": 2})).json()
    await sim.say(METTE, body="new")
    second = (await api.get(first["next_page_uri"])).json()
    assert [row["body"] for row in second["messages"]] == ["1", "0"]
    assert second["next_page_uri"] is None
    assert second["page"] == 1


async def test_date_sent_filters(sim: Simulator, sdk: Client) -> None:
    start = sim.clock.now().replace(microsecond=0)
    sim.clock.set(now=start, speed=0)
    await sim.say(METTE, body="old")
    sim.clock.jump(3600)
    await sim.say(METTE, body="new")
    half = start + timedelta(minutes=30)
    after = await sdk.messages.list_async(date_sent_after=half)
    before = await sdk.messages.list_async(date_sent_before=half)
    exact = await sdk.messages.list_async(date_sent=start)
    assert [[row.body for row in rows] for rows in (after, before, exact)] == [
        ["new"],
        ["old"],
        ["old"],
    ]


@pytest.mark.parametrize(
    ("name", "value"), [("DateSent>", "2020-01-01"), ("DateSent>=", "2020-01-01T00:00:00Z")]
)
async def test_date_filter_names_may_hold_the_equals_sign(
    sim: Simulator, api: httpx.AsyncClient, name: str, value: str
) -> None:
    await sim.say(METTE, body="a")
    path = f"/2010-04-01/Accounts/{sim.account_sid}/Messages.json"
    assert len((await api.get(path, params={name: value})).json()["messages"]) == 1
    assert (await api.get(path, params={name: "soon"})).json()["code"] == 20001


async def test_scheduled_message_waits_for_the_simulated_time(
    sim: Simulator, sdk: Client, recorder: Recorder
) -> None:
    await sim.say(METTE, body="Hej")
    service = next(iter(sim.world.services))
    made = await sdk.messages.create_async(
        to=METTE,
        messaging_service_sid=service,
        body="Senere",
        send_at=sim.clock.now() + timedelta(hours=2),
        schedule_type="fixed",
        status_callback=f"{recorder.base}/s",
    )
    assert (made.status, made.from_, made.num_segments) == ("scheduled", None, "0")
    await sim.settle()
    assert sim.world.messages[made.sid].status == "scheduled"
    sim.clock.jump(2 * 3600 + 1)
    await recorder.until(2)
    await sim.settle()
    assert recorder.statuses() == ["queued", "sent", "delivered", "read"]
    assert sim.world.messages[made.sid].from_ == SENDER


async def test_cancel_redact_delete(sim: Simulator, sdk: Client, recorder: Recorder) -> None:
    service = next(iter(sim.world.services))
    later = await sdk.messages.create_async(
        to=METTE,
        messaging_service_sid=service,
        body="x",
        send_at=sim.clock.now() + timedelta(hours=2),
        schedule_type="fixed",
        status_callback=f"{recorder.base}/s",
    )
    assert (await sdk.messages(later.sid).update_async(status="canceled")).status == "canceled"
    await recorder.until(1)
    assert recorder.statuses() == ["canceled"]
    with pytest.raises(TwilioRestException) as late:
        await sdk.messages(later.sid).update_async(status="canceled")
    assert late.value.status == 409
    inbound = await sim.say(METTE, body="hemmelig")
    assert (await sdk.messages(inbound.sid).update_async(body="")).body == ""
    assert await sdk.messages(inbound.sid).delete_async()
    with pytest.raises(TwilioRestException) as gone:
        await sdk.messages(inbound.sid).fetch_async()
    assert (gone.value.status, gone.value.code) == (404, 20404)


async def test_service_message_is_accepted_and_calls_back_queued(
    sim: Simulator, sdk: Client, recorder: Recorder
) -> None:
    await sim.say(METTE, body="Hej")
    service = next(iter(sim.world.services))
    made = await sdk.messages.create_async(
        to=METTE,
        messaging_service_sid=service,
        body="x",
        status_callback=f"{recorder.base}/s",
    )
    assert made.status == "accepted"
    await sim.settle()
    assert recorder.statuses() == ["queued", "sent", "delivered", "read"]
    assert recorder.calls[-1].form["MessagingServiceSid"] == service


async def test_key_login_works_and_wrong_login_does_not(
    sim: Simulator, http: httpx.AsyncClient
) -> None:
    wire = Wire(sim.base_url, http)
    key = Client(
        sim.config.api_key,
        sim.config.api_secret,
        sim.account_sid,
        http_client=wire,
        environment={"NONE": "1"},
    )
    assert await key.messages.list_async(limit=1) == []
    with pytest.raises(TwilioRestException) as closed:
        await key.api.v2010.accounts(sim.account_sid).fetch_async()
    assert (closed.value.status, closed.value.code) == (401, 20003)
    for login in ((sim.account_sid, "wrong"), ("AC0", sim.auth_token), None):
        answer = await http.get(f"{sim.base_url}/v1/Content", auth=login)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_other_account_is_not_found(sim: Simulator, api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json")
    assert answer.status_code == 404
    assert answer.json() == {
        "code": 20404,
        "message": "The requested resource was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }
    assert sim.truth.refused[0]["code"] == 20404


async def test_account_and_balance(sim: Simulator, sdk: Client) -> None:
    account = await sdk.api.v2010.accounts(sim.account_sid).fetch_async()
    assert (account.status, account.type, account.auth_token) == ("active", "Full", sim.auth_token)
    balance = await sdk.api.v2010.accounts(sim.account_sid).balance.fetch_async()
    assert balance.currency == "USD"


async def test_create_takes_a_business_scoped_id(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    signe = "whatsapp:DK.1A2B3C4D5E6F7G8H9I0J"
    await sim.say(signe, body="Hej")
    answer = await create(api, sim, To=signe, Body="Hej", StatusCallback=f"{recorder.base}/s")
    assert answer.json()["to"] == signe
    await sim.settle()
    assert recorder.statuses() == ["sent", "delivered", "read"]
    assert recorder.calls[-1].form["ExternalUserId"] == signe
    assert "WaId" not in recorder.calls[0].form
