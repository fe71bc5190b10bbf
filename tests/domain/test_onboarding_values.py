"""Each field of the wizard: what is understood, and twelve wrong inputs that get a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from wa_console.domain import onboarding_values as read
from wa_console.domain.errors import SetupProblem
from wa_console.domain.template import Approval, Template

HEX: Final = "0123456789abcdef0123456789abcdef"
THEIRS: Final = Template(
    content_sid=f"HX{HEX}",
    name="eta",
    language="da",
    kind="twilio/text",
    text="Hej {{1}}, pakke {{2}} er her.",
    approval=Approval.APPROVED,
)


def text(typed: str) -> str:
    return read.template_text(typed, THEIRS)


def its_language(typed: str) -> str:
    return read.template_language(typed, THEIRS)


def pushed(typed: str) -> str:
    return read.queue(typed, distribution="push")


RIGHT: Final[list[tuple[Callable[[str], Any], str, str]]] = [
    (read.account_sid, f"AC{HEX}", f"AC{HEX}"),
    (read.account_sid, f"  ac{HEX}\n", f"AC{HEX}"),
    (read.auth_token, f" {HEX} ", HEX),
    (read.api_key, "", ""),
    (read.api_key, f"SK{HEX}", f"SK{HEX}"),
    (read.api_secret, "Xy7_secret", "Xy7_secret"),
    (read.number, "+45 70 20 30 40", "+4570203040"),
    (read.number, "004570203040", "+4570203040"),
    (read.number, "whatsapp:+4570203040", "+4570203040"),
    (read.number, "https://wa.me/4570203040", "+4570203040"),
    (read.public_url, "https://chat.example.dk/", "https://chat.example.dk"),
    (read.public_url, "chat.example.dk", "https://chat.example.dk"),
    (read.public_url, "https://chat.example.dk:8443/wa", "https://chat.example.dk:8443/wa"),
    (read.public_url, "https://chat.example.dk/twilio/inbound", "https://chat.example.dk"),
    (read.public_url, "https://chat.example.dk#rc=2", "https://chat.example.dk"),
    (read.public_url, "http://127.0.0.1:8765", "http://127.0.0.1:8765"),
    (read.name, "  Support   Denmark ", "Support Denmark"),
    (read.language, "da", "da"),
    (read.language, "Danish", "da"),
    (read.language, "dansk", "da"),
    (read.language, "pt-br", "pt_BR"),
    (read.distribution, " Push ", "push"),
    (pushed, "Delivery", "Delivery"),
    (read.content_sid, f" HX{HEX} ", f"HX{HEX}"),
    (its_language, "Danish", "da"),
    (text, " Hej {{1}}, pakke {{2}} er her. ", "Hej {{1}}, pakke {{2}} er her."),
    (text, "Goddag {{1}}, {{2}} er her.", "Goddag {{1}}, {{2}} er her."),
]

WRONG: Final[dict[Callable[[str], Any], list[str]]] = {
    read.account_sid: [
        "", "  ", "AC", "hello", f"SK{HEX}", f"AC{HEX}0", f"AC{HEX[:-1]}", HEX, "AC" + "g" * 32,
        f"MG{HEX}", "+4570203040", "https://console.twilio.com",
    ],
    read.auth_token: [
        "", " ", f"AC{HEX}", f"SK{HEX}", f"HX{HEX}", HEX[:-1], HEX + "0", "g" * 32, "hunter2",
        "•" * 32, f"token={HEX}", "æ" * 32,
    ],
    read.api_key: [
        f"AC{HEX}", HEX, "SK", f"SK{HEX}0", f"SK{HEX[:-1]}", "sk", "SK" + "g" * 32, f"HX{HEX}",
        "key", "+45", "SK…", f"K{HEX}",
    ],
    read.api_secret: [
        "", " ", "\n", "\t", "two words", "a b c", f"SK{HEX}", f"AC{HEX}", f"HX{HEX}", "x\ny",
        "x y", "\u3000",
    ],
    read.number: [
        "", " ", "70203040", "+45", "+45 70", "hello", "+999 12345678", "+45 70 20 30 40 50 60 70",
        "DK.13C0F91AB96D085B6173701F", "+14155238886", "whatsapp:", "++4570203040",
    ],
    read.public_url: [
        "", "http://chat.example.dk", "ftp://chat.example.dk", "https://", "https://chat",
        "https://my_host.example.dk", "https://192.168.1.4", "https://localhost", "https://a b.dk",
        "https://chat.example.dk:99999", "https://chat.example.dk?x=1", "https://10.0.0.1:8765",
        "https://chat.example.dk:0", "https://[::1", "https://-bad-.dk",
    ],
    read.name: [
        "", " ", "\t", "\n", "x" * 61, "---", "…", "a\x00b", "a\x1b[31m", "\u200b", "!!!",
        "a\u202eb",
    ],
    read.language: [
        "", " ", "d", "dansk!!", "12", "da DK", "da-", "-da", "english please", "da_DK_x", "da_123",
        "d" * 9, "🇩🇰",
    ],
    read.distribution: [
        "", " ", "pull", "pushh", "pick,push", "1", "true", "round-robin", "p", "push!",
        "auto", "x",
    ],
    pushed: [
        "", " ", "\t", "\n", "x" * 61, "---", "…", "a\x00b", "a\x1b[31m", "\u200b", "!!!",
        "a\u202eb",
    ],
    read.content_sid: [
        "", " ", "HX", HEX, f"HX{HEX}0", f"HX{HEX[:-1]}", "HX" + "g" * 32, f"MG{HEX}", f"SM{HEX}",
        "order_update", "HX…", f"hx{HEX}",
    ],
    its_language: [
        "", " ", "en", "English", "de", "pt_BR", "d", "12", "da DK", "sv", "dansk!", "x" * 20,
    ],
    text: [
        "", " ", "\n", "Hej", "Hej {{1}}", "Hej {{2}}", "Hej {{1}} {{2}} {{3}}", "Hej {1} {2}",
        "{{navn}} {{2}}", "{{1}} {{1}}", "{{ 1 }} {{3}}", "Hej {{1}}, pakke {{4}} er her.",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("field", "typed", "kept"), RIGHT)
def test_what_is_right_is_understood(field: Callable[[str], Any], typed: str, kept: str) -> None:
    assert field(typed) == kept


@pytest.mark.parametrize(
    ("field", "typed"), [(field, typed) for field, typeds in WRONG.items() for typed in typeds]
)
def test_what_is_wrong_gets_a_sentence(field: Callable[[str], Any], typed: str) -> None:
    with pytest.raises(SetupProblem) as caught:
        field(typed)
    sentence = str(caught.value)
    assert len(sentence.split()) > 2
    assert sentence.endswith((".", "?"))


def test_twelve_for_each_field() -> None:
    assert {len(typeds) >= 12 for typeds in WRONG.values()} == {True}


@pytest.mark.parametrize("field", [read.auth_token, read.api_secret])
def test_a_secret_is_never_repeated(field: Callable[[str], Any]) -> None:
    canary = "canary-6c1f canary"
    with pytest.raises(SetupProblem) as caught:
        field(canary)
    assert "canary" not in str(caught.value)


def test_a_passphrase_is_long_and_typed_twice() -> None:
    assert read.passphrase("long enough", "long enough") == "long enough"
    for one, two in (("short", "short"), ("long enough", "long enouhg"), ("", "")):
        with pytest.raises(SetupProblem):
            read.passphrase(one, two)


def test_picking_needs_no_queue() -> None:
    assert read.queue(" ", distribution="pick") == ""
