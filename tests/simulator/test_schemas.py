"""Every answer has exactly the keys of Twilio's specification, of the right types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import METTE, create
from wa_console.simulator import specimens
from wa_console.simulator.server import Simulator

SCHEMAS: Mapping[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "twilio_schemas.json").read_text()
)
TYPES = {"string": str, "integer": int, "object": dict, "array": list, "boolean": bool}


def fits(shown: Mapping[str, object], schema: str) -> None:
    wanted: Mapping[str, str] = SCHEMAS[schema]
    assert set(shown) == set(wanted)
    for name, value in shown.items():
        assert value is None or isinstance(value, TYPES[wanted[name]]), name


async def test_messages_and_media(sim: Simulator, api: httpx.AsyncClient) -> None:
    inbound = await sim.say(METTE, media=[specimens.make("photo")])
    fits((await create(api, sim, Body="a")).json(), "message")
    await create(api, sim, To="whatsapp:+4528441092", Body="fails")
    await sim.settle()
    base = f"/2010-04-01/Accounts/{sim.account_sid}"
    page = (await api.get(f"{base}/Messages.json?PageSize=2")).json()
    assert set(page) == set(SCHEMAS["page_messages"])
    rest = (await api.get(page["next_page_uri"])).json()
    rows = [*page["messages"], *rest["messages"]]
    assert len(rows) == 3
    for row in rows:
        fits(row, "message")
    media = (await api.get(f"{base}/Messages/{inbound.sid}/Media.json")).json()
    assert set(media) == set(SCHEMAS["page_media"])
    fits(media["media_list"][0], "media")


async def test_account(sim: Simulator, api: httpx.AsyncClient) -> None:
    fits((await api.get(f"/2010-04-01/Accounts/{sim.account_sid}.json")).json(), "account")
    fits((await api.get(f"/2010-04-01/Accounts/{sim.account_sid}/Balance.json")).json(), "balance")


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/v1/Content", "content"),
        ("/v2/Content", "content"),
        ("/v1/ContentAndApprovals", "content_and_approvals"),
        ("/v2/ContentAndApprovals", "content_and_approvals"),
        ("/v1/LegacyContent", "legacy_content"),
    ],
)
async def test_contents(api: httpx.AsyncClient, path: str, schema: str) -> None:
    page = (await api.get(path)).json()
    assert set(page) == {"contents", "meta"}
    assert set(page["meta"]) == set(SCHEMAS["meta"])
    for row in page["contents"]:
        fits(row, schema)


async def test_approval(api: httpx.AsyncClient) -> None:
    fresh = {"language": "da", "types": {"twilio/text": {"body": "a"}}}
    made = (await api.post("/v1/Content", json=fresh)).json()
    fits(made, "content")
    path = f"/v1/Content/{made['sid']}/ApprovalRequests"
    submitted = await api.post(f"{path}/whatsapp", json={"name": "a", "category": "UTILITY"})
    assert submitted.status_code == 201
    fits(submitted.json(), "approval_create")
    fits((await api.get(path)).json(), "approval_fetch")


async def test_senders(api: httpx.AsyncClient) -> None:
    page = (await api.get("/v2/Channels/Senders?Channel=whatsapp")).json()
    assert set(page["meta"]) == set(SCHEMAS["meta"])
    for sender in page["senders"]:
        fits(sender, "sender")
        fits(sender["webhook"], "sender_webhook")
        fits(sender["profile"], "sender_profile")
