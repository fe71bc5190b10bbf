"""The doctor's whole chain over the real parts, check after check, and a test of credentials.

Used by ``wa-console doctor``, and by screens that are handed it. The checks themselves stand in
services.doctor…; this module only gives them what they look at. It mends nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from wa_console.config import Settings
from wa_console.credentials import Credentials
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.probe import PATH
from wa_console.secretstore.places import Place
from wa_console.services.checks import Check, error, fine, masked_sid, warning
from wa_console.wiring.engine import build_gateway, signing_keys
from wa_console.wiring.store import OpenStore, open_store, sqlite_path
from wa_console.wiring.way_in import look_from_outside

if TYPE_CHECKING:
    from wa_console.gateway.port import Health, Probed
    from wa_console.services.reach import ReachReport

Reach = Callable[[str], Awaitable["ReachReport | Probed"]]
"""A round trip to the public URL that it is given."""


async def try_credentials(settings: Settings, found: Credentials) -> Health:
    """Test credentials against Twilio with a one-row message list (FACTS 13.2).

    Args:
        settings: Where Twilio is.
        found: What was typed, or found.

    Raises:
        SetupProblem: There is nothing to authenticate with.
    """
    gateway = build_gateway(settings, found)
    try:
        return await gateway.check()
    finally:
        await gateway.close()


def credential_checks(found: Credentials) -> Sequence[Check]:
    """Return what there is to say of the credentials: sources and reasons, no secrets."""
    checks = [_complete(found), _places(found)]
    if found.plain:
        names = [name for look in found.looks if look.place is Place.PLAIN for name in look.kept]
        text = _("They stand in clear in a file: {names}.").format(names=", ".join(names))
        mend = _(
            "Save each with `wa-console secrets set NAME`, then delete secrets.toml; keyring and "
            "encrypted file come before it."
        )
        checks.append(warning("plain", text, mend))
    return checks


async def examine(
    settings: Settings, found: Credentials, *, offline: bool, reach: Reach = look_from_outside
) -> AsyncGenerator[Check, None]:
    """Yield every check behind settings and credentials; a store that fails is one of them.

    Args:
        settings: Of the home that is looked at.
        found: Its credentials.
        offline: Leave out what needs the network.
        reach: Fetches our health page through the outside, given the public URL.
    """
    try:
        for check in await asyncio.to_thread(_machine, settings):
            yield check
        async with open_store(settings) as opened:
            yield fine("store", _("Opened, and of this version."))
            async for check in _examine_store(opened, found):
                yield check
            if offline:
                return
            async for check in _examine_outside(opened, found, reach):
                yield check
    except WaConsoleError as problem:
        yield error("store", str(problem), _("Nothing was changed; mend it and run this again."))


def _complete(found: Credentials) -> Check:
    broken = " ".join(look.problem for look in found.looks if look.problem)
    if not found.can_call:
        text = broken or _("There are none to call Twilio with.")
        mend = _(
            "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or …_FILE), or save them with "
            "`wa-console secrets set`."
        )
        return error("credentials", text, mend)
    sources = ", ".join(f"{name}: {place}" for name, place in found.sources.items())
    text = _("Account {sid}; {sources}.").format(sid=masked_sid(found.account_sid), sources=sources)
    if not found.can_verify:
        mend = _("Set TWILIO_AUTH_TOKEN too: an API key cannot check Twilio's signatures.")
        return error("credentials", text, mend)
    if broken:
        mend = _("The credentials were found elsewhere; mend it, or take it out of the settings.")
        return warning("credentials", broken, mend)
    return fine("credentials", text)


def _places(found: Credentials) -> Check:
    """Name every place in order with what it has, or why it missed."""
    parts = []
    for look in found.looks:
        names = ", ".join(look.kept)
        parts.append(f"{look.place.value}: {names or look.missed}")
    return fine("secret-places", " · ".join(parts) or _("None was looked into."))


def _machine(settings: Settings) -> Sequence[Check]:
    """Check what needs no open store.

    Raises:
        SetupProblem: The store is of a kind that this version does not serve.
    """
    from wa_console.services import doctor_machine as machine
    from wa_console.store.sqlite_damage import SQLITE_VERSION, damage

    store = sqlite_path(settings).absolute()
    files = [store, store.with_name("journal.db")]
    folder = next(each for each in (store.parent, *store.parents) if each.is_dir())
    return [
        machine.check_sqlite(SQLITE_VERSION),
        machine.check_space(folder),
        machine.check_permissions(store.parent, [*files, settings.paths.logs]),
        machine.check_integrity(damage(files)),
    ]


async def _examine_store(opened: OpenStore, found: Credentials) -> AsyncIterator[Check]:
    from wa_console.services.doctor import Doctor
    from wa_console.services.doctor_machine import check_listener

    settings = opened.settings
    doctor = Doctor(store=opened.store, clock=opened.clock)
    for check in await doctor.store_checks(account_sid=found.account_sid):
        yield check
    engine = bool(opened.store.lease.holder())
    yield await check_listener(settings.host, settings.port, engine=engine)
    yield _reached_by(settings)


async def _examine_outside(
    opened: OpenStore, found: Credentials, reach: Reach
) -> AsyncIterator[Check]:
    from wa_console.services.doctor_twilio import outside_checks, twilio_checks

    settings = opened.settings
    if found.can_call:
        gateway = build_gateway(settings, found)
        try:
            setup = await opened.desk.setup.current()
            for check in await twilio_checks(gateway, setup, public_url=settings.public_url):
                yield check
        finally:
            await gateway.close()
    if settings.public_url is None or not found.can_verify:
        return
    if not opened.store.lease.holder():
        text = _("Not tested, as no engine runs: whether our public URL reaches us.")
        mend = _("Open the console, or run `wa-console engine`; then run this again.")
        yield warning("signature", text, mend)
        return
    for check in await outside_checks(
        reach=partial(reach, settings.public_url),
        probe=partial(_probe, settings.public_url, found),
    ):
        yield check


async def _probe(public_url: str, found: Credentials) -> Probed:
    from wa_console.gateway.probe import send_probe

    keys = signing_keys(found)
    return await send_probe(public_url, keys=keys, account_sid=found.account_sid)


def _reached_by(settings: Settings) -> Check:
    """Say how messages come in: by webhook, by looking, or not at all."""
    if settings.public_url:
        from wa_console.services.doctor_twilio import shown_url

        text = _("Twilio reaches us at {url}.")
        return fine("public-url", text.format(url=shown_url(settings.public_url + PATH)))
    if settings.poll_s:
        text = _("There is none: Twilio is asked every {s:g} s.").format(s=settings.poll_s)
        return fine("public-url", text)
    return error(
        "public-url",
        _("There is none, and looking at Twilio's list is switched off: nothing comes in."),
        _("Set WA_CONSOLE_PUBLIC_URL, or WA_CONSOLE_POLL above 0."),
    )
