"""Signed delivery: posts a form to a webhook the way Twilio does.

Duty: sign (FACTS 4.1), keep Twilio's time limits and retry rule (FACTS 3), use the fallback URL,
and report every try. It knows forms and URLs, nothing of messages.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import aiohttp
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from yarl import URL

from wa_console.simulator.forms import Form, fallback_form
from wa_console.simulator.truth import Try

_TWIML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True, slots=True)
class Policy:
    """Time limits and retries, from the fragment of the URL (FACTS 3, connection overrides).

    Attributes:
        connect_s: Limit for connecting.
        read_s: Limit between two reads.
        total_s: Limit for the whole exchange.
        retries: Further tries after the first.
        retry_on: What earns a further try: ``ct``, ``rt``, ``4xx``, ``5xx`` or ``all``.
    """

    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})


@dataclass(frozen=True, slots=True)
class Target:
    """A configured URL, taken apart: what is requested and signed, login header, limits."""

    url: str
    login: Mapping[str, str]
    policy: Policy


def read_target(configured: str) -> Target:
    """Takes a configured URL apart; the rest stays byte for byte as it was configured."""
    parts = urlsplit(configured)
    login_text, _, host = parts.netloc.rpartition("@")
    bare = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    login = {}
    if login_text:
        # Sent, but never signed (FACTS 3).
        packed = base64.b64encode(unquote(login_text).encode()).decode()
        login = {"Authorization": f"Basic {packed}"}
    return Target(bare, login, _read_policy(parts.fragment))


def _read_policy(fragment: str) -> Policy:
    given = dict(parse_qsl(fragment))
    standard = Policy()

    def seconds(name: str, default: float) -> float:
        text = given.get(name, "")
        return min(max(int(text), 100), 15_000) / 1000 if text.isdecimal() else default

    retries = given.get("rc", "")
    return Policy(
        connect_s=seconds("ct", standard.connect_s),
        read_s=seconds("rt", standard.read_s),
        total_s=seconds("tt", standard.total_s),
        retries=min(int(retries), 5) if retries.isdecimal() else standard.retries,
        retry_on=frozenset(given["rp"].split(",")) if "rp" in given else standard.retry_on,
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    attempt: Try
    cause: str


class Courier:
    """Posts signed forms over one client session.

    Args:
        auth_token: Signs every request.
    """

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Opens the client session."""
        # A connection for each request: one kept alive to a listener that was killed would fail
        # in a way that Twilio's retry rule does not cover, and lose a webhook at random.
        connector = aiohttp.TCPConnector(force_close=True, limit=200)
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def stop(self) -> None:
        """Closes the client session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def deliver(
        self,
        url: str,
        form: Form,
        *,
        token: str,
        method: str = "POST",
        fallback_url: str | None = None,
        wants_twiml: bool = False,
    ) -> list[Try]:
        """Posts a form, again if the rule says so, and to the fallback if all that failed.

        Args:
            url: The configured URL, overrides in the fragment allowed.
            form: The fields; signed as they are.
            token: The idempotency token, the same for all tries of one request.
            method: POST, or PUT as the Senders API allows.
            fallback_url: Called once, with ``ErrorCode`` and ``ErrorUrl`` added.
            wants_twiml: Whether the answer must be TwiML by its Content-Type (12300 if not).

        Returns:
            Every try in order; the last one decides.
        """
        target = read_target(url)
        tries: list[Try] = []
        for _ in range(1 + target.policy.retries):
            outcome = await self._post(
                target, form, token=token, method=method, wants_twiml=wants_twiml
            )
            tries.append(outcome.attempt)
            if outcome.cause not in target.policy.retry_on and not (
                outcome.cause and "all" in target.policy.retry_on
            ):
                break
        error = tries[-1].error
        if error is not None and fallback_url:
            form = fallback_form(form, error_code=error, error_url=target.url)
            tries.append(
                (
                    await self._post(
                        read_target(fallback_url),
                        form,
                        token=token,
                        method=method,
                        wants_twiml=wants_twiml,
                    )
                ).attempt
            )
        return tries

    async def _post(
        self, target: Target, form: Form, *, token: str, method: str, wants_twiml: bool
    ) -> _Outcome:
        if self._session is None:
            raise RuntimeError("the courier is not running")
        policy = target.policy
        limits = aiohttp.ClientTimeout(
            total=policy.total_s, sock_connect=policy.connect_s, sock_read=policy.read_s
        )
        try:
            async with self._session.request(
                method,
                URL(target.url, encoded=True),
                data=urlencode(form).encode("ascii"),
                headers={**self._headers(target.url, form, token), **target.login},
                timeout=limits,
            ) as answer:
                await answer.read()
                return _read_answer(target.url, answer, wants_twiml=wants_twiml)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL):
            return _Outcome(Try(target.url, None, 11205), "ct")
        except (TimeoutError, aiohttp.ServerTimeoutError):
            return _Outcome(Try(target.url, None, 11205), "rt")
        except (aiohttp.ClientError, OSError):
            return _Outcome(Try(target.url, None, 11200), "rt")

    def _headers(self, url: str, form: Mapping[str, str], token: str) -> dict[str, str]:
        return {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": self._validator.compute_signature(url, dict(form)),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }


def _read_answer(url: str, answer: aiohttp.ClientResponse, *, wants_twiml: bool) -> _Outcome:
    status = answer.status
    if status == 429:
        return _Outcome(Try(url, status, 11217), "4xx")
    if status >= 400:
        return _Outcome(Try(url, status, 11200), "4xx" if status < 500 else "5xx")
    if wants_twiml and answer.content_type not in _TWIML_TYPES:
        return _Outcome(Try(url, status, 12300), "")
    return _Outcome(Try(url, status, None), "")
