"""What WhatsApp refuses later, by status callback, judged by the simulated clock."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
from aiohttp import web

from tests.simulator.conftest import METTE, Recorder, create
from wa_console.simulator.records import Content
from wa_console.simulator.scenario import SCENARIOS, content_sid
from wa_console.simulator.server import Button, Simulator, SimulatorConfig

SIDS = {template.key: content_sid(template) for template in SCENARIOS["support"].templates}
SANDBOX = "whatsapp:+14155238886"
DAY = 24 * 3600.0


async def outcome(
    sim: Simulator, api: httpx.AsyncClient, **fields: str | list[str]
) -> tuple[str, int | None]:
    """Status and code of a message at the end of its way."""
    answer = await create(api, sim, **fields)
    assert answer.status_code == 201, answer.text
    assert answer.json()["error_code"] is None
    await sim.settle()
    message = sim.world.messages[answer.json()["sid"]]
    return message.status, message.error_code


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [(DAY - 0.001, ("read", None)), (DAY, ("failed", 63016)), (DAY + 1, ("failed", 63016))],
)
async def test_window_is_half_open(
    sim: Simulator, api: httpx.AsyncClient, age_s: float, expected: tuple[str, int | None]
) -> None:
    sim.clock.set(speed=0)
    await sim.say(METTE, body="Hej")
    sim.clock.jump(age_s)
    assert await outcome(sim, api, Body="Hej") == expected


async def test_own_messages_do_not_extend_the_window(
    sim: Simulator, api: httpx.AsyncClient
) -> None:
    sim.clock.set(speed=0)
    await sim.say(METTE, body="Hej")
    sim.clock.jump(DAY - 60)
    assert await outcome(sim, api, Body="a") == ("read", None)
    assert await outcome(sim, api, ContentSid=SIDS["delivery_update.da"]) == ("read", None)
    sim.clock.jump(61)
    assert await outcome(sim, api, Body="b") == ("failed", 63016)


async def test_a_button_press_opens_the_window(sim: Simulator, api: httpx.AsyncClient) -> None:
    assert await outcome(sim, api, Body="a") == ("failed", 63016)
    await sim.say(METTE, button=Button("Følg pakken"))
    assert await outcome(sim, api, Body="a") == ("read", None)


async def test_window_belongs_to_the_pair(sim: Simulator, api: httpx.AsyncClient) -> None:
    await sim.say("+4528441092", body="Hej")
    assert await outcome(sim, api, Body="a") == ("failed", 63016)


async def test_failure_callback_has_code_and_empty_error_message(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    assert await outcome(sim, api, Body="a", StatusCallback=f"{recorder.base}/s") == (
        "failed",
        63016,
    )
    assert recorder.statuses() == ["failed"]
    form = recorder.calls[0].form
    assert (form["ErrorCode"], form["ErrorMessage"]) == ("63016", "")
    assert form["ChannelStatusMessage"] == "Outside the allowed window"


@pytest.mark.parametrize(
    ("number", "statuses", "code"),
    [
        ("+4542605137", ["failed"], 63003),
        ("+4522716049", ["sent", "undelivered"], 63024),
    ],
)
async def test_recipient_out_of_reach(
    sim: Simulator,
    api: httpx.AsyncClient,
    recorder: Recorder,
    number: str,
    statuses: list[str],
    code: int,
) -> None:
    await sim.say(number, body="Hej")
    to = f"whatsapp:{number}"
    end = await outcome(sim, api, To=to, Body="a", StatusCallback=f"{recorder.base}/s")
    assert end == (statuses[-1], code)
    assert recorder.statuses() == statuses


@pytest.mark.parametrize(
    ("key", "open_window", "expected"),
    [
        ("delivery_update.da", False, ("read", None)),
        ("winter_offer.da", False, ("failed", 63040)),
        ("winter_offer.da", True, ("failed", 63040)),
        ("address_check.da", False, ("failed", 63041)),
        ("delivery_return.en", False, ("failed", 63027)),
        ("delivery_return.en", True, ("read", None)),
    ],
)
async def test_approval(
    sim: Simulator,
    api: httpx.AsyncClient,
    key: str,
    open_window: bool,
    expected: tuple[str, int | None],
) -> None:
    if open_window:
        await sim.say(METTE, body="Hej")
    assert await outcome(sim, api, ContentSid=SIDS[key]) == expected


async def test_disabled_template(sim: Simulator, api: httpx.AsyncClient) -> None:
    approval = sim.world.contents[SIDS["delivery_update.da"]].approval
    assert approval is not None
    approval.status = "disabled"
    assert await outcome(sim, api, ContentSid=SIDS["delivery_update.da"]) == ("failed", 63042)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"1": "a", "2": "b"}, None),
        ({"1": "a", "2": "b", "3": "c"}, 63028),
        ({"1": "a\nb"}, 63013),
        ({"1": "a    b"}, 63013),
        ({"1": "x" * 1100}, 63021),
    ],
)
async def test_variables(
    sim: Simulator, api: httpx.AsyncClient, values: dict[str, str], code: int | None
) -> None:
    end = await outcome(
        sim,
        api,
        ContentSid=SIDS["delivery_update.da"],
        ContentVariables=json.dumps(values),
    )
    assert end[1] == code


async def test_template_length_limit_is_1024_after_substitution(
    sim: Simulator, api: httpx.AsyncClient
) -> None:
    sid = SIDS["delivery_delay.da"]
    content: Content = sim.world.contents[sid]
    fixed = len("".join(str(content.types["twilio/text"]["body"]).split("{{1}}"))) - len("{{2}}")
    for length, code in ((1024 - fixed - 1, None), (1024 - fixed, 63021)):
        values = json.dumps({"1": "x" * length, "2": "y"})
        assert (await outcome(sim, api, ContentSid=sid, ContentVariables=values))[1] == code


async def test_missing_variable_without_default(sim: Simulator, api: httpx.AsyncClient) -> None:
    sim.world.contents[SIDS["delivery_update.da"]].variables = {}
    end = await outcome(
        sim, api, ContentSid=SIDS["delivery_update.da"], ContentVariables='{"1": "a"}'
    )
    assert end == ("failed", 63028)


async def test_media_with_template(sim: Simulator, api: httpx.AsyncClient) -> None:
    end = await outcome(
        sim, api, ContentSid=SIDS["delivery_update.da"], MediaUrl="https://h.example/a.jpg"
    )
    assert end == ("failed", 63030)


async def test_marketing_declined(sim: Simulator, api: httpx.AsyncClient) -> None:
    oskar = "whatsapp:+4551093368"
    end = await outcome(sim, api, To=oskar, ContentSid=SIDS["delivery_feedback.da"])
    assert end == ("undelivered", 63049)
    # He has read receipts off, so "delivered" is the last he is heard of.
    assert await outcome(sim, api, To=oskar, ContentSid=SIDS["delivery_update.da"]) == (
        "delivered",
        None,
    )


async def test_sender_limit(sim: Simulator, api: httpx.AsyncClient) -> None:
    sim.clock.set(speed=0)
    sim.world.switches.sender_limit_per_s = 2
    await sim.say(METTE, body="Hej")
    ends = [await outcome(sim, api, Body=str(n)) for n in range(3)]
    assert ends == [("read", None), ("read", None), ("failed", 63018)]
    sim.clock.jump(1)
    assert await outcome(sim, api, Body="4") == ("read", None)


async def test_content_deleted_before_a_scheduled_send(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    sid = SIDS["delivery_update.da"]
    answer = await create(
        api,
        sim,
        From="",
        MessagingServiceSid=next(iter(sim.world.services)),
        ContentSid=sid,
        SendAt=(sim.clock.now() + timedelta(hours=1)).isoformat(),
        StatusCallback=f"{recorder.base}/s",
    )
    del sim.world.contents[sid]
    sim.clock.jump(3601)
    await recorder.until(1)
    await sim.settle()
    assert sim.world.messages[answer.json()["sid"]].error_code == 63027


async def test_outbound_media_is_fetched_and_kept(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    await sim.say(METTE, body="Hej")
    recorder.calls.clear()
    recorder.answers += [
        web.Response(body=b"\x89PNG", content_type="image/png"),
        web.Response(body=b"\x89PNG", content_type="image/png"),
    ]
    answer = await create(api, sim, MediaUrl=f"{recorder.base}/media/t/a.png", Body="Se her")
    assert answer.json()["sid"].startswith("MM")
    assert answer.json()["num_media"] == "1"
    await sim.settle()
    assert [call.path for call in recorder.calls] == ["/media/t/a.png"] * 2
    sid = answer.json()["sid"]
    base = f"/2010-04-01/Accounts/{sim.account_sid}/Messages/{sid}/Media.json"
    rows = (await api.get(base)).json()["media_list"]
    assert [row["content_type"] for row in rows] == ["image/png"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (web.Response(status=404), 63019),
        (web.Response(body=b"x", content_type="application/zip"), 63021),
    ],
)
async def test_outbound_media_trouble(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder, answer: web.Response, code: int
) -> None:
    await sim.say(METTE, body="Hej")
    for _ in range(2):
        recorder.answers.append(
            web.Response(status=answer.status, body=answer.body, content_type=answer.content_type)
        )
    end = await outcome(sim, api, MediaUrl=f"{recorder.base}/a.bin")
    assert end == ("failed", code)


async def test_sandbox(recorder: Recorder) -> None:
    config = SimulatorConfig(number="+14155238886", inbound_url=f"{recorder.base}/in", lively=False)
    async with (
        Simulator(config) as sim,
        httpx.AsyncClient(
            base_url=sim.base_url, auth=(sim.account_sid, sim.auth_token), trust_env=False
        ) as api,
    ):
        sim.clock.set(speed=0)
        assert await outcome(sim, api, From=SANDBOX, Body="a") == ("failed", 63015)
        assert (await sim.say(METTE, body="Hej")).status is None
        assert (await sim.say(METTE, body="join silver-otter")).status == 200
        assert await outcome(sim, api, From=SANDBOX, Body="a") == ("read", None)
        sim.clock.jump(2.9)
        assert await outcome(sim, api, From=SANDBOX, Body="b") == ("failed", 63018)
        sim.clock.jump(0.1)
        assert await outcome(sim, api, From=SANDBOX, Body="c") == ("read", None)
        sim.clock.jump(3 * DAY - 4)
        await sim.say(METTE, body="still here")
        assert await outcome(sim, api, From=SANDBOX, Body="d") == ("read", None)
        sim.clock.jump(4)
        assert await outcome(sim, api, From=SANDBOX, Body="e") == ("failed", 63015)
        await sim.say(METTE, body="join silver-otter")
        await sim.say(METTE, body="stop")
        sim.clock.jump(10)
        assert await outcome(sim, api, From=SANDBOX, Body="f") == ("failed", 63015)
