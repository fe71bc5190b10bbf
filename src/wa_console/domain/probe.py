"""The words of a signed probe: a webhook that we send ourselves through the outside.

It is posted to the same path, with the same kind of body and signature, as Twilio's own, because a
proxy may change just that: a GET of another path would prove less. It holds no message: the
listener verifies it, answers its nonce and journals nothing. Twilio never sends the field, and
nobody can sign it without the token.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

FIELD: Final = "WaConsoleProbe"
"""Its one field beside AccountSid."""
PATH: Final = "/twilio/inbound"
"""Below the public URL."""
TRICKY: Final = "Æøå +&=%20  "
"""A value that bad proxies and parsers change: accents, reserved signs, blanks at the end."""
_TRICKY_FIELD: Final = "Body"
_MOST: Final = 64


def probe_form(account_sid: str, nonce: str) -> list[tuple[str, str]]:
    """Return the fields to sign and post; a blank one is among them, as in Twilio's own."""
    return [
        ("AccountSid", account_sid),
        (_TRICKY_FIELD, TRICKY),
        ("ProfileName", ""),
        (FIELD, nonce),
    ]


def probe_nonce(fields: Sequence[tuple[str, str]]) -> str:
    """Return the nonce of a probe, empty for everything else: a message always has its SID."""
    given = dict(fields)
    if given.get("MessageSid") or given.get("SmsSid") or given.get("SmsMessageSid"):
        return ""
    nonce = given.get(FIELD, "")
    return nonce if nonce.isascii() and nonce.isalnum() and len(nonce) <= _MOST else ""
