"""The gateway against answers at the transport seam: what is sent, and what each failure means."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, parse_qsl

import httpx
import pytest

from tests.gateway.wire import ACCOUNT, SECRET, Reply, error, gateway, message_row
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import SetupProblem
from wa_console.gateway.port import (
    Accepted,
    Gateway,
    NotSent,
    OutgoingMessage,
    Refused,
    SendOutcome,
    Throttled,
    Unknown,
)
from wa_console.gateway.twilio import TwilioGateway

SID = "SM" + "0" * 32
OUT = OutgoingMessage(sender="whatsapp:+4570203040", to="whatsapp:+4520123456", body="Hej æøå 👋")
CREATED = httpx.Response(201, json=message_row())


async def test_a_text_is_one_form_post() -> None:
    port, recorder = gateway(CREATED)
    checked: Gateway = port
    assert await checked.send(OUT) == Accepted(SID, DeliveryStatus.ACCEPTED)
    [request] = recorder.requests
    path = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert (request.method, str(request.url)) == ("POST", path)
    assert dict(parse_qsl(request.content.decode())) == {
        "To": OUT.to,
        "From": OUT.sender,
        "Body": OUT.body,
    }


async def test_templates_and_media() -> None:
    port, recorder = gateway(CREATED)
    callback = "https://console.example.dk/twilio/status?m=01"
    await port.send(
        OutgoingMessage(
            sender=OUT.sender,
            to=OUT.to,
            content_sid="HX1",
            variables={"1": 'Ærø "x"'},
            status_callback=callback,
        )
    )
    await port.send(OutgoingMessage(sender="a", to="b", media_urls=("https://x/1", "https://x/2")))
    await port.send(OutgoingMessage(sender="a", to="b", content_sid="HX1"))
    template, media, bare = (parse_qs(r.content.decode()) for r in recorder.requests)
    assert template["ContentVariables"] == ['{"1": "Ærø \\"x\\""}']
    assert template["StatusCallback"] == [callback]
    assert "Body" not in template
    assert media["MediaUrl"] == ["https://x/1", "https://x/2"]
    assert set(bare) == {"From", "To", "ContentSid"}


REQUEST = httpx.Request("POST", "https://api.twilio.com/")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (
            error(400, 21211, "The 'To' number is not valid."),
            Refused(21211, "The 'To' number is not valid."),
        ),
        (error(401, 20003, "Authenticate"), Refused(20003, "Authenticate")),
        (httpx.Response(403, text="<html>proxy</html>"), Refused(None, "Unable to create record")),
        (
            httpx.Response(
                400,
                json={
                    "type": "t",
                    "title": "T",
                    "status": 400,
                    "code": 21617,
                    "detail": "Too long",
                },
            ),
            Refused(21617, "Too long"),
        ),
        (error(429, 20429), Throttled(None)),
        (error(429, 20429, **{"Retry-After": "3"}), Throttled(3.0)),
        (error(500, 20500), Unknown("HTTP 500")),
        (httpx.Response(502, text="bad gateway"), Unknown("HTTP 502")),
        (httpx.Response(408, text=""), Unknown("HTTP 408")),
        (httpx.Response(307, text=""), Unknown("HTTP 307")),
        (httpx.Response(200, text="<html>"), Unknown("unreadable answer")),
        (httpx.Response(201, json=[]), Unknown("unreadable answer")),
        (httpx.Response(201, json={}), Unknown("answer without a SID")),
        (httpx.ReadTimeout("x", request=REQUEST), Unknown("ReadTimeout")),
        (httpx.WriteTimeout("x", request=REQUEST), Unknown("WriteTimeout")),
        (httpx.ReadError("x", request=REQUEST), Unknown("ReadError")),
        (httpx.WriteError("x", request=REQUEST), Unknown("WriteError")),
        (httpx.RemoteProtocolError("x", request=REQUEST), Unknown("RemoteProtocolError")),
        (httpx.ConnectError("x", request=REQUEST), NotSent("ConnectError")),
        (httpx.ConnectTimeout("x", request=REQUEST), NotSent("ConnectTimeout")),
        (httpx.PoolTimeout("x", request=REQUEST), NotSent("PoolTimeout")),
    ],
)
async def test_every_failure_has_one_meaning(reply: Reply, outcome: SendOutcome) -> None:
    port, recorder = gateway(reply)
    assert await port.send(OUT) == outcome
    assert len(recorder.requests) == 1


async def test_text_that_cannot_be_encoded_never_leaves() -> None:
    port, recorder = gateway(CREATED)
    outcome = await port.send(OutgoingMessage(sender="a", to="b", body="\ud800"))
    assert isinstance(outcome, Refused)
    assert recorder.requests == []


async def test_a_cancelled_send_leaves_as_cancelled() -> None:
    started = asyncio.Event()

    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            started.set()
            await asyncio.Event().wait()
            raise AssertionError

    port = TwilioGateway(account_sid="AC1", username="AC1", password="t", transport=Hanging())
    task = asyncio.create_task(port.send(OUT))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_nobody_listens_and_no_tls_are_certainly_not_sent(
    unused_tcp_port: int,
) -> None:
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for base in (f"http://127.0.0.1:{unused_tcp_port}", f"https://127.0.0.1:{port}"):
        away = TwilioGateway(account_sid="AC1", username="AC1", password="t", base_url=base)
        assert isinstance(await away.send(OUT), NotSent)
        await away.close()
    server.close()
    await server.wait_closed()


async def test_the_environment_does_not_reach_the_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REGION", "EDGE", "ACCOUNT_SID", "AUTH_TOKEN"):
        monkeypatch.setenv(f"TWILIO_{name}", "ie1")
    port, recorder = gateway(CREATED)
    await port.send(OUT)
    assert recorder.requests[0].url.host == "api.twilio.com"
    assert "ie1" not in str(recorder.requests[0].url)


def test_the_secret_is_in_no_repr_and_clear_text_is_refused() -> None:
    port, _ = gateway(CREATED)
    assert SECRET not in repr(port)
    with pytest.raises(SetupProblem, match="https") as caught:
        gateway(CREATED, base_url="http://relay.example")
    assert SECRET not in str(caught.value)
