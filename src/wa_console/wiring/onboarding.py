"""Composition of the wizard: what services.onboarding needs, over an open store.

Beside wiring, so that a console that is set up never imports any of it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wa_console import credentials
from wa_console.config import Settings
from wa_console.config_file import change_settings
from wa_console.credentials import Passphrase, Secret
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.domain.sandbox import JOIN_LASTS, SANDBOX_NUMBER
from wa_console.gateway import forms
from wa_console.secretstore.passphrase import CREDENTIAL, VARIABLE
from wa_console.secretstore.places import Place
from wa_console.secretstore.store import WRITABLE
from wa_console.services.checks import Check
from wa_console.services.onboarding import Onboarding
from wa_console.services.onboarding_outside import Known, Outside
from wa_console.services.onboarding_watch import Watch
from wa_console.services.sandbox_coach import SandboxCoach
from wa_console.wiring.store import OpenStore
from wa_console.wiring.way_in import look_from_outside, tunnel_named, tunnels_here

if TYPE_CHECKING:
    from wa_console.gateway.outside import Opened
    from wa_console.gateway.port import Gateway, Probed
    from wa_console.gateway.signature import Signature


class HomeVault:
    """Keeps the wizard's secrets in the keyring, else in the encrypted file of this home.

    Attributes:
        passphrase: The one that opened or made the file; for the engine that starts afterwards.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        passphrase: Passphrase | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._environ = os.environ if environ is None else environ
        # Nobody can be asked while a screen is open: what is typed comes with ``save``.
        self.passphrase = (
            passphrase
            if passphrase is not None and passphrase.worked
            else Passphrase(environ=self._environ)
        )

    def asks(self) -> bool:
        """Whether a passphrase is needed and nothing has given one."""
        store = credentials.secret_store(self._settings, environ=self._environ)
        if store.best() is not Place.FILE or self.passphrase.worked:
            return False
        folder = self._environ.get("CREDENTIALS_DIRECTORY")
        if folder and (Path(folder) / CREDENTIAL).exists():
            return False
        return not (self._environ.get(VARIABLE) or self._environ.get(f"{VARIABLE}_FILE"))

    def save(self, values: Mapping[str, Secret], passphrase: Secret) -> None:
        """Save secrets by name."""
        opener = self.passphrase
        if not opener.worked and passphrase:
            opener = Passphrase(lambda _new: passphrase, environ=self._environ)
        store = credentials.secret_store(self._settings, passphrase=opener, environ=self._environ)
        place = store.best()
        for name, value in values.items():
            store.save(place, name, value)
        self.passphrase = opener

    def known(self) -> Known:
        """Return the credentials that are there; broken places count as empty."""
        from wa_console.gateway import probe, twilio  # noqa: F401 - heavy, and this is a thread

        try:
            found = credentials.look(self._settings, self._environ, passphrase=self.passphrase)
        except SetupProblem:
            return Known()
        name = "TWILIO_AUTH_TOKEN"
        place = next((look.place for look in found.looks if name in look.kept), None)
        return Known(
            account_sid=found.account_sid,
            auth_token=found.auth_token,
            api_key=found.api_key,
            api_secret=found.api_secret,
            where=found.sources.get(name, ""),
            ours=place in WRITABLE,
        )


def build_onboarding(opened: OpenStore, vault: HomeVault) -> Onboarding:
    """Return the wizard's use cases over an open store."""
    settings = opened.settings
    return Onboarding(
        store=opened.store,
        clock=opened.clock,
        login=settings.representative,
        language=settings.language or _language_of(os.environ),
        outside=Outside(
            connect=partial(_connect, settings),
            vault=vault,
            known=vault.known,
            listen=partial(_listening, opened),
            probe=_probe,
            examine=partial(_examine, opened),
            keep_settings=partial(change_settings, settings.paths.config),
            forms=forms,
            tunnels=tunnels_here,
            tunnel=partial(_tunnel, opened),
            public_url=settings.public_url or "",
        ),
    )


async def build_coach(opened: OpenStore) -> SandboxCoach | None:
    """Return the coach of the sandbox that is set up, None without one.

    It looks into the journal: the engine beside the screen asks Twilio.
    """
    setup = await opened.desk.setup.current()
    number = next((each for each in setup.numbers if each.sandbox), None)
    if number is None:
        return None
    watch = Watch(
        store=opened.store,
        forms=forms,
        clock=opened.clock,
        number=SANDBOX_NUMBER,
        back=JOIN_LASTS,
    )
    return SandboxCoach(
        watch=watch, clock=opened.clock, phrase=number.join_phrase, ask_twilio=False
    )


