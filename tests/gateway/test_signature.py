"""The signature check against every vector, and against what an attacker would try."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.samples import vectors
from wa_console.gateway import signature as module
from wa_console.gateway.signature import Signature, SigningKeys, Verdict, decode_form

TOKEN = "0123456789abcdef0123456789abcdef"
URL = "https://console.example.dk"
FORM = "application/x-www-form-urlencoded"
SHARED = "webhooks_sharedkey_01hexample0000000000000000"


def sign(url: str, pairs: list[tuple[str, str]], *, token: str = TOKEN, digest: Any = sha1) -> str:
    """Twilio's rule written out again, from FACTS 4.1 and not from the SDK."""
    values: dict[str, set[str]] = {}
    for name, value in pairs:
        values.setdefault(name, set()).add(value)
    text = url + "".join(n + v for n in sorted(values) for v in sorted(values[n]))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), digest).digest()).decode()


def check(
    pairs: list[tuple[str, str]],
    *,
    public: str = URL,
    signed_url: str = URL + "/twilio/inbound",
    path: str = "/twilio/inbound",
    keys: SigningKeys | None = None,
    extra: dict[str, str] | None = None,
    token: str = TOKEN,
) -> Verdict:
    return Signature(public, keys or SigningKeys(tokens=(TOKEN,))).verify(
        method="POST",
        path_qs=path,
        content_type=FORM,
        body=urlencode(pairs).encode(),
        headers={"X-Twilio-Signature": sign(signed_url, pairs, token=token), **(extra or {})},
    )


def vector_keys(vector: dict[str, Any]) -> SigningKeys:
    """``algorithm`` says which kind of secret the check holds: a token or a shared key."""
    secret = str(vector["auth_token"])
    if vector["algorithm"] == "HMAC_SHA256":
        return SigningKeys(shared_keys={SHARED: secret})
    return SigningKeys(tokens=(secret,))


@pytest.mark.parametrize("vector", vectors(), ids=lambda v: v["id"])
def test_vector(vector: dict[str, Any]) -> None:
    parts = urlsplit(vector["url"])
    path_qs = parts.path + (f"?{parts.query}" if parts.query else "")
    seen = vector.get("seen_by_server", {})
    verdict = Signature(f"{parts.scheme}://{parts.netloc}", vector_keys(vector)).verify(
        method=vector["method"],
        path_qs=seen.get("path_qs", path_qs),
        content_type=vector["content_type"],
        body=vector["body"].encode(),
        headers={"Host": seen.get("host", "whatever.example"), **vector["headers"]},
    )
    assert verdict.genuine is (vector["expect"] == "valid")


def test_all_vectors_are_there() -> None:
    assert len(vectors()) == 44


PAIRS = [("Body", ""), ("From", "whatsapp:+4520123456"), ("Body", "hej")]


@pytest.mark.parametrize(
    "public",
    [
        URL,
        URL + "/",
        URL + "#rc=2&rp=all",
        URL + "/#rc=2",
        f"  {URL}\n",
        URL + "?x=1",
    ],
)
def test_public_url_is_tidied(public: str) -> None:
    assert check(PAIRS, public=public).genuine


@pytest.mark.parametrize("public", [URL + "/desk", URL + "/desk/", URL + "/desk#rc=1"])
def test_prefix_is_part_of_the_signed_url(public: str) -> None:
    assert check(PAIRS, public=public, signed_url=URL + "/desk/twilio/inbound").genuine
    assert not check(PAIRS, public=public).genuine


def test_userinfo_is_cut_and_its_credentials_are_asked_for() -> None:
    public = "https://ope%40n:s%3Acret@console.example.dk"
    basic = base64.b64encode(b"ope@n:s:cret").decode()
    assert check(PAIRS, public=public, extra={"Authorization": f"Basic {basic}"}).genuine
    for wrong in ({}, {"Authorization": "Basic eA=="}, {"authorization": "Basic ?"}):
        verdict = check(PAIRS, public=public, extra=wrong)
        assert verdict == Verdict(genuine=False, reason=module.NO_BASIC_AUTH)
    assert "cret" not in repr(Signature(public, SigningKeys()))


@pytest.mark.parametrize("public", ["", "console.example.dk", "ftp://x", "https://", "https:///x"])
def test_an_unusable_public_url_is_refused_at_once(public: str) -> None:
    with pytest.raises(ValueError, match="public URL"):
        Signature(public, SigningKeys())


def test_secondary_token_counts_while_rotating() -> None:
    keys = SigningKeys(tokens=("new-token", TOKEN))
    assert check(PAIRS, keys=keys).genuine
    assert check(PAIRS, keys=keys, token="new-token").genuine
    assert not check(PAIRS, keys=keys, token="third").genuine


