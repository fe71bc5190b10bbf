"""Sends one signed probe to our own public URL and says what came of it (faults B2).

It follows no redirect: Twilio would follow with GET and lose the fields (FACTS 3). The request
holds nothing secret: a signature over a nonce of one use.
"""

from __future__ import annotations

import secrets
from urllib.parse import unquote, urlsplit

import httpx
from twilio.request_validator import (  # type: ignore[import-untyped]
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
)

from wa_console.domain.i18n import _
from wa_console.domain.probe import FIELD, PATH, probe_form
from wa_console.gateway.port import Probed
from wa_console.gateway.signature import FormFields, Signature, SigningKeys

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
"""Twilio's own limits (FACTS 3)."""


async def send_probe(
    public_url: str,
    *,
    keys: SigningKeys,
    account_sid: str,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Probed:
    """Post a signed probe to ``public_url``/twilio/inbound; never raises.

    Args:
        public_url: As configured; ``user:password@`` is sent as Basic authentication, as Twilio
            does.
        keys: What signs it: the primary token, else the first shared key.
        account_sid: The account it says it is for.
        transport: httpx transport, for tests.
    """
    nonce = secrets.token_hex(16)
    form = probe_form(account_sid, nonce)
    url = Signature(public_url, keys).base + PATH
    try:
        async with httpx.AsyncClient(
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            auth=_basic(public_url),
        ) as client:
            answer = await client.post(url, data=dict(form), headers=_seal(url, form, keys))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Probed(ok=False, sentence=_unreached(error))
    return _read(answer, nonce)


def _basic(public_url: str) -> httpx.BasicAuth | None:
    """Return what Twilio sends for ``user:password@``; such a URL holds them percent-encoded."""
    parts = urlsplit(public_url)
    if not parts.username:
        return None
    return httpx.BasicAuth(unquote(parts.username), unquote(parts.password or ""))


def _seal(url: str, form: list[tuple[str, str]], keys: SigningKeys) -> dict[str, str]:
    """Return the headers by which the probe is genuine (FACTS 4.1, 4.2)."""
    fields = FormFields(form)
    token = next(iter(keys.tokens), "")
    if token:
        signature: str = RequestValidator(token).compute_signature(url, fields, HMAC_SHA1)
        return {SIGNATURE_HEADER: signature}
    key, secret = next(iter(keys.shared_keys.items()), ("", ""))
    signature = RequestValidator(secret).compute_signature(url, fields, HMAC_SHA256)
    return {
        SIGNATURE_HEADER: signature,
        SIGNATURE_SETTINGS_HEADER: f"key={key},algorithm=HMAC_SHA256",
    }


def _read(answer: httpx.Response, nonce: str) -> Probed:
    status = answer.status_code
    if status == httpx.codes.OK and _echoed(answer) == nonce:
        return Probed(ok=True, sentence=_("A signed probe through the outside was accepted."))
    match status:
        case 403:
            text = _(
                "Our listener or something before it refused a rightly signed probe (403): on the "
                "way its URL, fields or headers are changed."
            )
        case 404 | 405:
            text = _("Something answers {status} for it: not our listener, or not its path.")
        case 200:
            text = _("Something else than our listener answers there.")
        case code if 300 <= code < 400:
            text = _("It is redirected ({status}); Twilio would lose the message on the way.")
        case 502 | 503 | 504:
            text = _("The proxy or tunnel is there, the listener behind it is not ({status}).")
        case _:
            text = _("The probe was answered with {status}.")
    return Probed(ok=False, sentence=text.format(status=status))


def _echoed(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get(FIELD, "")) if isinstance(body, dict) else ""


def _unreached(error: Exception) -> str:
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return _("Nobody can be reached there: the name, the port or TLS does not work.")
        case httpx.TimeoutException():
            return _("There was no answer within 15 seconds, which is all that Twilio waits.")
        case _:
            return _("The connection broke off.")
