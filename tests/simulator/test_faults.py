"""Each fault does what the table in faults.py says."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.simulator.conftest import METTE, Recorder, create
from wa_console.simulator.faults import FaultBook, FaultKind, parse_fault
from wa_console.simulator.server import Simulator


async def order(api: httpx.AsyncClient, kind: str, match: str = "", **more: object) -> None:
    answer = await api.post("/_simulator/faults", json=[{"match": match, "kind": kind, **more}])
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "accepted"), [("drop_before", 0), ("drop_after", 1), ("timeout_after", 1)]
)
async def test_dropped_connections(
    sim: Simulator, api: httpx.AsyncClient, kind: str, accepted: int
) -> None:
    await order(api, kind, "Messages.json", seconds=0.1)
    with pytest.raises(httpx.RemoteProtocolError):
        await create(api, sim, Body="a")
    assert len(sim.truth.accepted) == accepted
    assert (await create(api, sim, Body="b")).status_code == 201


async def test_silence_lasts_longer_than_the_client_waits(
    sim: Simulator, api: httpx.AsyncClient
) -> None:
    await order(api, "timeout_after", "Messages.json")
    api.timeout = httpx.Timeout(0.2)
    with pytest.raises(httpx.ReadTimeout):
        await create(api, sim, Body="a")
    assert len(sim.truth.accepted) == 1


@pytest.mark.parametrize(("kind", "accepted"), [("error_500_before", 0), ("error_500_after", 1)])
async def test_500(sim: Simulator, api: httpx.AsyncClient, kind: str, accepted: int) -> None:
    await order(api, kind, "Messages.json")
    answer = await create(api, sim, Body="a")
    assert (answer.status_code, answer.json()["code"]) == (500, 20500)
    assert len(sim.truth.accepted) == accepted
    assert (await api.get("/_simulator/faults")).json() == []


@pytest.mark.parametrize("retry_after", [None, 2])
async def test_429(sim: Simulator, api: httpx.AsyncClient, retry_after: int | None) -> None:
    await order(api, "status_429", times=2, retry_after=retry_after)
    answer = await create(api, sim, Body="a")
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)
    assert answer.headers.get("Retry-After") == (None if retry_after is None else "2")
    assert (await create(api, sim, Body="a")).status_code == 429
    assert (await create(api, sim, Body="a")).status_code == 201
    assert len(sim.truth.accepted) == 1


async def test_match_picks_the_request(sim: Simulator, api: httpx.AsyncClient) -> None:
    await order(api, "error_500_before", "/v1/Content")
    assert (await create(api, sim, Body="a")).status_code == 201
    assert (await api.get("/v1/Content")).status_code == 500


async def test_delay_of_requests_and_webhooks(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    await order(api, "delay", "/v1/Content", seconds=0.05)
    await order(api, "delay", "webhook", seconds=0.05)
    assert (await api.get("/v1/Content")).status_code == 200
    assert (await sim.say(METTE, body="a")).status == 200
    assert (await api.get("/_simulator/faults")).json() == []


async def test_status_faults(sim: Simulator, api: httpx.AsyncClient, recorder: Recorder) -> None:
    await sim.say(METTE, body="Hej")
    url = f"{recorder.base}/s"

    async def statuses() -> list[str]:
        recorder.calls.clear()
        answer = await create(api, sim, Body="a", StatusCallback=url)
        await sim.settle()
        assert sim.world.messages[answer.json()["sid"]].status == "read"
        return recorder.statuses()

    await order(api, "lost_callback", "status")
    assert await statuses() == ["delivered", "read"]
    assert sim.truth.statuses[0]["lost"] is True
    await order(api, "duplicate_callback", "Messages.json", times=2)
    assert await statuses() == ["sent", "sent", "delivered", "delivered", "read"]
    await order(api, "reorder_callbacks")
    assert await statuses() == ["read", "delivered", "sent"]
    assert await statuses() == ["sent", "delivered", "read"]


async def test_callbacks_before_the_answer(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    await sim.say(METTE, body="Hej")
    await order(api, "callback_before_answer")
    answer = await create(api, sim, Body="a", StatusCallback=f"{recorder.base}/s")
    assert recorder.statuses() == ["sent", "delivered", "read"]
    assert answer.json()["status"] == "queued"


async def test_webhook_faults(sim: Simulator, api: httpx.AsyncClient, recorder: Recorder) -> None:
    await order(api, "drop_webhook", "webhook")
    dropped = await sim.say(METTE, body="a")
    assert (dropped.status, recorder.calls) == (None, [])
    assert sim.truth.delivered[0]["dropped"] is True
    assert dropped.sid in sim.world.messages
    await order(api, "duplicate_webhook", "webhook")
    doubled = await sim.say(METTE, body="b")
    assert [c.form["MessageSid"] for c in recorder.calls] == [doubled.sid] * 2


async def test_faults_leave_signatures_right(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    await order(api, "duplicate_webhook")
    await sim.say(METTE, body="ø")
    validator = RequestValidator(sim.auth_token)
    assert [
        validator.validate(c.url, dict(c.form), c.headers["X-Twilio-Signature"])
        for c in recorder.calls
    ] == [True, True]


async def test_settle_hurries_what_is_on_its_way(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    await sim.say(METTE, body="Hej")
    recorder.calls.clear()
    await asyncio.gather(
        *(create(api, sim, Body=str(n), StatusCallback=f"{recorder.base}/s?{n}") for n in range(20))
    )
    await sim.settle()
    assert len(recorder.calls) == 60
    assert {m.status for m in sim.world.messages.values()} == {"received", "read"}


@pytest.mark.parametrize(
    "raw",
    [
        "delay",
        {"kind": "explode"},
        {"kind": ["delay"]},
        {"match": 1, "kind": "delay"},
        {"kind": "delay", "times": 0},
        {"kind": "delay", "times": True},
        {"kind": "delay", "seconds": -1},
        {"kind": "delay", "seconds": "2"},
        {"kind": "status_429", "retry_after": "soon"},
        {"kind": "delay", "why": "so"},
    ],
)
def test_wrong_orders_are_refused_with_a_sentence(raw: object) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        parse_fault(raw)


def test_book_takes_in_order_and_counts_down() -> None:
    book = FaultBook()
    for match in ("b", ""):
        book.add(parse_fault({"match": match, "kind": "delay", "times": 1}))
    wanted = frozenset({FaultKind.DELAY})
    assert book.take("a", kinds=frozenset({FaultKind.DROP_AFTER})) is None
    first = book.take("abc", kinds=wanted)
    assert first is not None
    assert first.match == "b"
    assert [fault.match for fault in book.pending()] == [""]
    assert book.strikes(FaultKind.DELAY, "x")
    assert book.pending() == []
