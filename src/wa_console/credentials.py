"""Twilio credentials: what is needed of them, and where each was found.

Looks through the places of secretstore in their order and takes each from the first that has it.
Only the process that runs the engine reads them; nothing here is ever logged, shown or passed to a
child.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wa_console.config import SECRET_NAMES, Settings
from wa_console.domain.errors import SetupProblems
from wa_console.secretstore.passphrase import Passphrase
from wa_console.secretstore.places import Kept, Look, Place, Surroundings, look_everywhere
from wa_console.secretstore.ring import Ring
from wa_console.secretstore.secret import Secret
from wa_console.secretstore.store import SecretStore

__all__ = ["Credentials", "Passphrase", "Secret", "find", "look", "secret_store"]

_NONE = Secret("")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to speak with Twilio and to check its signatures.

    Attributes:
        account_sid: The account, not a secret.
        auth_token: Signs webhooks, and the API unless a key is there.
        auth_token_secondary: Also accepted in signatures while tokens are rotated.
        sources: Where each was found, by name, for the doctor.
        looks: Every place that was looked into, in order, with why it missed.
    """

    account_sid: str = ""
    auth_token: Secret = _NONE
    auth_token_secondary: Secret = _NONE
    api_key: str = ""
    api_secret: Secret = _NONE
    shared_key_id: str = ""
    shared_key_secret: Secret = _NONE
    sources: Mapping[str, str] = field(default_factory=dict)
    looks: Sequence[Look] = ()

    @property
    def can_call(self) -> bool:
        """Whether Twilio's API can be called with them."""
        return bool(self.account_sid and (self.auth_token or (self.api_key and self.api_secret)))

    @property
    def can_verify(self) -> bool:
        """Whether a webhook's signature can be checked (FACTS 13.4)."""
        return bool(self.auth_token or (self.shared_key_id and self.shared_key_secret))

    @property
    def plain(self) -> bool:
        """Whether one of them stands in clear in ``secrets.toml``: the status line shows a mark."""
        return any(look.kept for look in self.looks if look.place is Place.PLAIN)


def find(
    settings: Settings,
    environ: Mapping[str, str] | None = None,
    *,
    passphrase: Passphrase | None = None,
) -> Credentials:
    """Collect the credentials. It may take seconds: call it in a thread beside a screen.

    Args:
        settings: Names files and the command.
        environ: The environment, the process's own when None.
        passphrase: Opens the encrypted file; None opens it only with one from the environment.

    Raises:
        SetupProblem: A file that is named for a secret cannot be used; or something is missing and
            a place where it might be is broken or locked. Missing without that raises nothing.
    """
    found = look(settings, environ, passphrase=passphrase)
    broken = [each.problem for each in found.looks if each.problem]
    if broken and not (found.can_call and found.can_verify):
        raise SetupProblems(broken)
    return found


def look(
    settings: Settings,
    environ: Mapping[str, str] | None = None,
    *,
    passphrase: Passphrase | None = None,
) -> Credentials:
    """Collect what there is, broken places left to ``looks``: for the doctor.

    Raises:
        SetupProblem: A file that is named for a secret cannot be used.
    """
    env = os.environ if environ is None else environ
    looks = look_everywhere(
        Surroundings(
            names=SECRET_NAMES,
            environ=env,
            files=settings.secret_files,
            command=settings.credential_command,
            folder=settings.paths.data,
            ring=Ring(_home(settings), environ=env),
            passphrase=passphrase or Passphrase(environ=env),
        )
    )
    return _credentials(looks)


def secret_store(
    settings: Settings,
    *,
    passphrase: Passphrase | None = None,
    environ: Mapping[str, str] | None = None,
) -> SecretStore:
    """Return where the wizard and ``wa-console secrets`` save this home's secrets."""
    env = os.environ if environ is None else environ
    return SecretStore(
        folder=settings.paths.data,
        ring=Ring(_home(settings), environ=env),
        passphrase=passphrase or Passphrase(environ=env),
        names=SECRET_NAMES,
    )


def _home(settings: Settings) -> Path | None:
    """Return the home that was named, None for the platform's own folders."""
    return settings.paths.data if settings.paths.config.parent == settings.paths.data else None


def _credentials(looks: Sequence[Look]) -> Credentials:
    kept: dict[str, Kept] = {}
    for each in looks:
        kept |= each.kept

    def secret(name: str) -> Secret:
        return kept[name].secret if name in kept else _NONE

    return Credentials(
        account_sid=secret("TWILIO_ACCOUNT_SID").reveal(),
        auth_token=secret("TWILIO_AUTH_TOKEN"),
        auth_token_secondary=secret("TWILIO_AUTH_TOKEN_SECONDARY"),
        api_key=secret("TWILIO_API_KEY").reveal(),
        api_secret=secret("TWILIO_API_SECRET"),
        shared_key_id=secret("TWILIO_SHARED_KEY_ID").reveal(),
        shared_key_secret=secret("TWILIO_SHARED_KEY_SECRET"),
        sources={name: kept[name].where for name in SECRET_NAMES if name in kept},
        looks=tuple(looks),
    )
