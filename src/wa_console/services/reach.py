"""Checks by a round trip whether Twilio can reach us: out to the public URL, in to our listener.

A number of one use goes with the request and must come back: so no cache, no welcome page of a
proxy and no other program passes for our listener. It mends nothing.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from wa_console.domain.i18n import _
from wa_console.gateway.outside import Fetched, FetchFailure, Outside


class Reach(StrEnum):
    """What is at the public URL."""

    REACHED = "reached"
    SOMETHING_ELSE = "something-else"
    NOT_REACHED = "not-reached"


@dataclass(frozen=True, slots=True)
class ReachReport:
    """What a round trip found, in a word and a sentence."""

    reach: Reach
    sentence: str

    @property
    def ok(self) -> bool:
        """Whether webhooks can come in."""
        return self.reach is Reach.REACHED


async def check_reach(public_url: str, outside: Outside) -> ReachReport:
    """Fetch our own health page through the outside; never raises.

    Args:
        public_url: The base URL that Twilio is told, ``https://host[:port][/prefix]``.
        outside: Fetches.
    """
    nonce = secrets.token_hex(16)
    base = public_url.split("#", 1)[0].rstrip("/")
    answer = await outside.get(f"{base}/healthz?nonce={nonce}")
    if isinstance(answer, FetchFailure):
        return ReachReport(Reach.NOT_REACHED, _failure_sentence(answer))
    if answer.status in (200, 503) and _echoed(answer.text) == nonce:
        return ReachReport(Reach.REACHED, _("The public URL leads to this listener."))
    return _something_else(answer)


def _failure_sentence(failure: FetchFailure) -> str:
    match failure:
        case FetchFailure.NO_NAME:
            return _(
                "The host name of the public URL is not known (DNS). A tunnel's name is known "
                "only while the tunnel runs; a new one may need a minute."
            )
        case FetchFailure.REFUSED:
            return _(
                "Nobody answers at the host of the public URL. Is the proxy or tunnel running, "
                "and the port open?"
            )
        case FetchFailure.TLS:
            return _(
                "The certificate of the public URL is not accepted. Twilio takes no self-signed "
                "ones."
            )
        case FetchFailure.TIMEOUT:
            return _("The public URL did not answer within 15 seconds, all that Twilio waits.")
        case FetchFailure.BROKEN:
            return _("The connection to the public URL broke off.")
        case _:
            assert_never(failure)


def _something_else(answer: Fetched) -> ReachReport:
    """Return what answers there instead of our listener.

    A tunnel without an end and a proxy without a listener are nobody: nothing of ours is there.
    """
    text = answer.text
    if "ERR_NGROK_3200" in text or answer.status == 530 or "error code: 1033" in text:
        return ReachReport(
            Reach.NOT_REACHED,
            _("The tunnel's service is there, but no tunnel with this name. Start it again."),
        )
    if answer.status in (502, 503, 504) or "ERR_NGROK_8012" in text:
        return ReachReport(
            Reach.NOT_REACHED,
            _(
                "The proxy or tunnel answers {status}: the listener behind it does not. Does it "
                "point to the listener's port, and does the engine run?"
            ).format(status=answer.status),
        )
    return ReachReport(Reach.SOMETHING_ELSE, _stranger(answer.status))


def _stranger(status: int) -> str:
    if status in (401, 403):
        return _(
            "Something asks for a login before our listener ({status}). Twilio has none: let "
            "requests below /twilio/ and /healthz pass."
        ).format(status=status)
    if 300 <= status < 400:
        return _(
            "The public URL redirects ({status}). Twilio loses the message on the way: set the "
            "final URL."
        ).format(status=status)
    if status == 404:
        return _(
            "Something answers 404 at the public URL: another program, or a proxy that does not "
            "pass /healthz and /twilio/ on."
        )
    return _("Something else than our listener answers at the public URL ({status}).").format(
        status=status
    )


def _echoed(text: str) -> str:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return str(told.get("nonce", "")) if isinstance(told, dict) else ""
