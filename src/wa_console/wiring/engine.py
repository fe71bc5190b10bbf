"""Runs an engine over an open store: listener, gateway, sender and the loops between them.

Heavy libraries are imported inside functions (ARCHITECTURE section 9).
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from wa_console import credentials
from wa_console.config import Settings
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.gateway import errorcodes
from wa_console.services.templates import Templates
from wa_console.wiring.store import OpenStore, build_projector

if TYPE_CHECKING:
    from wa_console.gateway.port import Gateway
    from wa_console.gateway.signature import SigningKeys
    from wa_console.gateway.twilio import TwilioGateway
    from wa_console.services.bell import Bell
    from wa_console.services.catchup import CatchUp
    from wa_console.services.engine import Engine


@dataclass(frozen=True, slots=True)
class RunningEngine:
    """An engine at work.

    Attributes:
        url: Where the listener really listens, ``http://host:port``.
        loops: The task that runs the engine's loops; it ends only with an error.
    """

    url: str
    engine: Engine
    loops: asyncio.Task[None]


def build_gateway(settings: Settings, found: credentials.Credentials) -> TwilioGateway:
    """Return Twilio behind our port.

    Raises:
        SetupProblem: There is nothing to authenticate with.
    """
    if not found.can_call:
        raise SetupProblem(
            _(
                "Twilio's credentials are missing: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN "
                "(or TWILIO_AUTH_TOKEN_FILE), then start again."
            )
        )
    from wa_console.gateway.twilio import TwilioGateway

    return TwilioGateway(**_login(found), base_url=settings.twilio_base_url)


class _Login(TypedDict):
    account_sid: str
    username: str
    password: str


def _login(found: credentials.Credentials) -> _Login:
    return {
        "account_sid": found.account_sid,
        "username": found.api_key or found.account_sid,
        "password": (found.api_secret if found.api_key else found.auth_token).reveal(),
    }


def build_catch_up(opened: OpenStore, gateway: Gateway, *, arrived: Bell | None = None) -> CatchUp:
    """Return what asks Twilio's list for missed messages; ``arrived`` wakes the projector."""
    from wa_console.services.catchup import CatchUp

    return CatchUp(
        store=opened.store,
        gateway=gateway,
        clock=opened.clock,
        arrived=arrived,
        every_s=opened.settings.poll_s,
    )


@asynccontextmanager
async def running_engine(
    opened: OpenStore,
    found: credentials.Credentials,
    *,
    renew: Callable[[], credentials.Credentials] | None = None,
) -> AsyncIterator[RunningEngine]:
    """Run listener and engine loops until left. The caller holds the store's lease.

    Args:
        opened: The store.
        found: The credentials to begin with.
        renew: Finds them again after a token was rotated; None for looking without a passphrase.

    Raises:
        SetupProblem: Credentials are missing, or the listener's port is taken.
    """
    # A first import of these costs about a quarter second: off the loop, a screen may be waiting.
    await asyncio.to_thread(_import_heavy)
    from wa_console.gateway import forms
    from wa_console.gateway.signature import Signature
    from wa_console.listener.app import Listener, build_listener
    from wa_console.services.engine import Engine
    from wa_console.services.journal import Receiver
    from wa_console.services.lookout import Lookout
    from wa_console.services.reconcile import Reconciler
    from wa_console.services.sender import Pace, Sender
    from wa_console.wiring.renewal import Renewal
    from wa_console.wiring.way_in import build_doorway

    settings, store, clock, desk = opened.settings, opened.store, opened.clock, opened.desk
    async with AsyncExitStack() as stack:
        gateway = build_gateway(settings, found)
        stack.push_async_callback(gateway.close)
        if not found.can_verify:
            raise SetupProblem(
                _(
                    "Webhooks cannot be checked without TWILIO_AUTH_TOKEN (or a shared key); "
                    "an API key alone is not enough. Set it, then start again."
                )
            )
        receiver = Receiver(store=store, clock=clock)
        signature = Signature(settings.public_url or _loopback_url(settings), signing_keys(found))
        listener = Listener(
            build_listener(
                receiver=receiver,
                signature=signature,
                forms=forms,
                health=desk.health,
                public_url=settings.public_url,
            )
        )
        try:
            port = await listener.start(settings.host, settings.port)
        except OSError as error:
            raise SetupProblem(_port_sentence(settings, error)) from error
        stack.push_async_callback(listener.stop)
        if not settings.public_url:  # port 0 is known only now
            signature.base = f"http://{settings.host}:{port}"
        sender = Sender(
            store=store,
            gateway=gateway,
            clock=clock,
            rules=opened.rules,
            explain=errorcodes,
            owner=f"{socket.gethostname()}:{os.getpid()}",
            status_url=f"{settings.public_url}/twilio/status" if settings.public_url else None,
            pace=Pace(),
        )
        lookout = Lookout(
            catch_up=build_catch_up(opened, gateway, arrived=receiver.arrived),
            poll_s=settings.poll_s,
            last_webhook_at=lambda: receiver.health.last_webhook_at,
        )

        def take(new: credentials.Credentials) -> None:
            signature.use(signing_keys(new))
            gateway.use(**_login(new))

        renewal = Renewal(store=store, find=renew or partial(credentials.find, settings), take=take)
        errands = {"catch-up": lookout.step, "credentials": renewal.step}
        if settings.tunnel:

            def moved(url: str | None) -> None:
                signature.base = url or signature.base
                sender.receipts_to(f"{url}/twilio/status" if url else None)

            doorway = build_doorway(
                settings,
                store=store,
                clock=clock,
                gateway=gateway,
                port=port,
                moved=moved,
                look_now=lookout.look_now,
            )
            errands |= {"tunnel": doorway.keep, "tunnel watch": doorway.watch}
        engine = Engine(
            store=store,
            clock=clock,
            receiver=receiver,
            projector=build_projector(opened),
            sender=sender,
            reconciler=Reconciler(
                store=store,
                gateway=gateway,
                clock=clock,
                rules=opened.rules,
                explain=errorcodes,
            ),
            search=desk.search,
            templates=Templates(store=store, clock=clock, gateway=gateway),
            errands=errands,
        )
        loops = asyncio.create_task(engine.run(), name="engine")
        stack.push_async_callback(_end, loops)
        yield RunningEngine(f"http://{settings.host}:{port}", engine, loops)


def _import_heavy() -> None:
    from wa_console.gateway import twilio  # noqa: F401
    from wa_console.listener import app  # noqa: F401


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def signing_keys(found: credentials.Credentials) -> SigningKeys:
    """Return the secrets that may have signed a webhook, the primary token first."""
    from wa_console.gateway.signature import SigningKeys

    tokens = (found.auth_token, found.auth_token_secondary)
    shared = {found.shared_key_id: found.shared_key_secret.reveal()} if found.shared_key_id else {}
    return SigningKeys(tokens=tuple(t.reveal() for t in tokens if t), shared_keys=shared)


def _loopback_url(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.port}"


def _port_sentence(settings: Settings, error: OSError) -> str:
    return _(
        "The listener cannot use {host}:{port}: {reason}. Choose another with "
        "WA_CONSOLE_PORT (0 picks a free one), or end the program that has it."
    ).format(host=settings.host, port=settings.port, reason=error.strerror or error)
