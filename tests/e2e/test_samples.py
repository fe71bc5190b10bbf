"""The 30 inbound samples and the signature vectors, over a real socket into a real engine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e import shapes
from tests.e2e.harness import Json, Place, until
from tests.e2e.stub import Stub
from tests.e2e.web import Webhook, get_json, raw
from tests.gateway.samples import inbound, vectors

TOKEN, PUBLIC_URL = "an-auth-token-of-the-tests", "https://console.example.dk"
FORMS = inbound()
ACCOUNT = FORMS["text"]["AccountSid"]
STRANGE = {"not_whatsapp", "sandbox_join"}
"""Not of a number that is set up: kept in quarantine."""
SETUP = f"""
[account]
account_sid = "{ACCOUNT}"

[[number]]
name = "Support"
address = "+4571993000"
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """An engine that has taken all samples."""

    place: Place
    webhook: Webhook

    def lines(self, *args: str) -> list[Json]:
        return self.place.call(*args, "--json", home=self.place.home()).ok().lines

    def conversations(self) -> list[Json]:
        views = ("all", "quarantine")
        return [
            conversation
            for view in views
            for conversation in self.lines("list", "--view", view, "--limit", "1000")
        ]

    def everything(self) -> tuple[list[Json], list[Json]]:
        """All conversations and messages, without what a download of media changes."""
        conversations = self.conversations()
        messages = [
            message
            for conversation in conversations
            for message in self.lines("show", conversation["id"], "--limit", "1000")
        ]
        for message in [*messages, *(c["last_message"] for c in conversations)]:
            for medium in message["media"]:
                medium.pop("status")
        return conversations, messages


@pytest.fixture(scope="module")
def desk(place: Place, stub: Stub) -> Iterator[Desk]:
    now_ms = time.time_ns() // 1_000_000
    clock = place.folder / "clock.json"
    # Time stands still, so that nothing but the samples can change what is listed.
    clock.write_text(json.dumps({"anchor_wall_ms": now_ms, "anchor_ms": now_ms, "speed": 0}))
    ours = place.with_env(
        WA_CONSOLE_PUBLIC_URL=PUBLIC_URL,
        WA_CONSOLE_TWILIO_BASE_URL=stub.url,
        WA_CONSOLE_CLOCK_FILE=str(clock),
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=TOKEN,
    )
    home = ours.home()
    ours.call("apply", "-", home=home, stdin=SETUP).ok()
    with ours.engine(home=home) as (program, url):
        webhook = Webhook(url, PUBLIC_URL, TOKEN)
        for name, form in FORMS.items():
            answer = webhook.inbound(form)
            assert answer.status == 200, name
            assert b"<Response" in answer.body
        until(lambda: get_json(f"{url}/healthz")["journal_behind"] == 0, what="projection")
        yield Desk(ours, webhook)
        assert program.end() == 143


@pytest.fixture(scope="module")
def shown(desk: Desk) -> dict[str, Json]:
    """Every message by SID, with whether its conversation is quarantined."""
    found = {}
    for conversation in desk.conversations():
        for message in desk.lines("show", conversation["id"], "--limit", "1000"):
            found[message["sid"]] = message | {"quarantined": conversation["quarantined"]}
    return found


def test_there_are_thirty_of_them(shown: dict[str, Json]) -> None:
    assert len(FORMS) == 30
    assert set(shown) == {form["MessageSid"] for form in FORMS.values()}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_show_gives_every_field_of_a_sample(shown: dict[str, Json], name: str) -> None:
    form, message = FORMS[name], dict(shown[FORMS[name]["MessageSid"]])
    assert message.pop("quarantined") is (name in STRANGE)
    assert shapes.message(message)
    assert message["raw"] == form
    assert message["body"] == form["Body"]
    assert (message["direction"], message["status"]) == ("inbound", "received")
    assert len(message["media"]) == int(form["NumMedia"])
    assert (message["location"] is not None) is ("Latitude" in form)
    assert (message["quoted"] is not None) is ("OriginalRepliedMessageSid" in form)
    pressed = "ButtonText" in form or "ListId" in form
    assert (message["button"] is not None) is pressed


