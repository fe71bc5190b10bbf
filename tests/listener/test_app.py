"""What the listener answers, over real HTTP (CONTRACT, "HTTP")."""

from __future__ import annotations

import asyncio
import io
import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from yarl import URL

import wa_console
from tests.listener.rig import FORM, INBOUND, STATUS, TOKEN, Door, door
from tests.services.rig import (
    SAMPLES,
    START,
    inbound_form,
    sample,
    sample_names,
    sid,
    status_form,
)
from wa_console.domain.conversation import View
from wa_console.domain.errors import StoreProblem
from wa_console.gateway import forms
from wa_console.gateway.signature import FormFields, Signature, SigningKeys
from wa_console.listener.app import BODY_LIMIT, EMPTY_TWIML, Listener, build_listener

VECTORS: list[dict[str, Any]] = json.loads((SAMPLES / "vectors.json").read_text("utf-8"))["vectors"]
OURS = [v for v in VECTORS if URL(v["url"]).path == INBOUND]
SHARED = "webhooks_sharedkey_01hexample0000000000000000"


async def rows(at: Door) -> int:
    return await at.desk.store.journal.last_seq()


async def test_an_inbound_message(at: Door) -> None:
    form = inbound_form("Rødgrød & fløde +1 = 2\r\n")
    answer = await at.post(INBOUND, form)
    assert (answer.status, answer.text) == (200, EMPTY_TWIML)
    assert answer.headers["Content-Type"].startswith("text/xml")
    (row,) = await at.desk.store.journal.after(0, limit=9)
    assert row.entry.fields == tuple(form)


async def test_a_receipt(at: Door) -> None:
    answer = await at.post(f"{STATUS}?m=01arz3ndektsv4rrffq69g5fav", status_form(sid(), "sent"))
    assert (answer.status, answer.text) == (204, "")
    (row,) = await at.desk.store.journal.after(0, limit=9)
    assert row.entry.query == "m=01arz3ndektsv4rrffq69g5fav"
    assert ("m", "01arz3ndektsv4rrffq69g5fav") not in row.entry.fields


async def test_all_samples_twice_change_nothing(at: Door) -> None:
    names = [*sample_names("inbound")]
    for name in names:
        assert (await at.post(INBOUND, list(sample(name)["form"].items()))).status == 200
    await at.desk.projector.drain()
    before = (
        await rows(at),
        await at.desk.last_change(),
        await at.desk.inbox.page(View.ALL, login="a", offset=0, limit=99),
    )
    for name in names:
        assert (await at.post(INBOUND, list(sample(name)["form"].items()))).status == 200
    await at.desk.projector.drain()
    assert before == (
        await rows(at),
        await at.desk.last_change(),
        await at.desk.inbox.page(View.ALL, login="a", offset=0, limit=99),
    )
    assert before[0] == 30


@pytest.mark.parametrize("name", sample_names("status"))
async def test_all_runs_of_receipts(at: Door, name: str) -> None:
    run = sample(name)
    number = run["steps"][0]["MessageSid"]
    conversation = await at.desk.hear()
    message = await at.desk.outbox.queue_reply(conversation.id, "Svar", author="anna")
    for step in run["steps"]:
        answer = await at.post(f"{STATUS}?m={message.id}", list(step.items()))
        assert answer.status == 204
    await at.desk.projector.drain()
    assert (await at.desk.message_of(number)).status.value == run["final_status"]


@pytest.mark.parametrize("vector", OURS, ids=[v["id"] for v in OURS])
async def test_the_vectors_of_our_path(at: Door, vector: dict[str, Any]) -> None:
    """Public URL and secret as in the vector; the request is on the wire byte for byte."""
    base, _, rest = vector["url"].partition(INBOUND)
    secret = vector["auth_token"]
    keys = SigningKeys(tokens=(secret,))
    if vector["algorithm"] == "HMAC_SHA256":  # the secret is a shared key's, no token
        keys = SigningKeys(shared_keys={SHARED: secret})
    app = build_listener(
        receiver=at.desk.receiver,
        signature=Signature(base, keys),
        forms=forms,
        health=at.health,
        public_url=base,
    )
    listener = Listener(app)
    port = await listener.start("127.0.0.1", 0)
    try:
        async with at.client.request(
            vector["method"],
            URL(f"http://127.0.0.1:{port}{INBOUND}{rest}", encoded=True),
            data=vector["body"].encode(),
            headers={"Content-Type": vector["content_type"], **vector["headers"]},
        ) as answer:
            assert answer.status == (200 if vector["expect"] == "valid" else 403)
    finally:
        await listener.stop()
    assert await rows(at) == (vector["expect"] == "valid")


async def test_another_token_is_refused_counted_and_explained(at: Door) -> None:
    answer = await at.post(INBOUND, inbound_form(), token="f" * 32)
    assert answer.status == 403
    assert "Auth Token" in at.desk.receiver.health.last_rejection
    assert at.desk.receiver.health.rejected == 1
    assert await rows(at) == 0


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "ø"}, {"X-Twilio-Signature": "AAAA"}],
)
async def test_forgeries(at: Door, headers: dict[str, str]) -> None:
    answer = await at.request(
        "POST", INBOUND, data=b"From=x", headers={"Content-Type": FORM} | headers
    )
    assert answer.status == 403
    assert at.desk.receiver.health.rejected == 1
    assert at.desk.receiver.health.last_rejection
    assert await rows(at) == 0


