"""Contents (templates) and their approvals.

Duty: `/v1/Content…`, `/v1|v2/ContentAndApprovals`, `/v2/Content`, `/v1/LegacyContent`
(FACTS 10).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from aiohttp import web

from wa_console.simulator.records import Approval, Content
from wa_console.simulator.render import main_type, raw_text
from wa_console.simulator.rest_common import (
    NOT_FOUND,
    Json,
    Refused,
    iso,
    json_body,
    page_meta,
    site_of,
)
from wa_console.simulator.rules import Refusal, parse_time
from wa_console.simulator.site import Site
from wa_console.simulator.world import World

_HOST = "https://content.twilio.com"
_CATEGORIES = frozenset({"UTILITY", "MARKETING", "AUTHENTICATION"})
_REVIEW = (("pending", timedelta(seconds=5)), ("approved", timedelta(minutes=5)))


def routes() -> list[web.RouteDef]:
    """The routes of these resources."""
    one = "/v1/Content/{sid:HX[0-9a-fA-F]{32}}"
    return [
        web.post("/v1/Content", create),
        web.get("/v1/Content", _lister(content_json)),
        web.get("/v2/Content", _lister(content_json)),
        web.get("/v1/ContentAndApprovals", _lister(with_approval_json)),
        web.get("/v2/ContentAndApprovals", _lister(with_approval_json)),
        web.get("/v1/LegacyContent", _lister(legacy_json)),
        web.get(one, fetch),
        web.put(one, update),
        web.delete(one, delete),
        web.get(f"{one}/ApprovalRequests", fetch_approval),
        web.post(f"{one}/ApprovalRequests/whatsapp", submit),
    ]


async def create(request: web.Request) -> web.Response:
    """Creates a content from JSON: 201."""
    site, body = site_of(request), await json_body(request)
    language, types = _checked(body)
    now = site.clock.now()
    content = Content(
        sid=site.world.mint.sid("HX"),
        friendly_name=str(body.get("friendly_name") or ""),
        language=language,
        variables=_texts(body.get("variables")),
        types=types,
        created_at=now,
        updated_at=now,
    )
    site.world.contents[content.sid] = content
    return web.json_response(content_json(site.world, content), status=201)


def _checked(body: Json) -> tuple[str, dict[str, dict[str, object]]]:
    language, types = body.get("language"), body.get("types")
    if not isinstance(language, str) or not re.fullmatch(r"[a-z]{2}(_[A-Z]{2})?", language):
        raise Refused(Refusal(20001, "language is required, such as da"))
    if not isinstance(types, Mapping) or not types:
        raise Refused(Refusal(20001, "types is required and names at least one type"))
    if any(
        not kind.startswith(("twilio/", "whatsapp/")) or not isinstance(fields, Mapping)
        for kind, fields in types.items()
    ):
        raise Refused(Refusal(20001, "types holds an unknown type"))
    return language, {kind: dict(fields) for kind, fields in types.items()}


def _texts(raw: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in raw.items()} if isinstance(raw, Mapping) else {}


async def fetch(request: web.Request) -> web.Response:
    """One content, or 404."""
    return web.json_response(content_json(site_of(request).world, _find(request)))


async def update(request: web.Request) -> web.Response:
    """Changes a content; only before it was submitted."""
    site, content = site_of(request), _find(request)
    if content.approval is not None:
        raise Refused(Refusal(20001, "A submitted content cannot be changed"))
    body = {"language": content.language, "types": content.types, **await json_body(request)}
    content.language, content.types = _checked(body)
    content.friendly_name = str(body.get("friendly_name", content.friendly_name))
    if "variables" in body:
        content.variables = _texts(body["variables"])
    content.updated_at = site.clock.now()
    return web.json_response(content_json(site.world, content))


async def delete(request: web.Request) -> web.Response:
    """Deletes a content: 204."""
    del site_of(request).world.contents[_find(request).sid]
    return web.Response(status=204)


async def fetch_approval(request: web.Request) -> web.Response:
    """The approval of one content, keyed by channel (``content.v1.content.approval_fetch``)."""
    world, content = site_of(request).world, _find(request)
    return web.json_response(
        {
            "sid": content.sid,
            "account_sid": world.account.sid,
            "whatsapp": {"type": "whatsapp", **approval_json(content)},
            "url": f"{_HOST}/v1/Content/{content.sid}/ApprovalRequests",
        }
    )


async def submit(request: web.Request) -> web.Response:
    """Submits a content to WhatsApp: 201 ``received``; a review of some minutes follows."""
    site, content, body = site_of(request), _find(request), await json_body(request)
    name, category = body.get("name"), body.get("category")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]+", name):
        raise Refused(Refusal(20001, "name holds lower-case letters, digits and _ only"))
    if category not in _CATEGORIES:
        raise Refused(Refusal(20001, "category is UTILITY, MARKETING or AUTHENTICATION"))
    if content.approval is not None:
        raise Refused(Refusal(20001, "The content was submitted before"))
    content.approval = Approval(name, str(category), main_type(content), "received")
    site.crew.start(_review(site, content))
    return web.json_response(approval_json(content), status=201)


async def _review(site: Site, content: Content) -> None:
    """WhatsApp's review, by the simulated clock; real ones take up to 48 h."""
    submitted = site.clock.now()
    for status, after in _REVIEW:
        await site.clock.sleep_until(submitted + after)
        if content.approval is not None and content.approval.status in {"received", "pending"}:
            content.approval.status = status


