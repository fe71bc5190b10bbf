"""The demo as a script sees it: its states, its JSON, its end."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e import shapes
from tests.e2e.demo import ANNOUNCED, Demo, demo_running
from tests.e2e.harness import Json, Place, until
from tests.e2e.web import get_json

TOM, GRACE, INGRID = "+447700900561", "+447700900735", "+4542605137"
STRANGER = "+4530114477"


@pytest.fixture(scope="module")
def conversations(demo: Demo) -> list[Json]:
    return demo.lines("list", "--limit", "100000")


@pytest.fixture(scope="module")
def messages(demo: Demo, conversations: list[Json]) -> list[Json]:
    def show(conversation: Json) -> list[Json]:
        return demo.lines("show", conversation["id"], "--limit", "100000")

    with ThreadPoolExecutor(4) as pool:
        return [message for shown in pool.map(show, conversations) for message in shown]


def test_a_dozen_conversations_in_every_state(
    conversations: list[Json], messages: list[Json]
) -> None:
    assert len(conversations) >= 12
    states = {c["window"]["state"] for c in conversations}
    assert states == {"never", "open", "closing", "closed"}
    soon = [c["window"]["remaining_s"] for c in conversations if c["window"]["remaining_s"]]
    assert min(soon) <= 120
    assert any(m["status"] in {"failed", "undelivered"} and m["error"] for m in messages)


def test_conversations_are_what_contract_says(conversations: list[Json]) -> None:
    for conversation in conversations:
        assert shapes.conversation(conversation)
        assert shapes.consistent(conversation)


def test_messages_are_what_contract_says(messages: list[Json]) -> None:
    assert {m["direction"] for m in messages} == {"inbound", "outbound"}
    for message in messages:
        assert shapes.message(message)


def test_the_raw_form_of_a_customers_message_can_be_read(messages: list[Json]) -> None:
    received = [m for m in messages if m["direction"] == "inbound"]
    assert received
    for message in received:
        assert message["raw"]["MessageSid"] == message["sid"]
        assert message["raw"]["Body"] == message["body"]


def test_a_number_that_is_not_on_whatsapp_failed_with_a_sentence(demo: Demo) -> None:
    failed = demo.lines("show", INGRID)[-1]
    assert failed["status"] in {"failed", "undelivered"}
    assert failed["error"]["code"] == 63003
    assert failed["error"]["text"]


@pytest.mark.parametrize("view", ["mine", "unassigned", "waiting", "closed", "quarantine"])
def test_every_view_is_a_part_of_all(demo: Demo, conversations: list[Json], view: str) -> None:
    shown = demo.lines("list", "--view", view)
    known = {c["id"] for c in conversations}
    assert all(shapes.conversation(c) for c in shown)
    if view != "quarantine":
        assert {c["id"] for c in shown} <= known
    match view:
        case "mine":
            assert shown
            assert {c["assignee"] for c in shown} == {"anna"}
        case "unassigned":
            assert {c["assignee"] for c in shown} <= {None}
        case "closed":
            assert {c["state"] for c in shown} == {"closed"}
        case "quarantine":
            assert not shown


def test_search_gives_messages_newest_first_with_a_snippet(demo: Demo) -> None:
    found = demo.lines("search", "pakke")
    assert found
    for hit in found:
        snippet = hit.pop("snippet")
        assert "pakke" in snippet.lower()
        assert shapes.message(hit)
    times = [hit["created_at"] for hit in found]
    assert times == sorted(times, reverse=True)


def test_tail_tells_a_message_that_has_just_come(demo: Demo) -> None:
    with demo.place.started("tail", "--json", "--since", "0", home=demo.home) as tail:
        first = json.loads(tail.line(lambda _line: True))
        assert shapes.change(first)
        sid = demo.say(STRANGER, "anyone there?")["sid"]
        message = demo.heard(STRANGER, sid)
        line = tail.line(lambda text: message["id"] in text)
        assert shapes.change(json.loads(line))
        seqs = [json.loads(text)["seq"] for text in tail.out]
        assert seqs == sorted(set(seqs))
        assert tail.end(signal.SIGINT) == 130


def test_what_is_sent_is_what_contract_says(demo: Demo) -> None:
    demo.heard(STRANGER, demo.say(STRANGER, "hello?")["sid"])
    done = demo.run("send", "--to", STRANGER, "--body", "Æøå 👍\n[b]", "--wait", "15", "--json")
    sent = done.ok().one
    assert shapes.message(sent)
    assert sent["body"] == "Æøå 👍\n[b]"
    assert [a["body"] for a in demo.truth()["accepted"]].count(sent["body"]) == 1


def test_notes_labels_and_states_for_scripts(demo: Demo) -> None:
    demo.heard(STRANGER, demo.say(STRANGER, "one more thing")["sid"])
    note = demo.run("note", STRANGER, "be nice", "--json").ok().one
    assert shapes.message(note)
    assert (note["kind"], note["sid"]) == ("note", None)
    labelled = demo.run("label", STRANGER, "vip", "--json").ok().one
    assert labelled["labels"] == ["vip"]
    taken = demo.run("assign", STRANGER, "anna", "--json").ok().one
    assert (taken["assignee"], taken["state"]) == ("anna", "active")
    assert demo.run("close", STRANGER, "--json").ok().one["state"] == "closed"
    assert demo.run("reopen", STRANGER, "--json").ok().one["state"] != "closed"
    assert shapes.conversation(taken)


def test_templates_are_listed(demo: Demo) -> None:
    listed = demo.lines("templates", "list")
    assert {t["approval"] for t in listed} >= {"approved", "pending", "rejected"}
    assert all(shapes.template(t) for t in listed)


def test_presence_is_shown_and_set(demo: Demo) -> None:
    demo.run("presence", "anna", "busy").ok()
    assert "busy" in demo.run("presence", "anna", "--json").ok().out
    demo.run("presence", "anna", "available").ok()


def test_health_is_what_contract_says(demo: Demo) -> None:
    health = get_json(f"{demo.listener}/healthz")
    assert shapes.health(health)
    assert health["status"] == "ok"


def test_replay_changes_nothing(demo: Demo) -> None:
    told = demo.run("replay", "--json").ok().one
    assert told["changed"] == 0
    assert told["rows"] > 0


def test_the_doctor_finds_the_demo_well(demo: Demo) -> None:
    done = demo.run("doctor", "--json")
    checks = done.lines
    assert all(set(c) == {"check", "ok", "severity", "text", "mend"} for c in checks)
    assert [c for c in checks if not c["ok"] and c["severity"] == "error"] == []


def test_a_demo_ends_in_order_and_leaves_nothing(tmp_path: Path) -> None:
    place = Place.in_folder(tmp_path)
    with demo_running(place) as demo:
        announced = json.loads(demo.program.out[0])
        assert set(announced) == ANNOUNCED
        assert (demo.home / "store.db").exists()
        assert demo.program.end(signal.SIGTERM) == 143
        assert not demo.home.exists()
        assert list(place.temporary.iterdir()) == []


def test_time_runs_faster_for_every_command(tmp_path: Path) -> None:
    place = Place.in_folder(tmp_path)
    with demo_running(place, "--speed", "3600") as demo:
        began = demo.clock()
        left = [c["window"]["remaining_s"] for c in demo.lines("list")]
        until(lambda: (demo.clock() - began).total_seconds() > 3600, what="an hour to pass")
        assert [c["window"]["remaining_s"] for c in demo.lines("list")] != left
        assert demo.program.end(signal.SIGHUP) == 129
        assert list(place.temporary.iterdir()) == []
