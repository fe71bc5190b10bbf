"""What the gateway reads and sets besides sending, and what it says when that fails."""

from __future__ import annotations

import json
import traceback
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.gateway.wire import ACCOUNT, Reply, error, gateway, message_row
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import TwilioProblem

SID = "SM" + "0" * 32
REQUEST = httpx.Request("POST", "https://api.twilio.com/")


def page(*messages: object, after: str | None = None) -> httpx.Response:
    return httpx.Response(200, json={"messages": list(messages), "next_page_uri": after})


async def test_lists_follow_pages_and_keep_filters() -> None:
    first = page(message_row(), after="/2010-04-01/Accounts/AC1/Messages.json?Page=1&PageToken=t")
    odd = message_row(status="new", error_code="63016", num_media="x", date_created="yesterday")
    port, recorder = gateway(first, page(odd))
    since = datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC)
    rows = await port.list_messages(to="whatsapp:+1", sender="whatsapp:+2", since=since)
    assert [row.status for row in rows] == [DeliveryStatus.ACCEPTED, None]
    assert rows[0].created_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert rows[0].sent_at is None
    assert (rows[1].created_at, rows[1].error_code, rows[1].num_media) == (None, 63016, 0)
    query = dict(recorder.requests[0].url.params)
    assert query["DateSent>"] == "2026-11-23T09:30:05Z"
    assert (query["To"], query["From"]) == ("whatsapp:+1", "whatsapp:+2")
    assert recorder.requests[1].url.params["PageToken"] == "t"


async def test_a_list_stops_at_its_limit() -> None:
    port, recorder = gateway(page(message_row(), message_row(), after="/2010-04-01/more"))
    assert len(await port.list_messages(limit=2)) == 2
    assert len(recorder.requests) == 1
    assert "To" not in recorder.requests[0].url.params


async def test_a_missing_thing_is_none() -> None:
    port, recorder = gateway(error(404, 20404))
    assert await port.fetch_message(SID) is None
    assert await port.template("HX" + "0" * 32) is None
    assert len(recorder.requests) == 2
    assert await port.fetch_message("../../Accounts") is None
    assert await port.template("../x") is None
    assert await port.media_urls("../x") == []
    assert len(recorder.requests) == 2


async def test_attachments() -> None:
    item = {"uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}/Media/ME1.json"}
    body = {"media_list": [item | {"content_type": "image/png"}], "next_page_uri": None}
    port, _ = gateway(httpx.Response(200, json=body))
    path = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}/Media/ME1"
    assert await port.media_urls(SID) == [(path, "image/png")]


CONTENT = {
    "sid": "HX" + "0" * 32,
    "friendly_name": "order",
    "language": "da",
    "types": {"twilio/text": {"body": "Hej {{1}}"}},
    "variables": {"1": "Bo"},
    "approval_requests": {"status": "approved"},
}


def contents(after: str | None = None) -> httpx.Response:
    return httpx.Response(
        200, json={"contents": [CONTENT], "meta": {"key": "contents", "next_page_url": after}}
    )


async def test_templates_from_v2_with_absolute_pages() -> None:
    after = "https://content.twilio.com/v2/ContentAndApprovals?PageToken=x"
    port, recorder = gateway(contents(after), contents(), base_url="http://127.0.0.1:9")
    found = await port.templates()
    assert [t.text for t in found] == ["Hej {{1}}", "Hej {{1}}"]
    assert found[0].sendable
    assert {r.url.host for r in recorder.requests} == {"127.0.0.1"}


async def test_templates_from_v1_where_v2_is_missing() -> None:
    port, recorder = gateway(error(404, 20404), contents())
    assert len(await port.templates()) == 1
    assert [r.url.path[:4] for r in recorder.requests] == ["/v2/", "/v1/"]


async def test_a_page_elsewhere_gets_no_credentials() -> None:
    port, recorder = gateway(contents("https://evil.example/next"))
    with pytest.raises(TwilioProblem):
        await port.templates()
    assert len(recorder.requests) == 1


