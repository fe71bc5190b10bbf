"""Builds what an administrator's screens work with: over credentials that are looked up when asked.

Used by the console command. It holds no secret between two calls, so that one that was saved a
moment ago is the one that is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from functools import partial

from wa_console import credentials
from wa_console.credentials import Credentials, Passphrase
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.gateway.port import Gateway, Probed
from wa_console.services.admin import Admin
from wa_console.services.channels import Channels
from wa_console.services.checks import Check, error, fine
from wa_console.services.template_author import TemplateAuthor
from wa_console.wiring.engine import build_gateway
from wa_console.wiring.rotation import TokenRotation
from wa_console.wiring.store import OpenStore
from wa_console.wiring.way_in import look_from_outside

Find = Callable[[], Credentials]
EXPORTS = "exports"
"""Folder of the home where a channel is written to before it is erased."""


def build_admin(
    opened: OpenStore,
    *,
    passphrase: Passphrase | None = None,
    environ: Mapping[str, str] | None = None,
) -> Admin:
    """Return the administrator's use cases over an open store.

    Args:
        opened: The store and the settings.
        passphrase: Opens the encrypted file of secrets; asked for before the screen opened.
        environ: Where credentials may stand, the process's own when None; a demo's is empty, so
            that nobody's real token is used for it.
    """
    settings = opened.settings
    find = partial(credentials.find, settings, environ, passphrase=passphrase)
    connect = partial(_connected, opened, find)
    return Admin(
        templates=TemplateAuthor(store=opened.store, clock=opened.clock, connect=connect),
        channels=Channels(
            store=opened.store,
            clock=opened.clock,
            connect=connect,
            public_url=settings.public_url,
            exports=settings.paths.data / EXPORTS,
        ),
        rotation=TokenRotation(
            settings=settings,
            store=opened.store,
            clock=opened.clock,
            passphrase=passphrase,
            environ=environ,
        ),
        examine=partial(
            _examine, opened, partial(credentials.look, settings, environ, passphrase=passphrase)
        ),
    )


def template_author(opened: OpenStore, found: Credentials) -> TemplateAuthor:
    """Return what makes templates, with credentials that are known already: for a command."""
    connect = partial(_connected, opened, lambda: found)
    return TemplateAuthor(store=opened.store, clock=opened.clock, connect=connect)


def _connected(opened: OpenStore, find: Find) -> AbstractAsyncContextManager[Gateway]:
    return _open_gateway(opened, find)


@asynccontextmanager
async def _open_gateway(opened: OpenStore, find: Find) -> AsyncIterator[Gateway]:
    """Open Twilio with the credentials of this moment.

    Raises:
        SetupProblem: There are none, or a place that is to have them is locked.
    """
    gateway = build_gateway(opened.settings, await asyncio.to_thread(find))
    try:
        yield gateway
    finally:
        await gateway.close()


async def _examine(opened: OpenStore, look: Find) -> AsyncGenerator[Check, None]:
    """Yield every check, the settings and credentials before what is behind them."""
    from wa_console.wiring.checkup import credential_checks, examine

    settings = opened.settings
    yield fine("settings", _("In order: {path}").format(path=settings.paths.config))
    try:
        found = await asyncio.to_thread(look)
    except SetupProblem as problem:
        mend = _("Name a file that is there and that only you can read.")
        yield error("credentials", str(problem), mend)
        found = Credentials()
    else:
        for check in credential_checks(found):
            yield check
    async with aclosing(examine(settings, found, offline=False, reach=_reach)) as checks:
        async for check in checks:
            yield check


async def _reach(public_url: str) -> Probed:
    found = await look_from_outside(public_url)
    return Probed(found.ok, found.sentence)