def _connect(settings: Settings, account_sid: str, username: str, password: Secret) -> Gateway:
    from wa_console.gateway.twilio import TwilioGateway

    return TwilioGateway(
        account_sid=account_sid,
        username=username,
        password=password.reveal(),
        base_url=settings.twilio_base_url,
    )


async def _probe(public_url: str, account_sid: str, token: Secret) -> Probed:
    """Fetch our health page through the outside with a nonce, then post a signed probe."""
    from wa_console.gateway.port import Probed
    from wa_console.gateway.probe import send_probe
    from wa_console.gateway.signature import SigningKeys

    found = await look_from_outside(public_url)
    if not found.ok:
        return Probed(ok=False, sentence=found.sentence)
    keys = SigningKeys(tokens=(token.reveal(),))
    return await send_probe(public_url, keys=keys, account_sid=account_sid)


async def _examine(opened: OpenStore, gateway: Gateway, public_url: str | None) -> Sequence[Check]:
    from wa_console.services.doctor import Doctor
    from wa_console.services.doctor_twilio import twilio_checks

    setup = await opened.desk.setup.current()
    sid = setup.account.account_sid if setup.account else ""
    doctor = Doctor(store=opened.store, clock=opened.clock)
    return [
        *await doctor.store_checks(account_sid=sid),
        *await twilio_checks(gateway, setup, public_url=public_url),
    ]


@asynccontextmanager
async def _listening(opened: OpenStore, public_url: str, token: Secret) -> AsyncIterator[None]:
    """Journal what Twilio posts; nothing is projected before there is a set-up.

    Raises:
        SetupProblem: The port is taken.
    """
    if opened.store.lease.holder():
        yield  # an engine runs on this store: it listens, and journals in the same place
        return
    async with _listener(opened, public_url, token):
        yield


async def _tunnel(opened: OpenStore, name: str, token: Secret, told: Opened) -> None:
    """Listen, and keep a tunnel to it open; signatures follow its URL.

    Raises:
        SetupProblem: The port is taken, the program is missing, or something stands in the way.
        TwilioProblem: It did not open, or it ended.
    """
    if os.environ.get("WA_CONSOLE_PUBLIC_URL"):
        raise SetupProblem(
            _("WA_CONSOLE_PUBLIC_URL is set, and a tunnel brings its own public URL: unset it.")
        )
    if opened.store.lease.holder():
        raise SetupProblem(
            _("An engine runs on this store and has the listener: end it, then choose again.")
        )
    async with _listener(opened, "http://127.0.0.1", token) as (port, signature):

        async def moved(url: str) -> None:
            signature.base = url.rstrip("/")
            await told(url)

        await tunnel_named(name).run(port, moved)


@asynccontextmanager
async def _listener(
    opened: OpenStore, public_url: str, token: Secret
) -> AsyncIterator[tuple[int, Signature]]:
    """Run the listener; gives its port and what checks signatures.

    Raises:
        SetupProblem: The port is taken.
    """
    await asyncio.to_thread(_import_listener)
    from wa_console.gateway.signature import Signature, SigningKeys
    from wa_console.listener.app import Listener, build_listener
    from wa_console.services.journal import Receiver

    settings = opened.settings
    signature = Signature(public_url, SigningKeys(tokens=(token.reveal(),)))
    listener = Listener(
        build_listener(
            receiver=Receiver(store=opened.store, clock=opened.clock),
            signature=signature,
            forms=forms,
            health=opened.desk.health,
            public_url=public_url,
        )
    )
    try:
        port = await listener.start(settings.host, settings.port)
    except OSError as error:
        raise SetupProblem(
            _("{host}:{port} cannot be used: {reason}. Set WA_CONSOLE_PORT to another.").format(
                host=settings.host, port=settings.port, reason=error.strerror or error
            )
        ) from None
    try:
        yield port, signature
    finally:
        await listener.stop()


def _import_listener() -> None:
    from wa_console.listener import app  # noqa: F401


def _language_of(environ: Mapping[str, str]) -> str:
    """Return the language of the locale, English without one."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environ[name] for name in names if environ.get(name)), "en")
    code = locale.split(".")[0].split("_")[0].lower()
    return code if len(code) == 2 and code.isalpha() else "en"