async def test_one_template_with_its_approval() -> None:
    approval = {"sid": "HX1", "whatsapp": {"status": "paused", "category": "MARKETING"}}
    port, _ = gateway(httpx.Response(200, json=CONTENT), httpx.Response(200, json=approval))
    found = await port.template(str(CONTENT["sid"]))
    assert found is not None
    assert (found.approval.value, found.category) == ("paused", "MARKETING")


SENDER = {
    "sid": "XE" + "0" * 32,
    "status": "ONLINE",
    "sender_id": "whatsapp:+4570203040",
    "webhook": {
        "callback_url": "https://old/",
        "callback_method": "PUT",
        "fallback_url": "https://f/",
    },
    "profile": {"name": "Support Denmark"},
    "properties": {"quality_rating": "HIGH", "messaging_limit": "10K"},
    "offline_reasons": [{"code": "63020", "message": "Not invited"}, {"message": ""}],
}


async def test_senders() -> None:
    body = {"senders": [SENDER, {"sid": "XE2"}], "meta": {"key": "senders"}}
    port, recorder = gateway(httpx.Response(200, json=body))
    full, bare = await port.senders()
    assert (full.address, full.name, full.quality) == (
        "whatsapp:+4570203040",
        "Support Denmark",
        "HIGH",
    )
    assert full.offline_reasons == ("Not invited (63020)",)
    assert (bare.sid, bare.name, bare.callback_url) == ("XE2", "", "")
    assert recorder.requests[0].url.params["Channel"] == "whatsapp"


async def test_webhooks_are_read_merged_and_written() -> None:
    port, recorder = gateway(httpx.Response(200, json=SENDER), httpx.Response(202, json=SENDER))
    await port.set_webhooks(str(SENDER["sid"]), inbound_url="https://i/", status_url="https://s/")
    read, written = recorder.requests
    assert (read.method, written.method) == ("GET", "POST")
    assert json.loads(written.content) == {
        "webhook": {
            "callback_url": "https://i/",
            "callback_method": "POST",
            "fallback_url": "https://f/",
            "status_callback_url": "https://s/",
            "status_callback_method": "POST",
        }
    }
    with pytest.raises(TwilioProblem):
        await port.set_webhooks("../x", inbound_url="https://i/", status_url="https://s/")
    assert len(recorder.requests) == 2


async def test_typing() -> None:
    port, recorder = gateway(httpx.Response(200, json={"success": True}))
    await port.show_typing(SID)
    assert recorder.requests[0].url.path == "/v2/Indicators/Typing.json"
    assert dict(parse_qsl(recorder.requests[0].content.decode())) == {
        "channel": "whatsapp",
        "messageId": SID,
    }


async def test_check() -> None:
    date = {"Date": "Mon, 23 Nov 2026 10:00:00 GMT"}
    good = httpx.Response(200, json={"messages": []}, headers=date)
    port, recorder = gateway(good, error(401, 20003, "Authenticate", **date))
    health = await port.check()
    assert health.ok
    assert health.clock_offset_s is not None
    assert recorder.requests[0].url.params["PageSize"] == "1"
    bad = await port.check()
    assert (bad.ok, bad.code) == (False, 20003)
    assert "credentials" in bad.sentence


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (httpx.ConnectError("x", request=REQUEST), "cannot be reached"),
        (httpx.ReadTimeout("x", request=REQUEST), "in time"),
        (httpx.ReadError("x", request=REQUEST), "broke off"),
        (error(429, None), "Too many requests"),
        (error(400, 99999, "\x1b[2J[red]odd"), "99999"),
        (httpx.Response(503, text=""), "503"),
        (httpx.Response(200, text="<html>"), "proxy"),
        (httpx.PoolTimeout("x", request=REQUEST), "in time"),
    ],
)
async def test_problems_are_sentences_safe_to_show(reply: Reply, word: str) -> None:
    port, _ = gateway(reply)
    with pytest.raises(TwilioProblem) as caught:
        await port.list_messages()
    assert word in str(caught.value)
    shown = "".join(traceback.format_exception(caught.value))
    assert "\x1b" not in shown
    assert "twilio.com" not in shown
    assert not (await port.check()).ok
    await port.close()
