"""What the create call refuses at once, one error each (FACTS 7)."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from tests.simulator.conftest import METTE, SENDER, create
from wa_console.simulator.server import Simulator

TEMPLATE = "HXb5b62575e6e4ff6129ad7c8efe1f983e"

CASES: list[tuple[dict[str, str | list[str]], int]] = [
    ({"To": "", "Body": "x"}, 21604),
    ({"From": "", "Body": "x"}, 21603),
    ({"To": "whatsapp:+12", "Body": "x"}, 21211),
    ({"To": "whatsapp:Mette", "Body": "x"}, 21211),
    ({"To": "Mette", "Body": "x"}, 21211),
    ({"To": "+4531226410", "Body": "x"}, 30016),
    ({"To": SENDER, "Body": "x"}, 63031),
    ({"From": "+4570203040", "Body": "x"}, 21212),
    ({"From": "whatsapp:+4570000000", "Body": "x"}, 63007),
    ({"From": "", "MessagingServiceSid": f"MG{'0' * 32}", "Body": "x"}, 21701),
    ({"StatusCallback": "http://h/s"}, 21619),
    ({"Body": "x" * 1601}, 21617),
    ({"Body": "x", "ContentVariables": "{}"}, 21654),
    ({"ContentSid": f"HX{'0' * 32}"}, 21655),
    ({"ContentSid": TEMPLATE, "ContentVariables": "{'1': 'x'}"}, 92007),
    ({"ContentSid": TEMPLATE, "ContentVariables": '["x"]'}, 92007),
    ({"ContentSid": TEMPLATE, "ContentVariables": '{"1": null}'}, 21656),
    ({"ContentSid": TEMPLATE, "ContentVariables": '{"1": ""}'}, 21656),
    ({"MediaUrl": "photo.jpg"}, 21620),
    ({"MediaUrl": ["https://h.example/a.jpg", "ftp://h.example/b.jpg"]}, 21620),
    ({"MediaUrl": [f"https://h.example/{n}.jpg" for n in range(11)]}, 21623),
    ({"Body": "x", "StatusCallback": "https://my_host.example/s"}, 21609),
    ({"Body": "x", "SendAt": "2030-01-01T00:00:00Z"}, 35118),
    ({"To": "whatsapp:+4527159983", "Body": "x"}, 21610),
]


@pytest.mark.parametrize(
    ("fields", "code"), CASES, ids=[f"{c}-{n}" for n, (_, c) in enumerate(CASES)]
)
async def test_refused_at_once(
    sim: Simulator, api: httpx.AsyncClient, fields: dict[str, str | list[str]], code: int
) -> None:
    answer = await create(api, sim, **fields)
    assert answer.status_code == 400
    body = answer.json()
    assert (body["code"], body["status"]) == (code, 400)
    assert set(body) == {"code", "message", "more_info", "status"}
    assert sim.truth.accepted == []
    assert [entry["code"] for entry in sim.truth.refused] == [code]


async def test_the_longest_body_is_taken(sim: Simulator, api: httpx.AsyncClient) -> None:
    assert (await create(api, sim, Body="x" * 1600)).status_code == 201


@pytest.mark.parametrize(
    ("ahead", "code"),
    [
        (timedelta(minutes=5), 35114),
        (timedelta(minutes=5, seconds=1), None),
        (timedelta(days=35), None),
        (timedelta(days=35, seconds=1), 35115),
    ],
)
async def test_schedule_limits(
    sim: Simulator, api: httpx.AsyncClient, ahead: timedelta, code: int | None
) -> None:
    sim.clock.set(speed=0)
    service = next(iter(sim.world.services))
    answer = await create(
        api,
        sim,
        From="",
        MessagingServiceSid=service,
        Body="x",
        SendAt=(sim.clock.now() + ahead).isoformat(),
        ScheduleType="fixed",
    )
    assert answer.json().get("code") == code


async def test_stop_and_start_words(sim: Simulator, api: httpx.AsyncClient) -> None:
    await sim.say(METTE, body=" Stop ")
    assert (await create(api, sim, Body="x")).json()["code"] == 21610
    await sim.say(METTE, body="START")
    assert (await create(api, sim, Body="x")).status_code == 201


async def test_opt_out_may_also_come_late(sim: Simulator, api: httpx.AsyncClient) -> None:
    sim.world.switches.opt_out_late = True
    sid = (await create(api, sim, To="whatsapp:+4527159983", Body="x")).json()["sid"]
    await sim.settle()
    assert sim.world.messages[sid].error_code == 21610


async def test_sdk_like_async_client_bug_is_noticed(sim: Simulator, api: httpx.AsyncClient) -> None:
    """Form text under the JSON type is what the SDK's own async client sends (FACTS 9.2)."""
    answer = await api.post(
        "/v1/Content",
        content=b"friendly_name=a&language=da",
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    json.loads(answer.text)


async def test_too_many_at_once(sim: Simulator, api: httpx.AsyncClient) -> None:
    sim.world.switches.max_concurrent = 0
    answer = await create(api, sim, Body="x")
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)
