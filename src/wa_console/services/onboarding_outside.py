"""What the wizard needs of the world around it: handed in by wiring, so that services name nobody.

Protocols and plain data only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from wa_console.domain.errors import SetupProblem
from wa_console.gateway.outside import Opened
from wa_console.gateway.port import FormReader, Gateway, Probed
from wa_console.secretstore.secret import Secret
from wa_console.services.checks import Check
from wa_console.services.doorway import SETTLE_S

_NONE = Secret("")


class FieldProblem(SetupProblem):
    """What stands in a field cannot be used; the text is the sentence to show there.

    Attributes:
        field: The field's name.
    """

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Known:
    """Credentials that are there already, whoever put them there.

    Attributes:
        where: Where the token was found, in words; empty without one.
        ours: The token lies where the wizard itself saves; else an earlier place has it and wins
            over anything saved (faults.md section 4).
    """

    account_sid: str = ""
    auth_token: Secret = _NONE
    api_key: str = ""
    api_secret: Secret = _NONE
    where: str = ""
    ours: bool = False


class Vault(Protocol):
    """Where proven secrets go. Blocking: call it in a thread."""

    def asks(self) -> bool:
        """Whether a passphrase must be chosen before anything can be saved."""
        ...

    def save(self, values: Mapping[str, Secret], passphrase: Secret) -> None:
        """Save secrets by name.

        Raises:
            SetupProblem: It cannot be saved.
            NotAllowed: One of them cannot be a secret.
        """
        ...


@dataclass(frozen=True, slots=True)
class Outside:
    """The world around the wizard.

    Attributes:
        connect: Account SID, user name, password to Twilio behind our port.
        vault: Keeps the secrets.
        known: Looks for credentials that are there; blocking.
        listen: Runs the listener for a public URL and a token while inside; what comes is
            journalled, and projected once there is a set-up.
        probe: Sends a signed request to public URL, for account and token, through the outside.
        examine: The doctor, over a gateway and the public URL.
        keep_settings: Writes keys of config.toml, None takes one out; blocking.
        forms: Reads the fields of a webhook.
        tunnels: Names the tunnels that could be opened on this computer; blocking.
        tunnel: Runs the listener for a token and the named tunnel to it until cancelled; tells
            each public URL. Raises SetupProblem where trying again is of no use, TwilioProblem
            where it is.
        public_url: What is configured already, empty for nothing.
        settle_s: Seconds from a tunnel's new URL to the first look at it (services.doorway).
    """

    connect: Callable[[str, str, Secret], Gateway]
    vault: Vault
    known: Callable[[], Known]
    listen: Callable[[str, Secret], AbstractAsyncContextManager[None]]
    probe: Callable[[str, str, Secret], Awaitable[Probed]]
    examine: Callable[[Gateway, str | None], Awaitable[Sequence[Check]]]
    keep_settings: Callable[[Mapping[str, str | float | None]], None]
    forms: FormReader
    tunnels: Callable[[], Sequence[str]]
    tunnel: Callable[[str, Secret, Opened], Awaitable[None]]
    public_url: str = ""
    settle_s: float = SETTLE_S
