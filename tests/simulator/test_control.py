"""The control interface (CONTRACT, `simulate`)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.conftest import METTE, Recorder, create
from wa_console.simulator.control import read_utterance
from wa_console.simulator.server import Simulator


async def test_clock(sim: Simulator, http: httpx.AsyncClient) -> None:
    url = f"{sim.base_url}/_simulator/clock"
    told = (await http.post(url, json={"now": "2026-12-24T18:00:00Z", "speed": 0})).json()
    assert told == {"now": "2026-12-24T18:00:00.000Z", "speed": 0.0}
    assert (await http.post(url, json={"jump_s": 90})).json()["now"] == "2026-12-24T18:01:30.000Z"
    assert (await http.get(url)).json()["now"] == "2026-12-24T18:01:30.000Z"
    assert sim.clock.now() == datetime(2026, 12, 24, 18, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", b"{"),
        ("clock", b"[]"),
        ("clock", b'{"speed": -1}'),
        ("clock", b'{"speed": true}'),
        ("clock", b'{"now": "soon"}'),
        ("clock", b'{"now": "2026-12-24T18:00:00"}'),
        ("clock", b'{"pace": 1}'),
        ("clock", b'{"jump_s": "1", "speed": 5}'),
        ("faults", b'{"kind": "explode"}'),
        ("faults", b'[{"kind": "delay"}, 1]'),
        ("faults", b"nonsense"),
        ("customers/+4531226410/say", b"[]"),
        ("customers/+4531226410/say", b'{"text": "a"}'),
        ("customers/+4531226410/say", b'{"media": "hologram"}'),
        ("customers/+4531226410/say", b'{"media": [{"type": "image/jpeg", "data": "***"}]}'),
        ("customers/+4531226410/say", b'{"location": {"latitude": "north"}}'),
        ("customers/+4531226410/say", b'{"button": {}}'),
        ("customers/+4531226410/say", b'{"extra": {"a": 1}}'),
        ("customers/Mette/say", b'{"body": "a"}'),
    ],
)
async def test_wrong_input_is_400_with_a_sentence(
    sim: Simulator, http: httpx.AsyncClient, recorder: Recorder, path: str, body: bytes
) -> None:
    answer = await http.post(f"{sim.base_url}/_simulator/{path}", content=body)
    assert answer.status_code == 400
    assert " " in answer.json()["error"]
    assert (await http.get(f"{sim.base_url}/_simulator/faults")).json() == []
    assert (sim.clock.speed, recorder.calls, sim.world.messages) == (1.0, [], {})


async def test_faults_are_listed_and_cleared(sim: Simulator, http: httpx.AsyncClient) -> None:
    url = f"{sim.base_url}/_simulator/faults"
    order = {"match": "Messages", "kind": "status_429", "times": 3}
    listed = (await http.post(url, json=[order])).json()
    assert {k: listed[0][k] for k in order} == order
    assert (await http.get(url)).json() == listed
    assert (await http.delete(url)).json() == []


@pytest.mark.parametrize(
    "address", ["+4531226410", "whatsapp:+4531226410", "4531226410", "%2B45%2031226410"]
)
async def test_say_knows_all_spellings(
    sim: Simulator, http: httpx.AsyncClient, recorder: Recorder, address: str
) -> None:
    url = f"{sim.base_url}/_simulator/customers/{address}/say"
    answer = (await http.post(url, json={"body": "Hej"})).json()
    assert answer["status"] == 200
    assert recorder.calls[0].form["From"] == METTE
    assert recorder.calls[0].form["MessageSid"] == answer["sid"]


async def test_say_everything(sim: Simulator, http: httpx.AsyncClient, recorder: Recorder) -> None:
    url = f"{sim.base_url}/_simulator/customers/+4531226410/say"
    data = base64.b64encode(b"abc").decode()
    await http.post(url, json={"media": ["photo", {"type": "text/plain", "data": data}]})
    form = recorder.calls[0].form
    assert (form["NumMedia"], form["MediaContentType1"]) == ("2", "text/plain")
    await http.post(url, json={"media": {"type": "image/png", "size": 1_000_000}})
    assert max(len(m.data) for m in sim.world.media.values()) == 1_000_000
    await http.post(url, json={"button": "Ja"})
    assert recorder.calls[2].form["ButtonText"] == "Ja"
    await http.post(url, json={"location": {"latitude": 55, "longitude": 12.5, "label": "Her"}})
    assert recorder.calls[3].form["Latitude"] == "55.0"
    await http.post(url, json={"body": "a", "extra": {"Forwarded": "true"}})
    assert recorder.calls[4].form["Forwarded"] == "true"


async def test_truth(sim: Simulator, api: httpx.AsyncClient, recorder: Recorder) -> None:
    said = await sim.say(METTE, body="Hej")
    made = (await create(api, sim, Body="Svar", StatusCallback=f"{recorder.base}/s?m=1")).json()
    await create(api, sim, Body="")
    await sim.settle()
    truth = (await api.get("/_simulator/truth")).json()
    assert set(truth) == {
        "clock",
        "accepted",
        "delivered",
        "statuses",
        "refused",
        "media_requests",
    }
    (accepted,) = truth["accepted"]
    assert {k: accepted[k] for k in ("sid", "to", "body", "status_callback", "rendered")} == {
        "sid": made["sid"],
        "to": METTE,
        "body": "Svar",
        "status_callback": f"{recorder.base}/s?m=1",
        "rendered": None,
    }
    assert set(accepted) >= {"from", "content_sid", "content_variables", "media_urls", "at"}
    assert [(d["sid"], d["http_status"]) for d in truth["delivered"]] == [(said.sid, 200)]
    assert [s["status"] for s in truth["statuses"]] == ["sent", "delivered", "read"]
    assert [r["code"] for r in truth["refused"]] == [21619]
    assert sim.auth_token not in (await api.get("/_simulator/truth")).text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "body": json_values,
            "media": json_values | st.fixed_dictionaries({"type": st.just("photo")}),
            "button": json_values,
            "location": json_values,
            "extra": json_values,
        },
    )
)
def test_any_json_is_understood_or_refused(raw: dict[str, object]) -> None:
    try:
        said = read_utterance(raw)
    except ValueError as wrong:
        sentence = str(wrong)
    else:
        sentence = "it is understood"
        assert isinstance(said.body, str)
    assert " " in sentence