def test_everything_can_be_read_without_json_too(desk: Desk) -> None:
    for conversation in desk.conversations():
        text = desk.place.call("show", conversation["id"], home=desk.place.home()).ok().out
        controls = [c for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160]
        assert controls == []


def test_posting_all_again_changes_nothing(desk: Desk) -> None:
    before = desk.everything()
    for form in FORMS.values():
        assert desk.webhook.inbound(form).status == 200
    until(
        lambda: get_json(f"{desk.webhook.listener}/healthz")["journal_behind"] == 0,
        what="projection",
    )
    assert desk.everything() == before
    told = desk.place.call("replay", "--json", home=desk.place.home()).ok().one
    assert told == {"rows": len(FORMS), "changed": 0}


# --- signature vectors -------------------------------------------------------------------------

_PATH = "/twilio/inbound"


@dataclass(frozen=True, slots=True)
class Told:
    """What a listener must be told to check a vector: public URL and secret."""

    public_url: str
    token: str
    shared_key: str

    @property
    def env(self) -> dict[str, str]:
        secret = (
            {"TWILIO_SHARED_KEY_ID": self.shared_key, "TWILIO_SHARED_KEY_SECRET": self.token}
            if self.shared_key
            else {}
        )
        return {
            "WA_CONSOLE_PUBLIC_URL": self.public_url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN if self.shared_key else self.token,
            **secret,
        }


def _told_of(vector: dict[str, Any]) -> Told | None:
    """Return the settings under which a vector's URL is served; None where none is.

    Served are POSTs to our path below an https address, or http on this computer (CONTRACT,
    ``WA_CONSOLE_PUBLIC_URL``). The others are checked at unit level.
    """
    parts = urlsplit(vector["url"])
    loopback = parts.hostname in {"127.0.0.1", "localhost"}
    if not parts.path.endswith(_PATH) or not (parts.scheme == "https" or loopback):
        return None
    prefix = parts.path.removesuffix(_PATH)
    settings = vector["headers"].get("X-Twilio-Webhooks-Signature-Settings", "")
    key = next((p.split("=")[1] for p in settings.split(",") if p.startswith("key=")), "")
    shared = key if vector["algorithm"] == "HMAC_SHA256" else ""
    return Told(f"{parts.scheme}://{parts.netloc}{prefix}", vector["auth_token"], shared)


SERVED = [(told, vector) for vector in vectors() if (told := _told_of(vector))]
LISTENERS = sorted({told for told, _vector in SERVED}, key=str)


def test_nearly_all_vectors_are_served() -> None:
    assert len(SERVED) >= 36


@pytest.mark.parametrize("told", LISTENERS, ids=lambda told: f"{told.public_url} {told.token[:6]}")
def test_vectors_get_their_answer_over_http(place: Place, stub: Stub, told: Told) -> None:
    ours = place.with_env(WA_CONSOLE_TWILIO_BASE_URL=stub.url, **told.env)
    home = ours.home(f"vectors-{LISTENERS.index(told)}")
    ours.call("apply", "-", home=home, stdin=SETUP).ok()
    wrong = {}
    with ours.engine(home=home) as (program, url):
        for vector in [v for t, v in SERVED if t == told]:
            parts = urlsplit(vector["url"])
            target = _PATH + (f"?{parts.query}" if parts.query else "")
            seen = vector.get("seen_by_server")
            headers = {"Content-Type": vector["content_type"], **vector["headers"]}
            if seen:
                headers["Host"] = seen["host"]
                target = seen["path_qs"]
            answer = raw(url, target, body=vector["body"].encode(), headers=headers)
            genuine = 200 <= answer.status < 300
            if genuine is not (vector["expect"] == "valid") or not (
                genuine or answer.status == 403
            ):
                wrong[vector["id"]] = (answer.status, vector["expect"])
        refused = sum(v["expect"] == "invalid" for t, v in SERVED if t == told)
        assert wrong == {}
        until(
            lambda: get_json(f"{url}/healthz")["rejected"] == refused, what="the count of refusals"
        )
        assert program.end() == 143
