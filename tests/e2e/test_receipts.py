"""Receipts from outside: too early, twice, in the wrong order, and the 11 runs of the samples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.demo import Demo
from tests.e2e.harness import Json, Place, until
from tests.e2e.stub import Stub
from tests.e2e.web import Webhook
from tests.gateway.samples import SAMPLES, inbound

TOKEN, PUBLIC_URL = "an-auth-token-of-the-tests", "https://console.example.dk"
RUNS: dict[str, dict[str, Any]] = {
    file.stem: json.loads(file.read_text()) for file in (SAMPLES / "status").glob("*.json")
}
ACCOUNT = RUNS["happy"]["steps"][0]["AccountSid"]
SETUP = f"""
[account]
account_sid = "{ACCOUNT}"

[[number]]
name = "Support"
address = "+4571993000"
"""
EARLY = "+4530116600"


@pytest.fixture(scope="module", autouse=True)
def fast(demo: Demo) -> None:
    """Receipts come in a twentieth of the time; a window still lasts longer than any test."""
    demo.clock(speed=20)


def test_a_receipt_before_the_create_answer_finds_its_message(demo: Demo) -> None:
    demo.heard(EARLY, demo.say(EARLY, "hello")["sid"])
    demo.faults({"match": "Messages.json", "kind": "callback_before_answer", "times": 1})
    done = demo.run("send", "--to", EARLY, "--body", "early bird", "--wait", "15", "--json").ok()
    sent = done.one
    final = demo.message(EARLY, lambda m: m["id"] == sent["id"] and m["status"] == "read")
    told = [s for s in demo.truth()["statuses"] if s["sid"] == final["sid"]]
    assert [s["status"] for s in told] == ["sent", "delivered", "read"]
    assert {s["http_status"] for s in told} == {204}
    assert [s["status"] for s in final["statuses"] if s["source"] == "callback"] == [
        *("sent", "delivered", "read")
    ]


@pytest.mark.parametrize("kind", ["duplicate_callback", "reorder_callbacks"])
def test_receipts_only_move_forward(demo: Demo, kind: str) -> None:
    demo.heard(EARLY, demo.say(EARLY, f"about {kind}")["sid"])
    demo.faults({"match": "status", "kind": kind, "times": 3})
    sent = demo.run("send", "--to", EARLY, "--body", kind, "--json").ok().one
    demo.message(EARLY, lambda m: m["id"] == sent["id"] and m["status"] == "read")
    until(
        lambda: [s["body"] for s in _told_of(demo, kind)] == [kind] * 3,
        what="every receipt to be told",
    )
    (last,) = [m for m in demo.lines("show", EARLY) if m["id"] == sent["id"]]
    assert last["status"] == "read"


def _told_of(demo: Demo, body: str) -> list[Json]:
    truth = demo.truth()
    sids = {a["sid"] for a in truth["accepted"] if a["body"] == body}
    return [{**s, "body": body} for s in truth["statuses"] if s["sid"] in sids]


@dataclass(frozen=True, slots=True)
class Desk:
    """An engine on the samples' account, with a Twilio that gives the samples' SIDs."""

    place: Place
    webhook: Webhook
    stub: Stub

    def messages(self, address: str) -> list[Json]:
        home = self.place.home()
        done = self.place.call("show", address, "--json", "--limit", "1000", home=home)
        return done.lines if done.code == 0 else []


@pytest.fixture(scope="module")
def desk(place: Place, stub: Stub) -> Iterator[Desk]:
    ours = place.with_env(
        WA_CONSOLE_PUBLIC_URL=PUBLIC_URL,
        WA_CONSOLE_TWILIO_BASE_URL=stub.url,
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=TOKEN,
    )
    home = ours.home()
    ours.call("apply", "-", home=home, stdin=SETUP).ok()
    with ours.engine(home=home) as (program, url):
        desk = Desk(ours, Webhook(url, PUBLIC_URL, TOKEN), stub)
        yield desk
        assert program.end() == 143


@pytest.mark.parametrize("name", sorted(RUNS))
def test_a_run_of_the_samples_ends_in_its_final_status(desk: Desk, name: str) -> None:
    steps, sid = RUNS[name]["steps"], RUNS[name]["steps"][0]["MessageSid"]
    to = steps[0]["To"].removeprefix("whatsapp:")
    # A run may end in 63016, which closes the window: each begins with a word of the customer's.
    said = inbound()["bsuid_only" if to.startswith("DK") else "text"]
    mark = f"SM{sorted(RUNS).index(name):032}"
    assert desk.webhook.inbound(said | {"MessageSid": mark}).status == 200
    until(lambda: any(m["sid"] == mark for m in desk.messages(to)), what="the customer's word")
    desk.stub.sids[name] = sid
    if name == "unknown_message":
        _told(desk, steps)
    home = desk.place.home()
    sent = desk.place.call(
        *("send", "--to", to, "--body", name, "--wait", "15", "--json"), home=home
    )
    assert sent.ok().one["sid"] == sid
    if name != "unknown_message":
        _told(desk, steps)

    words = {step["MessageStatus"] for step in steps}

    def all_told() -> Json | None:
        # The final word may come first: the run is over once every word of it has been heard.
        (message,) = [m for m in desk.messages(to) if m["sid"] == sid]
        heard = {event["status"] for event in message["statuses"]}
        return message if heard >= words else None

    message = until(all_told, what=f"every word of {name}")
    assert message["status"] == RUNS[name]["final_status"]
    told = {int(step["ErrorCode"]) for step in steps if step.get("ErrorCode")}
    known = {message["error"]["code"]} if message["error"] else set()
    assert known == told


def test_after_all_runs_a_replay_changes_nothing(desk: Desk) -> None:
    told = desk.place.call("replay", "--json", home=desk.place.home()).ok().one
    assert told["changed"] == 0


def _told(desk: Desk, steps: list[dict[str, str]]) -> None:
    for step in steps:
        assert desk.webhook.status(step).status == 204
