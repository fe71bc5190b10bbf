"""What an administrator may ask for besides the desk: everything that needs Twilio's credentials.

The desk works without any (services.desk). Screens that are handed an `Admin` know neither where
credentials are nor how Twilio is reached; wiring does (wa_console.wiring.admin).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Protocol

from wa_console.secretstore.secret import Secret
from wa_console.services.channels import Channels
from wa_console.services.checks import Check
from wa_console.services.template_author import TemplateAuthor


@dataclass(frozen=True, slots=True)
class Rotation:
    """Where the tokens are while one takes the place of the other; no values.

    Attributes:
        primary: The place of the present token, empty without one.
        secondary: The place of the one that is to follow, empty without one.
        writable: Whether the present one can be replaced from here.
    """

    primary: str
    secondary: str
    writable: bool


class TokenRotation(Protocol):
    """Changes the auth token without a gap (wa_console.wiring.rotation)."""

    async def state(self) -> Rotation:
        """Where both tokens are."""
        ...

    async def begin(self, token: Secret) -> None:
        """Test a new token and accept its signatures beside the present one's."""
        ...

    async def finish(self) -> None:
        """Put the secondary token in the place of the primary one."""
        ...


@dataclass(frozen=True, slots=True)
class Admin:
    """The use cases of an administrator.

    Attributes:
        examine: Every check of the doctor, one after another as they are done; each call begins
            anew.
    """

    templates: TemplateAuthor
    channels: Channels
    rotation: TokenRotation
    examine: Callable[[], AsyncGenerator[Check, None]]
