"""The 24-hour rule at its far end, by every path a script has."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.e2e.demo import Demo
from tests.e2e.harness import Json, until

ASKER, EXACT, LATE = "+4530115500", "+4530115501", "+4530115502"
"""New customers: the demo's own people answer by themselves and would open their windows."""
DAY_S = 24 * 3600


def approved(demo: Demo) -> Json:
    """Return an approved template without media."""
    return next(t for t in demo.lines("templates", "list") if t["approval"] == "approved")


def send_text(demo: Demo, to: str, body: str) -> int:
    """Send free text; returns the exit code."""
    return demo.run("send", "--to", to, "--body", body, "--wait", "15", "--json").code


def test_after_a_day_only_a_template_gets_through(demo: Demo) -> None:
    demo.heard(ASKER, demo.say(ASKER, "are you there?")["sid"])
    assert send_text(demo, ASKER, "we are") == 0
    demo.message(ASKER, lambda m: m["body"] == "we are" and m["status"] == "read")
    demo.clock(jump_s=DAY_S)
    before, shown = demo.truth()["accepted"], demo.lines("show", ASKER)

    refused = demo.run("send", "--to", ASKER, "--body", "too late", "--json")
    assert refused.code == 6
    assert refused.out == ""
    assert "24" in refused.err or "window" in refused.err.lower()
    assert demo.truth()["accepted"] == before
    assert demo.lines("show", ASKER) == shown
    assert demo.conversation(ASKER)["window"]["state"] == "closed"

    template = approved(demo)
    values = [f"--var={name}=value {name}" for name in template["variables"]]
    done = demo.run(
        *("send", "--to", ASKER, "--template", template["content_sid"], *values),
        *("--wait", "15", "--json"),
    )
    assert done.ok().one["kind"] == "template"
    accepted = demo.truth()["accepted"]
    assert [a["content_sid"] for a in accepted[len(before) :]] == [template["content_sid"]]
    # Our own message opens nothing.
    assert send_text(demo, ASKER, "still too late") == 6

    demo.heard(ASKER, demo.say(ASKER, "yes, tell me")["sid"])
    assert demo.conversation(ASKER)["window"]["state"] == "open"
    assert send_text(demo, ASKER, "with pleasure") == 0


def test_it_closes_to_the_millisecond_a_minute_before_the_day_is_over(demo: Demo) -> None:
    demo.heard(EXACT, demo.say(EXACT, "the last word")["sid"])
    shown = demo.conversation(EXACT)
    last = datetime.fromisoformat(shown["last_inbound_at"])
    closes = datetime.fromisoformat(shown["window"]["closes_at"])
    assert closes - last == timedelta(hours=24) - timedelta(seconds=60)
    try:
        demo.clock(now=(closes - timedelta(milliseconds=1)).isoformat(), speed=0)
        assert demo.conversation(EXACT)["window"]["remaining_s"] == 1
        assert send_text(demo, EXACT, "just in time") == 0
        demo.clock(now=closes.isoformat())
        assert demo.conversation(EXACT)["window"] == {
            "state": "closed",
            "closes_at": shown["window"]["closes_at"],
            "remaining_s": 0,
        }
        assert send_text(demo, EXACT, "a moment late") == 6
    finally:
        demo.clock(speed=1)


def test_a_text_queued_in_time_is_not_sent_too_late(demo: Demo) -> None:
    """The sender asks again: what waited in the outbox past the end comes back as a draft."""
    demo.heard(LATE, demo.say(LATE, "quick question")["sid"])
    # Twilio is busy until the window is over; a 429 was never processed and is safe to repeat.
    demo.faults({"match": "Messages.json", "kind": "status_429", "times": 1, "retry_after": 2})
    before = len(demo.truth()["accepted"])
    queued = demo.run("send", "--to", LATE, "--body", "slow answer", "--json").ok().one
    until(lambda: any(r["code"] == 20429 for r in demo.truth()["refused"]), what="a 429")
    demo.clock(jump_s=DAY_S)
    refused = demo.message(LATE, lambda m: m["id"] == queued["id"] and m["status"] == "failed")
    assert refused["error"]
    assert len(demo.truth()["accepted"]) == before


@pytest.mark.parametrize("address", ["+4530115599", "whatsapp:+4530115599"])
def test_who_never_wrote_gets_no_free_text_and_no_empty_conversation(
    demo: Demo, address: str
) -> None:
    assert send_text(demo, address, "hello stranger") == 6
    assert demo.run("show", address, "--json").code == 1