async def test_an_altered_request_is_refused(at: Door) -> None:
    form = inbound_form()
    url = at.public_url + INBOUND
    signature = RequestValidator(TOKEN).compute_signature(url, FormFields(form))
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
    for changed in (
        [*form, ("Extra", "1")],
        form[:-1],
        [(name, value + " ") for name, value in form],
    ):
        data = urlencode(changed).encode()
        assert (await at.request("POST", INBOUND, data=data, headers=headers)).status == 403
    data = urlencode(form).encode()
    for path in (STATUS, INBOUND + "?x=1", INBOUND + "/"):
        assert (await at.request("POST", path, data=data, headers=headers)).status == 403
    assert await rows(at) == 0
    assert (await at.request("POST", INBOUND, data=data, headers=headers)).status == 200


@pytest.mark.parametrize("tail", ["", "/", "?tenant=dk&x=a%2Fb"])
async def test_a_prefix_is_served_cut_or_not(tmp_path: Path, tail: str) -> None:
    async with door(tmp_path, public_url="https://u:p@host.example/desk/wa/#rc=2") as at:
        signed = f"https://host.example/desk/wa{INBOUND}{tail}"
        basic = {"Authorization": "Basic " + b64encode(b"u:p").decode()}
        for prefix in ("", "/desk/wa"):
            answer = await at.post(
                prefix + INBOUND + tail, inbound_form(), signed_url=signed, headers=basic
            )
            assert answer.status == 200
        assert (await at.request("GET", "/desk/wa/healthz")).status == 200
        assert (await at.request("POST", "/desk" + INBOUND)).status == 404
        assert await rows(at) == 2


async def test_too_large_by_its_own_word_or_in_fact(at: Door) -> None:
    huge = io.BytesIO(b"Body=" + b"x" * 5_000_000)

    async def chunks() -> Any:
        for _ in range(80):
            yield b"y" * 1024

    for data in (huge, chunks()):
        answer = await at.request("POST", INBOUND, data=data, headers={"Content-Type": FORM})
        assert answer.status == 413
    assert await rows(at) == 0


async def test_64_kib_is_not_too_large(at: Door) -> None:
    form = inbound_form("")
    room = BODY_LIMIT - len("&Pad=") - sum(len(n) + len(v) + 2 for n, v in form) - 200
    answer = await at.post(INBOUND, [*form, ("Pad", "x" * room)])
    assert answer.status == 200


async def test_what_cannot_be_stored_is_not_acknowledged(tmp_path: Path) -> None:
    async with door(tmp_path) as at:
        await at.desk.store.close()
        for path, form in ((INBOUND, inbound_form()), (STATUS, status_form(sid(), "sent"))):
            answer = await at.post(path, form)
            assert answer.status == 503
        with pytest.raises(StoreProblem):
            await at.desk.receiver.inbound(inbound_form(), query="")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", INBOUND, 405),
        ("PUT", INBOUND, 405),
        ("GET", STATUS, 405),
        ("POST", "/healthz", 405),
        ("HEAD", "/healthz", 200),
        ("GET", "/", 404),
        ("POST", "/twilio", 404),
        ("POST", "/twilio/inbound/x", 404),
        ("GET", "/media/token/name.jpg", 404),
    ],
)
async def test_anything_else(at: Door, method: str, path: str, status: int) -> None:
    answer = await at.request(method, path)
    assert answer.status == status
    assert answer.headers["Server"] == "wa-console"
    assert await rows(at) == 0


async def test_healthz_tells_numbers_and_no_secrets(at: Door) -> None:
    await at.post(INBOUND, inbound_form())
    at.desk.fixed.advance(timedelta(seconds=1))
    answer = await at.request("GET", "/healthz")
    assert answer.status == 200
    told = json.loads(answer.text)
    assert told == {
        "status": "degraded",
        "version": wa_console.__version__,
        "store": "ok",
        "last_webhook_at": None,
        "outbox": 0,
        "journal_behind": 1,
        "quarantined": 0,
        "rejected": 0,
    }


async def test_healthz_of_a_store_that_is_gone(tmp_path: Path) -> None:
    async with door(tmp_path) as at:
        await at.desk.store.close()
        answer = await at.request("GET", "/healthz")
        told = json.loads(answer.text)
        assert (answer.status, told["status"], told["store"]) == (200, "degraded", "read-only")


async def test_three_deliveries_at_once_are_one_message(at: Door) -> None:
    posts = [inbound_form(f"nr. {n}") for n in range(40)]
    answers = await asyncio.gather(*(at.post(INBOUND, form) for form in posts * 3))
    assert {answer.status for answer in answers} == {200}
    await at.desk.projector.drain()
    (row,) = await at.desk.inbox.page(View.ALL, login="a", offset=0, limit=9)
    assert row.unread == 40
    assert row.last_inbound_at == START


async def test_the_port_can_be_taken(at: Door) -> None:
    app = build_listener(
        receiver=at.desk.receiver,
        signature=Signature(at.public_url, SigningKeys(tokens=(TOKEN,))),
        forms=forms,
        health=at.health,
    )
    second = Listener(app)
    with pytest.raises(OSError, match="in use"):
        await second.start("127.0.0.1", at.port)
    await second.stop()
