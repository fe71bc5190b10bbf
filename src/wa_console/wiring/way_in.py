"""Composition of the way in from the internet: tunnel, look from outside. A part of wiring.

It may not decide anything: when to start again is the engine's business, what an answer means
services.reach's.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from wa_console.children import clean_environment
from wa_console.config import Settings
from wa_console.domain.clock import Clock
from wa_console.gateway.port import Gateway
from wa_console.gateway.tunnels import open_tunnel
from wa_console.services.doorway import Doorway
from wa_console.services.reach import ReachReport, check_reach
from wa_console.store.port import Store

# What a program that speaks with the internet may need besides (children.clean_environment).
_NETWORK_VARIABLES = (
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip


def build_doorway(
    settings: Settings,
    *,
    store: Store,
    clock: Clock,
    gateway: Gateway,
    port: int,
    moved: Callable[[str | None], None],
    look_now: Callable[[], None],
) -> Doorway:
    """Return what keeps the tunnel of the settings open, not yet running.

    Args:
        settings: Name the tunnel, and whether Twilio's webhooks are to follow it.
        store: Keeps its URL.
        clock: The product's clock.
        gateway: Twilio.
        port: Where the listener really listens.
        moved: Is told the public URL, None while there is none.
        look_now: Called when something may have been missed.
    """
    environment = clean_environment(os.environ, also=_NETWORK_VARIABLES)
    return Doorway(
        store=store,
        clock=clock,
        tunnel=open_tunnel(settings.tunnel, environment),
        port=port,
        moved=moved,
        look_now=look_now,
        reach=look_from_outside,
        gateway=gateway if settings.tunnel_sets_webhook else None,
    )


async def look_from_outside(public_url: str) -> ReachReport:
    """Return whether a public URL leads to this listener, by a round trip; never raises."""
    from wa_console.gateway.reach import HttpxOutside  # httpx: not before the first frame

    return await check_reach(public_url, HttpxOutside())
