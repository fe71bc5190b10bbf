"""The account and its balance.

Duty: `/2010-04-01/Accounts/{AC}.json` and `/Balance.json` (FACTS 13).
"""

from __future__ import annotations

from aiohttp import web

from wa_console.simulator.rest_common import LOGIN, UNAUTHORISED, Refused, rfc2822, site_of

_BASE = "/2010-04-01/Accounts"


def routes() -> list[web.RouteDef]:
    """The routes of this resource."""
    return [
        web.get(f"{_BASE}/{{account:AC[0-9a-fA-F]{{32}}}}.json", fetch),
        web.get(f"{_BASE}/{{account}}/Balance.json", balance),
    ]


async def fetch(request: web.Request) -> web.Response:
    """The account; a Standard API key may not see it (401, 20003; FACTS 13.2)."""
    if request[LOGIN] == "key":
        raise Refused(UNAUTHORISED)
    account = site_of(request).world.account
    uri = f"{_BASE}/{account.sid}"
    return web.json_response(
        {
            "auth_token": account.auth_token,
            "date_created": rfc2822(account.created_at),
            "date_updated": rfc2822(account.created_at),
            "friendly_name": account.friendly_name,
            "owner_account_sid": account.sid,
            "sid": account.sid,
            "status": "active",
            "subresource_uris": {
                "messages": f"{uri}/Messages.json",
                "balance": f"{uri}/Balance.json",
            },
            "type": "Full",
            "uri": f"{uri}.json",
        }
    )


async def balance(request: web.Request) -> web.Response:
    """The balance; open to keys too, which is not documented (FACTS 13.2)."""
    return web.json_response(
        {
            "account_sid": site_of(request).world.account.sid,
            "balance": "48.20",
            "currency": "USD",
        }
    )
