"""Media: the resource, the redirect to the CDN, and fetching what we are told to send.

Duty: `/2010-04-01/Accounts/{AC}/Messages/{MM}/Media…` and `/_cdn/…` (FACTS 14). The CDN refuses
requests that still carry credentials.
"""

from __future__ import annotations

import mimetypes
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from wa_console.simulator.faults import FaultKind
from wa_console.simulator.records import Medium, Message
from wa_console.simulator.rest_common import (
    NOT_FOUND,
    Json,
    Refused,
    page_2010,
    problem,
    rfc2822,
    site_of,
)
from wa_console.simulator.rules import Failure
from wa_console.simulator.site import Site
from wa_console.simulator.world import World

_IMAGE_LIMIT, _LIMIT = 5 * 1024 * 1024, 16 * 1024 * 1024
_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "audio/ogg",
        "audio/amr",
        "audio/3gpp",
        "audio/aac",
        "audio/mpeg",
        "video/mp4",
        "application/pdf",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/vcard",
    }
)


def routes() -> list[web.RouteDef]:
    """The routes of media and CDN."""
    base = "/2010-04-01/Accounts/{account}/Messages/{message}/Media"
    one = f"{base}/{{sid:ME[0-9a-fA-F]{{32}}}}"
    return [
        web.get(f"{base}.json", list_media),
        web.get(f"{one}.json", fetch),
        web.get(one, redirect),
        web.delete(f"{one}.json", delete),
        web.delete(one, delete),
        web.get("/_cdn/{token}", serve),
    ]


async def list_media(request: web.Request) -> web.Response:
    """The media of a message, or 404 for an unknown one."""
    world = site_of(request).world
    message = world.messages.get(request.match_info["message"])
    if message is None:
        raise Refused(NOT_FOUND)
    found = [world.media[sid] for sid in message.media if sid in world.media]
    return page_2010(request, "media_list", found, lambda m: media_json(world, m))


async def fetch(request: web.Request) -> web.Response:
    """The resource of one medium."""
    return web.json_response(media_json(site_of(request).world, _find(request)))


async def redirect(request: web.Request) -> web.Response:
    """Sends the caller to the CDN, on this same server: 302 or 307, or 404 by fault."""
    site, sid = site_of(request), request.match_info["sid"]
    missing = site.faults.strikes(FaultKind.MEDIA_404, "media", request.path)
    try:
        medium = None if missing else _find(request)
    except Refused:
        medium = None
    status = site.world.switches.media_redirect if medium is not None else 404
    _note(request, sid, status)
    if medium is None:
        return problem(NOT_FOUND)
    location = f"{site.base_url}/_cdn/{site.world.mint.token()}{sid[2:]}"
    return web.Response(status=status, headers={"Location": location})


async def delete(request: web.Request) -> web.Response:
    """Deletes a medium: 204."""
    world, medium = site_of(request).world, _find(request)
    del world.media[medium.sid]
    world.messages[medium.message_sid].media.remove(medium.sid)
    return web.Response(status=204)


async def serve(request: web.Request) -> web.Response:
    """The bytes; 400 for a request that brings credentials along (faults.md E2)."""
    sid = f"ME{request.match_info['token'][32:]}"
    if "Authorization" in request.headers:
        _note(request, sid, 400)
        return web.Response(status=400, text="Only one auth mechanism allowed")
    medium = site_of(request).world.media.get(sid)
    _note(request, sid, 404 if medium is None else 200)
    if medium is None:
        return web.Response(status=404)
    return web.Response(body=medium.data, headers={"Content-Type": medium.content_type})


def _find(request: web.Request) -> Medium:
    medium = site_of(request).world.media.get(request.match_info["sid"])
    if medium is None or medium.message_sid != request.match_info["message"]:
        raise Refused(NOT_FOUND)
    return medium


def _note(request: web.Request, media_sid: str, status: int) -> None:
    site = site_of(request)
    site.truth.add_media_request(
        path=request.path,
        media_sid=media_sid,
        status=status,
        authorization="Authorization" in request.headers,
        at=site.clock.now(),
    )


def media_json(world: World, medium: Medium) -> Json:
    """The media resource (specification ``api.v2010.account.message.media``)."""
    uri = (
        f"/2010-04-01/Accounts/{world.account.sid}"
        f"/Messages/{medium.message_sid}/Media/{medium.sid}.json"
    )
    return {
        "account_sid": world.account.sid,
        "content_type": medium.content_type,
        "date_created": rfc2822(medium.created_at),
        "date_updated": rfc2822(medium.created_at),
        "parent_sid": medium.message_sid,
        "sid": medium.sid,
        "uri": uri,
    }


async def take_outbound(site: Site, message: Message) -> Failure | None:
    """Fetches the medium of an outbound message as Twilio does: HEAD, then GET.

    WhatsApp uses the first URL only (FACTS 5). Only loopback hosts are asked; for all others the
    type is guessed from the name, so that the simulator never talks to the outside.

    Returns:
        63019 if it cannot be fetched, 63021 for a type or size WhatsApp does not take.
    """
    if not message.media_urls or message.content_sid is not None:
        return None
    url = message.media_urls[0]
    if site.world.switches.fetch_media and _is_loopback(url):
        fetched = await _fetch(url)
        if fetched is None:
            return Failure(63019)
        content_type, data = fetched
    else:
        content_type, data = mimetypes.guess_type(urlsplit(url).path)[0] or "image/jpeg", b""
    limit = _IMAGE_LIMIT if content_type.startswith("image/") else _LIMIT
    if content_type not in _TYPES or len(data) > limit:
        return Failure(63021)
    medium = Medium(
        sid=site.world.mint.sid("ME"),
        message_sid=message.sid,
        content_type=content_type,
        data=data,
        filename=urlsplit(url).path.rpartition("/")[2],
        created_at=site.clock.now(),
    )
    site.world.media[medium.sid] = medium
    message.media.append(medium.sid)
    return None


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _fetch(url: str) -> tuple[str, bytes] | None:
    limits = aiohttp.ClientTimeout(total=15, sock_connect=5)
    try:
        async with aiohttp.ClientSession(timeout=limits) as session:
            async with session.head(url, allow_redirects=True) as answer:
                answer.raise_for_status()
            async with session.get(url) as answer:
                answer.raise_for_status()
                return answer.content_type, await _read(answer)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """The body, but hardly more than the limit of it."""
    data = b""
    async for chunk in answer.content.iter_chunked(65_536):
        data += chunk
        if len(data) > _LIMIT:
            break
    return data
