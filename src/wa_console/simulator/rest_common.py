"""What all REST answers share: errors, times, paging, JSON bodies.

Duty: the outer shape of Twilio's API (FACTS 7, 9, 10). It knows no resource; what happens to a
request before it reaches one stands in ``gate``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol, TypeVar
from urllib.parse import quote, urlencode

from aiohttp import web

from wa_console.simulator.rules import Refusal
from wa_console.simulator.site import SITE, Site

Json = dict[str, object]


class HasSid(Protocol):
    """Anything that is listed in pages."""

    sid: str


Row = TypeVar("Row", bound=HasSid)

CODE = web.ResponseKey("code", int)
"""Twilio's code of an error answer."""

LOGIN = web.RequestKey("login", str)
"""How the request was authenticated: ``token`` or ``key``."""


class Refused(Exception):
    """Ends a handler with one of Twilio's errors."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


NOT_FOUND = Refusal(20404, "The requested resource was not found", 404)
UNAUTHORISED = Refusal(20003, "Authenticate", 401)


def problem(refusal: Refusal) -> web.Response:
    """An error answer, ``{code, message, more_info, status}``."""
    answer = web.json_response(
        {
            "code": refusal.code,
            "message": refusal.message,
            "more_info": f"https://www.twilio.com/docs/errors/{refusal.code}",
            "status": refusal.status,
        },
        status=refusal.status,
    )
    answer[CODE] = refusal.code
    return answer


def rfc2822(when: datetime | None) -> str | None:
    """A time as the 2010 API writes it: ``Thu, 24 Aug 2023 05:01:45 +0000``."""
    return None if when is None else format_datetime(when.astimezone(UTC))


def iso(when: datetime) -> str:
    """A time as the newer APIs write it: ``2015-07-30T19:00:00Z``."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def whole_number(request: web.Request, name: str, *, default: int, most: int) -> int:
    """A number from the query, clipped to ``most``.

    Raises:
        Refused: 20001 if it is no number.
    """
    text = request.query.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise Refused(Refusal(20001, f"Invalid parameter {name}"))
    return min(int(text), most)


def cut_page(
    request: web.Request, sids: Sequence[str], *, size: int
) -> tuple[int, int, str | None]:
    """Where the asked page lies in a list of SIDs: start, end and the next page's token.

    The token names the last row of the page before, so that rows that arrive meanwhile neither
    repeat nor hide others.
    """
    after = request.query.get("PageToken", "")[2:]
    start = sids.index(after) + 1 if after in sids else 0
    end = min(start + size, len(sids))
    return start, end, f"PA{sids[end - 1]}" if 0 < end < len(sids) else None


def _query(request: web.Request, changed: Mapping[str, object]) -> str:
    kept = [(k, v) for k, v in request.query.items() if k not in {"PageSize", "Page", "PageToken"}]
    return urlencode([*kept, *((k, str(v)) for k, v in changed.items())], quote_via=quote)


def page_2010(
    request: web.Request, key: str, rows: Sequence[Row], show: Callable[[Row], Json]
) -> web.Response:
    """A page of the 2010 API: ``start``, ``end``, ``next_page_uri`` and so on.

    Args:
        request: Names page size (50, at most 1000), page and token.
        key: The name of the list, ``messages`` or ``media_list``.
        rows: The records, in order.
        show: Makes the resource of one; called for the rows of the page only.
    """
    size = max(1, whole_number(request, "PageSize", default=50, most=1000))
    number = whole_number(request, "Page", default=0, most=10**6)
    start, end, token = cut_page(request, [row.sid for row in rows], size=size)

    def uri(page: int, **more: str) -> str:
        return f"{request.path}?{_query(request, {'PageSize': size, 'Page': page, **more})}"

    return web.json_response(
        {
            "first_page_uri": uri(0),
            "end": max(end - 1, 0),
            "next_page_uri": uri(number + 1, PageToken=token) if token else None,
            "page": number,
            "page_size": size,
            "previous_page_uri": uri(number - 1) if number else None,
            "start": start,
            "uri": request.path_qs,
            key: [show(row) for row in rows[start:end]],
        }
    )


def page_meta(
    request: web.Request,
    key: str,
    rows: Sequence[Row],
    show: Callable[[Row], Json],
    *,
    host: str,
    size: int,
) -> web.Response:
    """A page of the newer APIs, with ``meta``; its URLs are absolute (FACTS 10, 11).

    Args:
        request: Names page size, page and token.
        key: The name of the list.
        rows: The records, in order.
        show: Makes the resource of one; called for the rows of the page only.
        host: Scheme and host of the URLs, Twilio's own: the client replaces them.
        size: The page size where the request names none.
    """
    size = max(1, whole_number(request, "PageSize", default=size, most=1000))
    number = whole_number(request, "Page", default=0, most=10**6)
    start, end, token = cut_page(request, [row.sid for row in rows], size=size)

    def url(page: int, **more: str) -> str:
        query = _query(request, {"PageSize": size, "Page": page, **more})
        return f"{host}{request.path}?{query}"

    return web.json_response(
        {
            "meta": {
                "page": number,
                "page_size": size,
                "first_page_url": url(0),
                "previous_page_url": url(number - 1) if number else None,
                "url": url(number),
                "next_page_url": url(number + 1, PageToken=token) if token else None,
                "key": key,
            },
            key: [show(row) for row in rows[start:end]],
        }
    )


def site_of(request: web.Request) -> Site:
    """The simulator's parts."""
    return request.app[SITE]


async def json_body(request: web.Request) -> Json:
    """The JSON object of a request that must carry one.

    Raises:
        Refused: 20001 if the type is not JSON or the body no object. (The SDK's own asynchronous
            client sends form text under the JSON type, FACTS 9.2.)
    """
    if request.content_type != "application/json":
        raise Refused(Refusal(20001, "The request must be application/json"))
    try:
        body = await request.json()
    except ValueError:
        raise Refused(Refusal(20001, "The request body is not valid JSON")) from None
    if not isinstance(body, dict):
        raise Refused(Refusal(20001, "The request body is not a JSON object"))
    return body