def _find(request: web.Request) -> Content:
    content = site_of(request).world.contents.get(request.match_info["sid"])
    if content is None:
        raise Refused(NOT_FOUND)
    return content


Shape = Callable[[World, Content], Json]


def _lister(shape: Shape) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def list_contents(request: web.Request) -> web.Response:
        world = site_of(request).world
        chosen = _filtered(request, list(world.contents.values()))
        return page_meta(
            request, "contents", chosen, lambda c: shape(world, c), host=_HOST, size=50
        )

    return list_contents


def _filtered(request: web.Request, contents: list[Content]) -> list[Content]:
    """The v2 filters; v1 requests carry none of them."""
    query = request.query
    name, text = query.get("ContentName", "").lower(), query.get("Content", "").lower()
    languages, kinds = query.getall("Language", []), query.getall("ContentType", [])
    states = {s.removeprefix("whatsapp:") for s in query.getall("ChannelEligibility", [])}
    after = parse_time(query.get("DateCreatedAfter", ""))
    before = parse_time(query.get("DateCreatedBefore", ""))
    chosen = [
        c
        for c in contents
        if name in c.friendly_name.lower()
        and text in raw_text(c).lower()
        and (not languages or c.language in languages)
        and (not kinds or any(kind in c.types for kind in kinds))
        and (not states or (c.approval.status if c.approval else "unsubmitted") in states)
        and (after is None or c.created_at >= after)
        and (before is None or c.created_at <= before)
    ]
    if by_name := query.get("SortByContentName"):
        chosen.sort(key=lambda c: c.friendly_name, reverse=by_name.lower() == "desc")
    if by_date := query.get("SortByDate"):
        chosen.sort(key=lambda c: c.created_at, reverse=by_date.lower() == "desc")
    return chosen


def _base_json(world: World, content: Content) -> Json:
    return {
        "date_created": iso(content.created_at),
        "date_updated": iso(content.updated_at),
        "sid": content.sid,
        "account_sid": world.account.sid,
        "friendly_name": content.friendly_name,
        "language": content.language,
        "variables": content.variables,
        "types": content.types,
    }


def content_json(world: World, content: Content) -> Json:
    """The content resource (``content.v1.content``)."""
    url = f"{_HOST}/v1/Content/{content.sid}"
    links = {
        "approval_create": f"{url}/ApprovalRequests/whatsapp",
        "approval_fetch": f"{url}/ApprovalRequests",
    }
    return {**_base_json(world, content), "url": url, "links": links}


def with_approval_json(world: World, content: Content) -> Json:
    """The list row with approval: nine fields; flat, or keyed by a switch (FACTS 10)."""
    approval = approval_json(content)
    shown: Json = {"whatsapp": approval} if world.switches.approvals_keyed else approval
    return {**_base_json(world, content), "approval_requests": shown}


def legacy_json(world: World, content: Content) -> Json:
    """The list row of the older templates (``content.v1.legacy_content``)."""
    return {
        **_base_json(world, content),
        "legacy_template_name": content.approval.name if content.approval else "",
        "legacy_body": raw_text(content),
        "url": f"{_HOST}/v1/LegacyContent",
    }


def approval_json(content: Content) -> Json:
    """The approval (``content.v1.content.approval_create``); unsubmitted has empty fields."""
    approval = content.approval or Approval("", "", "", "unsubmitted")
    return {
        "name": approval.name,
        "category": approval.category,
        "content_type": approval.content_type,
        "status": approval.status,
        "rejection_reason": approval.rejection_reason,
        "allow_category_change": approval.allow_category_change,
    }
