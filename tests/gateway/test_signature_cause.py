"""The sentence that tells an operator why Twilio's requests are turned away."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.gateway.test_signature import FORM, TOKEN, URL, sign
from wa_console.gateway.signature import Signature, SigningKeys
from wa_console.gateway.signature_cause import likely_cause

PAIRS = [("Body", "very private words"), ("From", "whatsapp:+4520123456")]


def cause(
    signed_url: str,
    *,
    public: str = URL,
    path: str = "/twilio/inbound",
    token: str = TOKEN,
    headers: dict[str, str] | None = None,
    keys: SigningKeys | None = None,
) -> str:
    checker = Signature(public, keys or SigningKeys(tokens=(TOKEN,)))
    given = (
        {"X-Twilio-Signature": sign(signed_url, PAIRS, token=token)} if headers is None else headers
    )
    body = urlencode(PAIRS).encode()
    verdict = checker.verify(
        method="POST", path_qs=path, content_type=FORM, body=body, headers=given
    )
    sentence = likely_cause(
        checker,
        verdict,
        method="POST",
        path_qs=path,
        content_type=FORM,
        body=body,
        headers=given,
    )
    assert verdict.genuine is (sentence == "")
    assert "private" not in sentence
    assert TOKEN not in sentence
    return sentence


@pytest.mark.parametrize(
    ("signed", "public", "path", "word"),
    [
        ("http://console.example.dk/twilio/inbound", URL, "/twilio/inbound", "http and https"),
        (URL + "/twilio/inbound", URL + "/desk", "/twilio/inbound", "prefix"),
        (URL + "/twilio/inbound", URL, "/desk/twilio/inbound", "prefix"),
        (URL + "/twilio/inbound", URL, "/inbound", "prefix"),
        (URL + "/twilio/inbound/", URL, "/twilio/inbound", "slash"),
        (URL + "/twilio/inbound", URL, "/twilio/inbound/", "slash"),
        (URL + "/twilio/status?m=b&a=1", URL, "/twilio/status?a=1&m=b", "query"),
        (URL + "/twilio/status?m=a%2Fb", URL, "/twilio/status?m=a/b", "query"),
    ],
)
def test_the_mistake_is_named(signed: str, public: str, path: str, word: str) -> None:
    assert word in cause(signed, public=public, path=path)


def test_a_host_that_differs_is_named() -> None:
    signed = "https://old.example.dk/twilio/inbound"
    seen = {"X-Twilio-Signature": sign(signed, PAIRS), "host": "old.example.dk"}
    sentence = cause(signed, headers=seen)
    assert "host differs" in sentence
    assert "https://old.example.dk/twilio/inbound" in sentence


def test_a_forged_host_never_reaches_the_screen() -> None:
    seen = {"X-Twilio-Signature": "forged", "Host": "evil.example\x1b[2J"}
    assert "evil" not in cause(URL, headers=seen)


def test_other_reasons_have_a_sentence() -> None:
    assert "Auth Token" in cause(URL + "/twilio/inbound", token="other")
    assert "No Twilio signature" in cause(URL, headers={})
    assert "API key" in cause(URL, keys=SigningKeys())
    settings = "key=k,algorithm=HMAC_SHA256"
    shared = {"X-Twilio-Signature": "x", "X-Twilio-Webhooks-Signature-Settings": settings}
    assert "SharedKey" in cause(URL, headers=shared)


def test_a_genuine_request_has_no_cause() -> None:
    assert cause(URL + "/twilio/inbound") == ""