def test_empty_secrets_are_no_secrets() -> None:
    # A request signed with "" must not pass where a token was left empty.
    assert check(PAIRS, keys=SigningKeys(tokens=("",)), token="").reason == module.NO_KEYS
    settings = {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"}
    keys = SigningKeys(tokens=(TOKEN,), shared_keys={"k": ""})
    assert check(PAIRS, keys=keys, extra=settings, token="").reason == module.UNKNOWN_KEY


def test_shared_key_needs_its_configured_id() -> None:
    keys = SigningKeys(tokens=(TOKEN,), shared_keys={"k1": "shared"})

    def verdict(key_id: str, secret: str) -> Verdict:
        text = sign(URL + "/twilio/inbound", PAIRS, token=secret, digest=sha256)
        return Signature(URL, keys).verify(
            method="POST",
            path_qs="/twilio/inbound",
            content_type=FORM,
            body=urlencode(PAIRS).encode(),
            headers={
                "x-twilio-signature": text,
                "x-twilio-webhooks-signature-settings": f"key={key_id}, algorithm=hmac_sha256",
            },
        )

    assert verdict("k1", "shared").genuine
    assert verdict("k2", "shared").reason == module.UNKNOWN_KEY
    # The header chooses a hash, it grants no trust: the Auth Token does not sign SHA-256.
    assert verdict("k1", TOKEN).reason == module.MISMATCH
    assert verdict("", TOKEN).reason == module.UNKNOWN_KEY


def test_keys_hide_their_secrets() -> None:
    text = repr(SigningKeys(tokens=(TOKEN,), shared_keys={"id": "shared-secret"}))
    assert TOKEN not in text
    assert "shared-secret" not in text


def raw(
    *,
    method: str = "POST",
    path: str = "/twilio/inbound",
    content_type: str = FORM,
    body: bytes = b"",
    signature: str = "x",
) -> Verdict:
    return Signature(URL, SigningKeys(tokens=(TOKEN,))).verify(
        method=method,
        path_qs=path,
        content_type=content_type,
        body=body,
        headers={"X-Twilio-Signature": signature},
    )


def test_get_has_its_parameters_in_the_url_and_no_cargo() -> None:
    path = "/twilio/inbound?Body=Hej&From=whatsapp%3A%2B4520123456"
    text = sign(URL + path, [])
    assert raw(method="GET", path=path, signature=text).genuine
    # A signed GET must not carry an unsigned form that somebody then parses.
    assert raw(method="GET", path=path, body=b"Body=x", signature=text).reason == module.BAD_REQUEST
    assert not raw(method="POST", path=path, body=b"Body=x", signature=text).genuine


def test_an_empty_query_is_signed_as_written() -> None:
    text = sign(URL + "/twilio/inbound?", [("Body", "Hej")])
    assert raw(path="/twilio/inbound?", body=b"Body=Hej", signature=text).genuine


def test_json_needs_the_hash_of_its_bytes() -> None:
    body = '{"ø": 1}'.encode()
    path = "/twilio/inbound?bodySHA256=" + sha256(body).hexdigest()
    text = sign(URL + path, [])
    kind = "application/json; charset=utf-8"
    assert raw(path=path, content_type=kind, body=body, signature=text).genuine
    assert not raw(path=path, content_type=kind, body=body + b" ", signature=text).genuine
    bare = sign(URL + "/twilio/inbound", [])
    assert not raw(content_type=kind, body=body, signature=bare).genuine
    assert not raw(content_type=kind, body=b"1", signature=bare).genuine


@pytest.mark.parametrize("body", [b"Body=%FF", b"Body=\xff", b"Body=%ED%A0%80", b"\xc3=1"])
def test_bytes_that_are_not_utf8_are_not_genuine(body: bytes) -> None:
    assert raw(body=body).reason == module.BAD_BODY
    assert raw(body=body, content_type="application/json").genuine is False


@pytest.mark.parametrize("path", ["*", "", "http://evil.example/twilio/inbound", "@evil.example/"])
def test_only_a_path_can_be_added_to_the_public_url(path: str) -> None:
    text = sign(URL + path, [])
    assert not raw(path=path, signature=text).genuine


@pytest.mark.parametrize("kind", ["multipart/form-data", "text/plain"])
def test_other_content_types_are_refused(kind: str) -> None:
    text = sign(URL + "/twilio/inbound", [("a", "1")])
    assert raw(content_type=kind, body=b"a=1", signature=text).reason == module.BAD_REQUEST


def test_signature_header_of_strange_letters_is_refused() -> None:
    assert raw(signature="sig\udcff").reason == module.BAD_SIGNATURE
    assert raw(signature="æøå").reason == module.BAD_SIGNATURE


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
forms = st.lists(st.tuples(names, names), max_size=8)


@given(forms)
def test_every_form_signed_by_the_rule_is_genuine(pairs: list[tuple[str, str]]) -> None:
    assert decode_form(urlencode(pairs).encode()) == pairs
    verdict = check(pairs)
    assert verdict.genuine
    assert list(verdict.fields) == pairs  # what was checked, for the journal


@given(forms, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5))
def test_a_changed_form_is_not(pairs: list[tuple[str, str]], added: str) -> None:
    text = sign(URL + "/twilio/inbound", pairs)
    changed = urlencode([*pairs, ("ÿ-new", added)]).encode()
    assert raw(body=changed, signature=text) == Verdict(genuine=False, reason=module.MISMATCH)


@given(st.binary(max_size=200), st.text(max_size=60), st.text(max_size=40), st.text(max_size=30))
def test_no_unsigned_request_passes_or_raises(
    body: bytes, path: str, signature: str, kind: str
) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", ""):
        verdict = raw(
            method=method, path="/" + path, content_type=kind, body=body, signature=signature
        )
        assert not verdict.genuine
