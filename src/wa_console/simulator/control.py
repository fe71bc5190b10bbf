"""The control interface: clock, faults, truth, and words for the customers' mouths.

Duty: `/_simulator/…` (CONTRACT). Wrong input is answered 400 with a sentence and changes nothing.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime

from aiohttp import web

from wa_console.simulator import specimens
from wa_console.simulator.faults import parse_fault
from wa_console.simulator.inbound import Utterance, receive
from wa_console.simulator.records import Button, Location, MediaItem
from wa_console.simulator.rest_common import Json, site_of
from wa_console.simulator.site import Site
from wa_console.simulator.truth import stamp

_SAY_FIELDS = frozenset({"body", "media", "button", "location", "extra"})


class Control:
    """The handlers of the control interface.

    Args:
        number: The address of the sender that customers write to.
    """

    def __init__(self, number: str) -> None:
        self._number = number

    def routes(self) -> list[web.RouteDef]:
        """The routes of the control interface."""
        return [
            web.get("/_simulator/clock", show_clock),
            web.post("/_simulator/clock", set_clock),
            web.get("/_simulator/faults", list_faults),
            web.post("/_simulator/faults", order_faults),
            web.delete("/_simulator/faults", clear_faults),
            web.get("/_simulator/truth", show_truth),
            web.post("/_simulator/customers/{address}/say", self.say),
        ]

    async def say(self, request: web.Request) -> web.Response:
        """Has a customer write; answers with SID and webhook status after the attempt."""
        site = site_of(request)
        try:
            said = read_utterance(await _json(request))
            customer = site.world.customer(request.match_info["address"])
        except ValueError as wrong:
            return _refuse(wrong)
        sender = site.world.senders[self._number]
        done = await receive(site, customer=customer, sender=sender, said=said)
        return web.json_response({"sid": done.sid, "status": done.status})


async def _json(request: web.Request) -> object:
    try:
        return await request.json()
    except ValueError:
        raise ValueError("the body is not valid JSON") from None


def _refuse(wrong: ValueError) -> web.Response:
    return web.json_response({"error": str(wrong)}, status=400)


async def show_clock(request: web.Request) -> web.Response:
    """The time and the speed."""
    return _clock_answer(site_of(request))


def _clock_answer(site: Site) -> web.Response:
    return web.json_response({"now": stamp(site.clock.now()), "speed": site.clock.speed})


async def set_clock(request: web.Request) -> web.Response:
    """Sets ``now`` and ``speed``, then jumps by ``jump_s``; each may be left out."""
    site = site_of(request)
    try:
        body = await _json(request)
        if not isinstance(body, Mapping) or set(body) - {"now", "speed", "jump_s"}:
            raise ValueError("the clock takes an object with now, speed and jump_s")
        now = _time(body["now"]) if "now" in body else None
        speed = _number(body["speed"], "speed") if "speed" in body else None
        jump_s = _number(body.get("jump_s", 0), "jump_s")
        site.clock.set(now=now, speed=speed)
    except ValueError as wrong:
        return _refuse(wrong)
    if jump_s:
        site.clock.jump(jump_s)
    return _clock_answer(site)


def _time(value: object) -> datetime:
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise ValueError("now is a time with zone, such as 2026-11-23T10:00:00Z")
    return when


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is a number")
    return float(value)


async def list_faults(request: web.Request) -> web.Response:
    """The faults still to happen."""
    return _faults_answer(site_of(request))


def _faults_answer(site: Site) -> web.Response:
    return web.json_response([fault.as_json() for fault in site.faults.pending()])


async def order_faults(request: web.Request) -> web.Response:
    """Orders a list of faults (or a single one), all or none."""
    site = site_of(request)
    try:
        body = await _json(request)
        faults = [parse_fault(raw) for raw in (body if isinstance(body, list) else [body])]
    except ValueError as wrong:
        return _refuse(wrong)
    for fault in faults:
        site.faults.add(fault)
    return _faults_answer(site)


async def clear_faults(request: web.Request) -> web.Response:
    """Calls all faults off."""
    site_of(request).faults.clear()
    return _faults_answer(site_of(request))


async def show_truth(request: web.Request) -> web.Response:
    """All that was accepted, delivered, told by callback, refused and fetched."""
    site = site_of(request)
    return web.json_response(site.truth.as_json(site.clock.now()))


def read_utterance(raw: object) -> Utterance:
    """What ``say`` was given, as a customer's words.

    Raises:
        ValueError: With a sentence, if a field is unknown or wrong.
    """
    if not isinstance(raw, Mapping):
        raise ValueError("say takes an object with body, media, button, location and extra")
    if unknown := set(raw) - _SAY_FIELDS:
        raise ValueError(f"say has no field {', '.join(sorted(map(str, unknown)))}")
    body, extra, media = raw.get("body") or "", raw.get("extra") or {}, raw.get("media") or []
    if not isinstance(body, str):
        raise ValueError("body is a text")
    if not isinstance(extra, Mapping) or not all(isinstance(v, str) for v in extra.values()):
        raise ValueError("extra is an object of texts")
    items = media if isinstance(media, list) else [media]
    return Utterance(
        body=body,
        media=[_medium(item) for item in items],
        button=_button(raw.get("button")),
        location=_location(raw.get("location")),
        extra=dict(extra),
    )


def _medium(raw: object) -> MediaItem:
    """A kind by name, or {``type``, ``data`` (base64), ``size`` (padded up to), ``name``}."""
    if isinstance(raw, str):
        return specimens.make(raw)
    if not isinstance(raw, Mapping) or not isinstance(raw.get("type"), str):
        raise ValueError("a medium is a kind, or an object with type")
    kind, data = str(raw["type"]), raw.get("data")
    if data is not None:
        try:
            content = base64.b64decode(str(data), validate=True)
        except binascii.Error:
            raise ValueError("the data of a medium is base64") from None
        item = MediaItem(kind, content)
    else:
        item = specimens.make(kind)
    size = int(_number(raw.get("size", 0), "size"))
    padded = item.data + bytes(max(0, size - len(item.data)))
    return MediaItem(item.content_type, padded, str(raw.get("name", item.filename)))


def _button(raw: object) -> Button | None:
    """A button's text, or {``text``, ``payload``, ``type``, ``reply_to``}."""
    if raw is None:
        return None
    if isinstance(raw, str):
        return Button(text=raw)
    if not isinstance(raw, Mapping) or not isinstance(raw.get("text"), str):
        raise ValueError("a button is a text, or an object with text and payload")
    reply_to = raw.get("reply_to")
    return Button(
        text=str(raw["text"]),
        payload=str(raw.get("payload", "")),
        type=str(raw.get("type", "REPLY")),
        reply_to=None if reply_to is None else str(reply_to),
    )


def _location(raw: object) -> Location | None:
    """{``latitude``, ``longitude``, ``label``, ``address``}."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise ValueError("a location is an object with latitude and longitude")
    fields: Json = {str(k): v for k, v in raw.items()}
    return Location(
        latitude=_number(fields.get("latitude"), "latitude"),
        longitude=_number(fields.get("longitude"), "longitude"),
        label=str(fields.get("label", "")),
        address=str(fields.get("address", "")),
    )
