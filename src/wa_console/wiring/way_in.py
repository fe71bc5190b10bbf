"""Composition of the way in from the internet: tunnel, look from outside. A part of wiring.

It may not decide anything: when to start again is the engine's business, what an answer means
services.reach's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from wa_console.children import clean_environment
from wa_console.config import Settings
from wa_console.domain.clock import Clock
from wa_console.gateway.outside import Tunnel
from wa_console.gateway.port import Gateway
from wa_console.gateway.tunnels import installed_tunnels, open_tunnel
from wa_console.services.doorway import Doorway
from wa_console.services.reach import ReachReport, check_reach
from wa_console.store.port import Store

# What a program that speaks with the internet may need besides (children.clean_environment).
_NETWORK_VARIABLES = (
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip


def tunnel_environment() -> Mapping[str, str]:
    """Return all that a tunnel program sees of our environment."""
    return clean_environment(os.environ, also=_NETWORK_VARIABLES)


def tunnels_here() -> Sequence[str]:
    """Return the names of the tunnels that could be opened on this computer; blocking."""
    return installed_tunnels(tunnel_environment())


def tunnel_named(name: str) -> Tunnel:
    """Return a tunnel, not yet running.

    Raises:
        SetupProblem: There is no such kind.
    """
    return open_tunnel(name, tunnel_environment())


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
    return Doorway(
        store=store,
        clock=clock,
        tunnel=tunnel_named(settings.tunnel),
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
