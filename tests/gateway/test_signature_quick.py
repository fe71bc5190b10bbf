"""The quick check accepts what the SDK's validator accepts, and never anything else."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha1
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from wa_console.gateway.signature import FormFields, decode_form
from wa_console.gateway.signature_quick import QuickCheck

TOKEN = "0123456789abcdef0123456789abcdef"
URL = "https://console.example.dk/twilio/inbound"

letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
# Few names and values, so that repeats and near misses are common.
words = st.one_of(
    st.sampled_from(["", "a", "A", "aa", "ø", "Body", "\U0001f600", "\uffff"]), letters
)
forms = st.lists(st.tuples(words, words), max_size=10)
urls = st.sampled_from(
    [URL, URL + "?m=1", URL + "/", "http://127.0.0.1:8080/twilio/status?m=%C3%B8&m=x&empty="]
)


@given(urls, forms)
@example(URL, [("K", "2"), ("K", "1"), ("K", "2"), ("", ""), ("k", "")])
def test_it_signs_as_the_sdk_does(url: str, pairs: list[tuple[str, str]]) -> None:
    signature = RequestValidator(TOKEN).compute_signature(url, FormFields(pairs))
    assert QuickCheck([TOKEN]).accepts(url, pairs, signature)


@given(urls, forms, forms, st.sampled_from([TOKEN, "another"]))
def test_what_it_accepts_the_sdk_accepts(
    url: str, signed: list[tuple[str, str]], sent: list[tuple[str, str]], token: str
) -> None:
    signature = RequestValidator(token).compute_signature(url, FormFields(signed))
    quick = QuickCheck([TOKEN]).accepts(url, sent, signature)
    assert quick is RequestValidator(TOKEN).validate(url, FormFields(sent), signature)


@pytest.mark.parametrize("signature", ["", "x", "=" * 28])
def test_no_signature_of_ours_is_accepted(signature: str) -> None:
    assert not QuickCheck([TOKEN]).accepts(URL, [], signature)


def test_an_empty_token_is_no_key() -> None:
    signature = base64.b64encode(hmac.new(b"", URL.encode(), sha1).digest()).decode()
    assert not QuickCheck(["", TOKEN]).accepts(URL, [], signature)
    assert not QuickCheck([]).accepts(URL, [], signature)


def test_every_token_counts_and_is_used_again() -> None:
    check = QuickCheck(["new", TOKEN])
    for token in ("new", TOKEN, "new"):
        signature = RequestValidator(token).compute_signature(URL, FormFields([("a", "1")]))
        assert check.accepts(URL, [("a", "1")], signature)


def test_half_a_pair_in_the_url_is_signed_by_nobody() -> None:
    assert not QuickCheck([TOKEN]).accepts(URL + "?\udcff", [], "x" * 28)


def decoded(text: bytes) -> list[tuple[str, str]] | None:
    """The standard library's reading of a form; None where it is no UTF-8."""
    try:
        return parse_qsl(text.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return None


pieces = st.sampled_from(
    [b"a", b"=", b"&", b"+", b"%", b"%20", b"%C3", b"%B8", b"%c3%b8", "ø".encode(), b"\xc3", b";"]
)


@given(st.one_of(st.lists(pieces, max_size=12).map(b"".join), st.binary(max_size=60)))
@example(b"&&a&=b&c==d&+=%+&%zz=%4")
def test_a_form_is_decoded_as_the_standard_library_does(text: bytes) -> None:
    expected = decoded(text)
    if expected is None:
        with pytest.raises(UnicodeDecodeError):
            decode_form(text)
    else:
        assert decode_form(text) == expected
