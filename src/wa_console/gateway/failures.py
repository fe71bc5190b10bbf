"""Everything that can go wrong between us and Twilio, in the words of ``gateway.port``.

The border where exceptions of the SDK and of httpx end (FACTS 9.3). ``str(exception)`` is never
used: the SDK's holds terminal escapes, httpx's may hold a URL with a customer's number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from twilio.base.exceptions import (  # type: ignore[import-untyped]
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)

from wa_console.domain.errors import TwilioProblem
from wa_console.domain.i18n import _
from wa_console.domain.text import safe_text
from wa_console.gateway.errorcodes import TABLE, explain
from wa_console.gateway.http import TooManyRequestsError, UnsafeUrlError
from wa_console.gateway.port import NotSent, Refused, Throttled, Unknown

FAILURES = (
    TwilioException,
    TooManyRequestsError,
    UnsafeUrlError,
    httpx.HTTPError,
    httpx.InvalidURL,
    # An answer that is not what the SDK expects: HTML of a proxy, a list for an object.
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
)
"""What a call of the SDK may raise here. CancelledError passes: the row stays ``sending``."""

_SAFE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""The request did not leave (FACTS 8.2): refused, no name, no TLS, no free connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An error that Twilio answered.

    Attributes:
        status: HTTP status, 0 when unknown.
        code: Twilio's code, None when the answer had none (the SDK then repeats the status).
        text: Twilio's sentence, raw.
    """

    status: int
    code: int | None
    text: str


def answer_of(error: BaseException) -> Answer | None:
    """Return what Twilio answered, None when ``error`` is not an answer."""
    match error:
        case TwilioRestException():
            return _answer(error.status, error.code, str(error.msg).partition(": ")[2] or error.msg)
        case TwilioServiceException():
            return _answer(error.status, error.code, error.detail or error.title)
        case TwilioException(args=(_, response, *_)):
            return _page_answer(response)
        case _:
            return None


def outcome_of(error: BaseException) -> Refused | Throttled | NotSent | Unknown:
    """Say what a failed create means for the message (FACTS 8.2).

    Only what certainly was not processed is called so; everything else is ``Unknown``, because a
    message that is repeated wrongly reaches the customer twice (faults.md D1).
    """
    match error:
        case TooManyRequestsError():
            return Throttled(error.retry_after_s)
        case httpx.InvalidURL() | UnsafeUrlError():
            return NotSent("unusable Twilio URL")
        case httpx.HTTPError() if isinstance(error, _SAFE):
            return NotSent(_network_word(error))
        case httpx.HTTPError():
            return Unknown(_network_word(error))
        case UnicodeEncodeError():
            return Refused(None, _("The text holds characters that cannot be sent."))
    answer = answer_of(error)
    if answer is None:
        return Unknown("unreadable answer")
    # 408 comes from a proxy that may have passed the request on.
    if 400 <= answer.status < 500 and answer.status != httpx.codes.REQUEST_TIMEOUT:
        return Refused(answer.code, answer.text)
    return Unknown(f"HTTP {answer.status}")


def sentence_of(error: BaseException) -> str:
    """Return a translated sentence for the person, safe to show on a terminal."""
    match error:
        case TooManyRequestsError():
            entry = explain(error.code or 20429).translated()
            return f"{entry.title}. {entry.advice}"
        case UnsafeUrlError() | httpx.InvalidURL():
            return _("The address of Twilio is not usable: it must be https, or this machine.")
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return _("Twilio cannot be reached. Check the network connection.")
        case httpx.TimeoutException():
            return _("Twilio did not answer in time. Try again in a moment.")
        case httpx.HTTPError():
            return _("The connection to Twilio broke off. Try again in a moment.")
    answer = answer_of(error)
    if answer is None:
        return _("Twilio's answer could not be read. Is a proxy in between?")
    if answer.code in TABLE or (answer.code is None and not answer.text):
        entry = explain(answer.code).translated()
        return f"{entry.title} ({answer.code or answer.status}). {entry.advice}"
    said = safe_text(answer.text, multiline=False, limit=200)
    return _("Twilio refused: {text} ({code})").format(text=said, code=answer.code or answer.status)


@contextmanager
def translated() -> Iterator[None]:
    """Turn every failure inside into ``TwilioProblem``.

    Raises:
        TwilioProblem: Instead of what the SDK or httpx raised.
    """
    try:
        yield
    except FAILURES as error:
        # "from None": a logged traceback would print the SDK's str(), URL and escapes included.
        raise TwilioProblem(sentence_of(error)) from None


def is_missing(error: BaseException) -> bool:
    """Say whether Twilio answered that there is no such thing (404)."""
    answer = answer_of(error)
    return answer is not None and answer.status == httpx.codes.NOT_FOUND


def _answer(status: object, code: object, text: object) -> Answer:
    number = status if isinstance(status, int) else 0
    named = code if isinstance(code, int) and code != number else None
    return Answer(number, named, str(text or ""))


def _page_answer(response: object) -> Answer | None:
    status = getattr(response, "status_code", None)
    if not isinstance(status, int):
        return None
    try:
        body = json.loads(getattr(response, "text", ""))
    except (ValueError, TypeError):
        body = None
    if not isinstance(body, dict):
        return Answer(status, None, "")
    return _answer(status, body.get("code"), body.get("message") or body.get("detail"))


def _network_word(error: httpx.HTTPError) -> str:
    """The class of the error, such as ``ReadTimeout``: says enough and holds nothing private."""
    return type(error).__name__
