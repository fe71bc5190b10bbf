"""Changes the auth token without a gap: the new one is tested, accepted beside the old one, and
only then put in its place.

Twilio calls the new one the secondary token until it is promoted in its console; then it signs
with it and the old one is worth nothing. A running engine takes up what is saved here by itself.
No token leaves this module but into the secret store and to Twilio.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from wa_console import credentials
from wa_console.config import Settings
from wa_console.credentials import Credentials, Passphrase, Secret
from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.errors import NotAllowed, SetupProblem
from wa_console.domain.i18n import _
from wa_console.secretstore.places import Place
from wa_console.secretstore.store import SecretStore, Writable
from wa_console.services import facts
from wa_console.services.admin import Rotation
from wa_console.store.port import Session, Store
from wa_console.wiring.checkup import try_credentials

PRIMARY: Final = "TWILIO_AUTH_TOKEN"
SECONDARY: Final = "TWILIO_AUTH_TOKEN_SECONDARY"
_TOKEN: Final = re.compile(r"[0-9a-fA-F]{32}\Z")


class TokenRotation:
    """Rotates the auth token of one home (services.admin.TokenRotation).

    Args:
        settings: Where Twilio is, and the places of secrets.
        store: Where a running engine hears that something was saved.
        clock: The product's clock.
        passphrase: Opens the encrypted file of secrets; one that cannot ask, as a screen is open.
        environ: Where credentials may stand, the process's own when None.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        store: Store,
        clock: Clock,
        passphrase: Passphrase | None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._passphrase = passphrase
        self._environ = environ

    async def state(self) -> Rotation:
        """Return where both tokens are; no value.

        Raises:
            SetupProblem: A place that is to have them cannot be read.
        """
        found = await self._found()
        place = await asyncio.to_thread(self._writable, found)
        return Rotation(
            primary=found.sources.get(PRIMARY, ""),
            secondary=found.sources.get(SECONDARY, ""),
            writable=place is not None,
        )

    async def begin(self, token: Secret) -> None:
        """Test a new token and let webhooks be signed with it, beside the present one.

        Raises:
            NotAllowed: It has no token's shape, or is the present one.
            SetupProblem: Twilio refuses it, or it cannot be saved here.
        """
        value = Secret(token.reveal().strip())
        if not _TOKEN.match(value.reveal()):
            raise NotAllowed(_("An auth token is 32 digits and letters from a to f."))
        found = await self._found()
        if value == found.auth_token:
            raise NotAllowed(_("That is the token in use. Make a secondary one in Twilio first."))
        await self._test(found, value)
        store = self._secrets()
        place = await asyncio.to_thread(store.best)
        await asyncio.to_thread(store.save, place, SECONDARY, value)
        await self._tell()

    async def finish(self) -> None:
        """Put the secondary token in the place of the primary one, after testing it again.

        Raises:
            NotAllowed: There is no secondary one, or the primary one stands where we cannot write.
            SetupProblem: Twilio refuses it, or it cannot be saved.
        """
        found = await self._found()
        if not found.auth_token_secondary:
            raise NotAllowed(_("There is no secondary token yet."))
        place = await asyncio.to_thread(self._writable, found)
        if place is None:
            text = _("The token stands in {place}: change it there, wa-console cannot.")
            raise NotAllowed(text.format(place=found.sources.get(PRIMARY, "")))
        await self._test(found, found.auth_token_secondary)
        store = self._secrets()
        consent = "plain" if place is Place.PLAIN else ""
        # First the new one in both places, then the second copy goes: cut off between, both work.
        await asyncio.to_thread(
            store.save, place, PRIMARY, found.auth_token_secondary, consent=consent
        )
        await asyncio.to_thread(store.remove, SECONDARY)
        await self._tell()

    def _writable(self, found: Credentials) -> Writable | None:
        """Return the place that has the primary token, None where only a person can write."""
        for look in found.looks:
            if PRIMARY in look.kept:
                match look.place:
                    case Place.KEYRING | Place.FILE | Place.PLAIN as place:
                        return place
                    case _:
                        return None
        return self._secrets().best()

    async def _test(self, found: Credentials, token: Secret) -> None:
        alone = replace(found, auth_token=token, api_key="", api_secret=Secret(""))
        health = await try_credentials(self._settings, alone)
        if not health.ok:
            text = _("Twilio does not take this token. {reason}")
            raise SetupProblem(text.format(reason=health.sentence))

    async def _found(self) -> Credentials:
        return await asyncio.to_thread(
            credentials.look, self._settings, self._environ, passphrase=self._passphrase
        )

    def _secrets(self) -> SecretStore:
        return credentials.secret_store(
            self._settings, passphrase=self._passphrase, environ=self._environ
        )

    async def _tell(self) -> None:
        now = self._clock.now()

        async def work(session: Session) -> None:
            turn = await session.facts.number(facts.CREDENTIALS_TURN) or 0
            await session.facts.set_number(facts.CREDENTIALS_TURN, turn + 1)
            await session.changes.add(ChangeKind.HEALTH_UPDATED, now)

        await self._store.write(work)
