"""Inbound webhooks: fields, signature, limits, retry, fallback."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.simulator.conftest import METTE, SENDER, Call, Recorder
from wa_console.simulator import specimens
from wa_console.simulator.courier import read_target
from wa_console.simulator.server import Button, Location, Simulator

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "inbound"
SIGNE = "whatsapp:DK.1A2B3C4D5E6F7G8H9I0J"


def genuine(sim: Simulator, call: Call, *, url: str | None = None) -> bool:
    signature = call.headers["X-Twilio-Signature"]
    return bool(
        RequestValidator(sim.auth_token).validate(url or call.url, dict(call.form), signature)
    )


def sample_fields(name: str) -> list[str]:
    form: dict[str, str] = json.loads((SAMPLES / f"{name}.json").read_text())["form"]
    return list(form)


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        ("image", "photo"),
        ("voice_note", "voice"),
        ("document", "document"),
        ("contact_card", "contact"),
        ("sticker", "sticker"),
    ],
)
async def test_media_form_is_like_the_sample(
    sim: Simulator, recorder: Recorder, sample: str, kind: str
) -> None:
    done = await sim.say(METTE, media=[specimens.make(kind)])
    form = recorder.calls[0].form
    assert list(form) == sample_fields(sample)
    expected = json.loads((SAMPLES / f"{sample}.json").read_text())["form"]
    same = ("MessageType", "NumMedia", "SmsStatus", "NumSegments", "ApiVersion", "Body")
    assert {k: form[k] for k in same} == {k: expected[k] for k in same}
    assert form["MediaContentType0"] == expected["MediaContentType0"]
    assert form["MediaUrl0"].startswith(
        f"https://api.twilio.com/2010-04-01/Accounts/{sim.account_sid}/Messages/{done.sid}/Media/ME"
    )
    assert done.sid.startswith("MM")


async def test_text_form_is_like_the_sample(sim: Simulator, recorder: Recorder) -> None:
    done = await sim.say("+45 31 22 64 10", body="Hej, er I åbne på lørdag? 📦")
    assert done.status == 200
    call = recorder.calls[0]
    assert list(call.form) == sample_fields("text")
    assert call.form["From"] == METTE
    assert (call.form["WaId"], call.form["ProfileName"]) == ("4531226410", "Mette Holm")
    assert {call.form[k] for k in ("MessageSid", "SmsSid", "SmsMessageSid")} == {done.sid}
    metadata = json.loads(call.form["ChannelMetadata"])
    assert metadata["data"]["context"] == {"ProfileName": "Mette Holm", "WaId": "4531226410"}
    assert genuine(sim, call)
    assert call.headers["I-Twilio-Idempotency-Token"]
    assert call.headers["Content-Type"].startswith("application/x-www-form-urlencoded")


async def test_location_and_button_forms(sim: Simulator, recorder: Recorder) -> None:
    await sim.say(METTE, location=Location(55.676098, 12.568337))
    assert list(recorder.calls[0].form) == sample_fields("location")
    await sim.say(METTE, location=Location(55.6, 12.5, "Kontor", "Gade 1"))
    assert (recorder.calls[1].form["Label"], recorder.calls[1].form["Address"]) == (
        "Kontor",
        "Gade 1",
    )
    await sim.say(METTE, button=Button("Ja tak", "confirm:1", reply_to=f"SM{'1' * 32}"))
    form = recorder.calls[2].form
    assert list(form) == sample_fields("button_reply")
    assert (form["Body"], form["ButtonPayload"]) == ("Ja tak", "confirm:1")
    assert form["OriginalRepliedMessageSender"] == SENDER


async def test_hidden_number(sim: Simulator, recorder: Recorder) -> None:
    await sim.say("DK.1A2B3C4D5E6F7G8H9I0J", body="Hej")
    form = recorder.calls[0].form
    assert list(form) == sample_fields("bsuid_only")
    assert form["From"] == form["ExternalUserId"] == SIGNE


async def test_unknown_address_is_a_new_customer(sim: Simulator, recorder: Recorder) -> None:
    await sim.say("0045 2012 3456", body="Hej")
    assert recorder.calls[0].form["From"] == "whatsapp:+4520123456"
    assert sim.world.customers["whatsapp:+4520123456"].external_id.startswith("DK.")
    with pytest.raises(ValueError, match="no WhatsApp address"):
        await sim.say("Mette", body="Hej")


async def test_extra_fields_override_and_reach_another_number(
    sim: Simulator, recorder: Recorder
) -> None:
    done = await sim.say(
        METTE, body="a", extra={"To": "whatsapp:+4599999999", "Forwarded": "true", "Brand": ""}
    )
    call = recorder.calls[0]
    assert call.form["To"] == "whatsapp:+4599999999"
    assert (call.form["Forwarded"], call.form["Brand"]) == ("true", "")
    assert genuine(sim, call)
    assert sim.world.messages[done.sid].to == "whatsapp:+4599999999"


@pytest.mark.parametrize(
    "suffix",
    ["/twilio/inbound?b=2&a=1%20x&a=", "/twilio/inbound/", "/p/x/inbound?q=%C3%A6", "/in#rc=2"],
)
async def test_signed_over_the_url_byte_for_byte(
    sim: Simulator, recorder: Recorder, suffix: str
) -> None:
    sim.set_inbound_url(f"{recorder.base}{suffix}")
    assert (await sim.say(METTE, body="æ")).status == 200
    call = recorder.calls[0]
    assert call.url == f"{recorder.base}{suffix.partition('#')[0]}"
    assert genuine(sim, call)


async def test_login_in_the_url_is_sent_but_not_signed(sim: Simulator, recorder: Recorder) -> None:
    sim.set_inbound_url(recorder.base.replace("//", "//user:p%40ss@") + "/in")
    await sim.say(METTE, body="a")
    call = recorder.calls[0]
    assert call.headers["Authorization"] == "Basic dXNlcjpwQHNz"
    assert genuine(sim, call)


async def test_error_answer_is_not_repeated(sim: Simulator, recorder: Recorder) -> None:
    recorder.answers.append(web.Response(status=503))
    assert (await sim.say(METTE, body="a")).status == 503
    assert len(recorder.calls) == 1
    assert sim.truth.delivered[0]["tries"] == [
        {"url": recorder.calls[0].url, "http_status": 503, "error": 11200}
    ]


async def test_override_repeats_errors_with_one_token(sim: Simulator, recorder: Recorder) -> None:
    sim.set_inbound_url(f"{recorder.base}/in#rc=3&rp=5xx,ct")
    recorder.answers += [web.Response(status=500), web.Response(status=502)]
    assert (await sim.say(METTE, body="a")).status == 200
    assert len({c.headers["I-Twilio-Idempotency-Token"] for c in recorder.calls}) == 1
    assert len(recorder.calls) == 3


async def test_nobody_listens_two_tries(sim: Simulator) -> None:
    with socket.socket() as idle:
        idle.bind(("127.0.0.1", 0))
        sim.set_inbound_url(f"http://127.0.0.1:{idle.getsockname()[1]}/in")
        assert (await sim.say(METTE, body="a")).status is None
    tries = sim.truth.delivered[0]["tries"]
    assert isinstance(tries, list)
    assert [attempt["error"] for attempt in tries] == [11205, 11205]


async def test_silent_listener_is_given_up_without_a_second_try(
    sim: Simulator, recorder: Recorder
) -> None:
    taken: list[asyncio.StreamWriter] = []

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sim.set_inbound_url(f"http://127.0.0.1:{port}/in#tt=100")
    assert (await sim.say(METTE, body="a")).status is None
    assert len(taken) == 1
    for writer in taken:
        writer.close()
    server.close()


async def test_fallback_gets_code_and_url(sim: Simulator, recorder: Recorder) -> None:
    sim.world.senders[SENDER].webhook.fallback_url = f"{recorder.base}/fallback"
    recorder.answers.append(web.Response(status=500))
    assert (await sim.say(METTE, body="a")).status == 200
    assert [call.path for call in recorder.calls] == ["/twilio/inbound", "/fallback"]
    form = recorder.calls[1].form
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{recorder.base}/twilio/inbound")
    assert list(form) == sample_fields("fallback_request")
    assert genuine(sim, recorder.calls[1])


async def test_answer_must_be_twiml(sim: Simulator, recorder: Recorder) -> None:
    recorder.answers.append(web.json_response({}))
    await sim.say(METTE, body="a")
    tries = sim.truth.delivered[0]["tries"]
    assert isinstance(tries, list)
    assert tries[0]["error"] == 12300


async def test_without_url_the_list_has_it(sim: Simulator) -> None:
    sim.world.senders[SENDER].webhook.callback_url = None
    done = await sim.say(METTE, body="a")
    assert done.status is None
    assert sim.world.messages[done.sid].status == "received"


def test_target_limits() -> None:
    policy = read_target("https://h/x#ct=50&rt=99999&tt=2000&rc=9&rp=4xx,all&sni=y").policy
    assert (policy.connect_s, policy.read_s, policy.total_s) == (0.1, 15.0, 2.0)
    assert (policy.retries, policy.retry_on) == (5, frozenset({"4xx", "all"}))
    standard = read_target("https://h/x").policy
    assert (standard.retries, standard.retry_on, standard.total_s) == (1, frozenset({"ct"}), 15.0)
