"""Media: resource, redirect, CDN."""

from __future__ import annotations

import httpx
import pytest

from tests.simulator.conftest import METTE, Recorder
from wa_console.simulator import specimens
from wa_console.simulator.server import Simulator


async def photo_path(sim: Simulator, recorder: Recorder) -> str:
    await sim.say(METTE, media=[specimens.make("photo")])
    return recorder.calls[-1].form["MediaUrl0"].removeprefix("https://api.twilio.com")


@pytest.mark.parametrize("status", [302, 307])
async def test_redirect_then_bytes(
    sim: Simulator, api: httpx.AsyncClient, http: httpx.AsyncClient, recorder: Recorder, status: int
) -> None:
    sim.world.switches.media_redirect = status
    path = await photo_path(sim, recorder)
    hop = await api.get(path)
    assert hop.status_code == status
    location = hop.headers["Location"]
    assert location.startswith(f"{sim.base_url}/_cdn/")
    got = await http.get(location)
    assert (got.status_code, got.headers["Content-Type"]) == (200, "image/jpeg")
    assert got.content == specimens.photo()
    assert [entry["status"] for entry in sim.truth.media_requests] == [status, 200]
    assert [entry["authorization"] for entry in sim.truth.media_requests] == [True, False]


async def test_cdn_refuses_credentials(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    location = (await api.get(await photo_path(sim, recorder))).headers["Location"]
    assert (await api.get(location)).status_code == 400
    last = sim.truth.media_requests[-1]
    assert (last["status"], last["authorization"]) == (400, True)


async def test_media_needs_login(
    sim: Simulator, http: httpx.AsyncClient, recorder: Recorder
) -> None:
    path = await photo_path(sim, recorder)
    assert (await http.get(f"{sim.base_url}{path}")).status_code == 401


async def test_fresh_medium_may_be_missing(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    path = await photo_path(sim, recorder)
    await api.post("/_simulator/faults", json={"match": "media", "kind": "media_404", "times": 2})
    assert [(await api.get(path)).status_code for _ in range(3)] == [404, 404, 307]


async def test_resource_list_delete(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    path = await photo_path(sim, recorder)
    shown = (await api.get(f"{path}.json")).json()
    assert shown["content_type"] == "image/jpeg"
    folder = path.rpartition("/")[0] + ".json"
    assert [m["sid"] for m in (await api.get(folder)).json()["media_list"]] == [shown["sid"]]
    assert (await api.delete(f"{path}.json")).status_code == 204
    assert (await api.get(path)).status_code == 404
    assert (await api.get(folder)).json()["media_list"] == []


async def test_media_url_may_point_here(sim: Simulator, recorder: Recorder) -> None:
    sim.world.switches.media_base = ""
    await sim.say(METTE, media=[specimens.make("picture")])
    assert recorder.calls[0].form["MediaUrl0"].startswith(f"{sim.base_url}/2010-04-01/")
