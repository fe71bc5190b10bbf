"""Addresses: Twilio's kept as they are, a person's understood, variants matched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wa_console.domain.address import (
    Address,
    AddressKind,
    masked,
    number_key,
    parse_twilio,
    parse_typed,
)
from wa_console.domain.errors import InvalidAddress
from wa_console.domain.text import safe_text

K = AddressKind
INBOUND = sorted((Path(__file__).parents[1] / "data/samples/inbound").glob("*.json"))
DANE = Address("whatsapp", "+4531226410", K.PHONE)
USER = "DK.13C0F91AB96D085B6173701F"

NUMBERS = st.from_regex(r"\+[1-9][0-9]{4,14}", fullmatch=True)
USER_IDS = st.from_regex(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "channel", "value", "kind"),
    [
        ("whatsapp:+4531226410", "whatsapp", "+4531226410", K.PHONE),
        ("+4531226410", "sms", "+4531226410", K.PHONE),
        ("rcs:+4531226410", "rcs", "+4531226410", K.PHONE),
        (f"whatsapp:{USER}", "whatsapp", USER, K.BSUID),
        ("whatsapp:DK.ENT.1A2B", "whatsapp", "DK.ENT.1A2B", K.PARENT_BSUID),
        ("whatsapp:DK.ENT", "whatsapp", "DK.ENT", K.BSUID),
        (USER, "sms", USER, K.UNKNOWN),
        ("messenger:1234", "messenger", "1234", K.UNKNOWN),
        ("whatsapp:", "whatsapp", "", K.UNKNOWN),
        ("whatsapp: 4531226410", "whatsapp", " 4531226410", K.UNKNOWN),  # a + lost in a query
        ("whatsapp:+٤٥٣١٢٢٦٤١٠", "whatsapp", "+٤٥٣١٢٢٦٤١٠", K.UNKNOWN),
        ("whatsapp:+4531226410\n", "whatsapp", "+4531226410\n", K.UNKNOWN),
        ("whatsapp:+0123456", "whatsapp", "+0123456", K.UNKNOWN),
        ("whatsapp:DK." + "x" * 129, "whatsapp", "DK." + "x" * 129, K.UNKNOWN),
        ("WhatsApp:+4531226410", "other", "WhatsApp:+4531226410", K.UNKNOWN),
        ("sms:+4531226410", "other", "sms:+4531226410", K.UNKNOWN),
        ("other:x", "other", "other:x", K.UNKNOWN),
        ("MyShop", "sms", "MyShop", K.UNKNOWN),
        ("", "sms", "", K.UNKNOWN),
    ],
)
def test_what_twilio_writes(text: str, channel: str, value: str, kind: AddressKind) -> None:
    address = parse_twilio(text)
    assert address == Address(channel, value, kind)
    assert address.wire == text


@given(st.text() | NUMBERS | USER_IDS.map("whatsapp:{}".format))
def test_nothing_of_twilios_is_refused_or_rewritten(text: str) -> None:
    address = parse_twilio(text)
    assert address.wire == text
    assert safe_text(address.display, multiline=False) == address.display
    assert bool(address.match_key) == bool(text)
    assert masked(address)
    assert address.country is None or len(address.country) == 2


@pytest.mark.parametrize("path", INBOUND, ids=lambda path: path.stem)
def test_the_samples_are_understood(path: Path) -> None:
    form = json.loads(path.read_text())["form"]
    for name in ("From", "To", "ExternalUserId"):
        if name in form:
            address = parse_twilio(form[name])
            assert address.wire == form[name]
            assert address.kind is not K.UNKNOWN


@pytest.mark.parametrize(
    ("text", "display", "country", "hidden"),
    [
        ("whatsapp:+4531226410", "+45 31 22 64 10", "DK", "+45 •• •• •• 10"),
        ("whatsapp:+14155238886", "+1 415-523-8886", "US", "+1 •••-•••-••86"),
        ("whatsapp:+390669812345", "+39 06 6981 2345", "VA", "+39 •• •••• ••45"),
        ("whatsapp:+525512345678", "+52 55 1234 5678", "MX", "+52 •• •••• ••78"),
        ("whatsapp:+5215512345678", "+52 15512345678", "MX", "+52 •••••••••78"),
        ("whatsapp:+999123456", "+999123456", None, "+•••••••56"),
        ("whatsapp:+4402079460958", "+4402079460958", "GB", "+44•••••••••58"),
        (f"whatsapp:{USER}", "DK.13C0…701F", "DK", "DK.••••1F"),
        ("whatsapp:DK.ENT.13C0F91A701F", "DK.ENT.13C0…701F", "DK", "DK.••••1F"),
        ("whatsapp:DK.ABCD", "DK.ABCD", "DK", "DK.••••"),
        ("x:\x1b[2J\u202e", "␛[2J", None, "••••"),
    ],
)
def test_how_it_is_shown(text: str, display: str, country: str | None, hidden: str) -> None:
    address = parse_twilio(text)
    assert (address.display, address.country, masked(address)) == (display, country, hidden)


@given(NUMBERS)
def test_the_number_shown_is_the_number_stored(number: str) -> None:
    shown = parse_twilio(f"whatsapp:{number}").display
    assert [char for char in shown if char.isdigit()] == list(number[1:])


@given(NUMBERS)
def test_a_mask_shows_no_more_than_country_and_two_digits(number: str) -> None:
    hidden = masked(parse_twilio(f"whatsapp:{number}"))
    assert hidden.count("•") >= len(number[1:]) - 5
    assert hidden[-2:] == number[-2:]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+5511987654321", "+551187654321"),
        ("+5531965432100", "+553165432100"),
        ("+5215512345678", "+525512345678"),
        ("+5491123456789", "+541123456789"),
    ],
)
def test_variants_of_a_mobile_number_match(one: str, other: str) -> None:
    first, second = parse_twilio(f"whatsapp:{one}"), parse_twilio(f"whatsapp:{other}")
    assert first.match_key == second.match_key
    assert (first.value, second.value) == (one, other)


@pytest.mark.parametrize(
    "number",
    [
        "+551132654321",  # São Paulo, landline
        "+554733221100",
        "+525512345678",
        "+541143456789",
        "+4531226410",
        "+15005550006",
        "+551198765432100",
        "+52155123456",
        "+5501987654321",
        "+54911234567",
    ],
)
def test_landlines_and_other_numbers_keep_their_own_key(number: str) -> None:
    assert number_key(number) == number


@given(
    NUMBERS
    | st.sampled_from(["+55", "+521", "+549"]).flatmap(
        lambda code: st.from_regex(r"[0-9]{8,11}", fullmatch=True).map(lambda rest: code + rest)
    )
)
def test_a_key_is_its_own_key(number: str) -> None:
    assert number_key(number_key(number)) == number_key(number)


def test_a_landline_is_never_taken_for_a_brazilian_mobile() -> None:
    assert number_key("+551132654321") != number_key("+5511932654321")


def test_other_kinds_match_on_their_wire_form() -> None:
    assert parse_twilio(f"whatsapp:{USER}").match_key == f"whatsapp:{USER}"
    assert parse_twilio("+4531226410").match_key == DANE.match_key


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("+45 31 22 64 10", None),
        ("+4531226410", "US"),
        ("0045 31226410", None),
        ("0045 31226410", "US"),
        ("whatsapp:+4531226410", None),
        ("WhatsApp: +45 31 22 64 10", None),
        ("whatsapp:4531226410", None),
        ("tel:+45-31-22-64-10", None),
        ("tel:+4531226410;ext=3", None),
        ("https://wa.me/4531226410?text=hi", None),
        ("wa.me/+4531226410", None),
        ("31226410", "DK"),
        ("(31) 22-64-10", "dk"),
        ("31.22.64.10", "DK"),
        ("45 31 22 64 10", "DK"),
        ("＋４５ ３１２２６４１０", None),
        ("+٤٥٣١٢٢٦٤١٠", None),
        ("\u202a+45\xa031\u201122\u201364\u221210\u202c\ufeff", None),
        ("  \t+45\u2007312\u202f26410\n", None),
    ],
)
def test_any_spelling_is_understood(text: str, region: str | None) -> None:
    assert parse_typed(text, default_region=region) == DANE


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("+44 (0)20 7946 0958", None, "+442079460958"),
        ("+39 06 698 12345", None, "+390669812345"),
        ("11 15-2345-6789", "AR", "+5491123456789"),
        ("+52 1 55 1234 5678", None, "+5215512345678"),
        ("+5215512345678", None, "+5215512345678"),
        ("+551187654321", None, "+551187654321"),
        ("+1 500 555 0006", None, "+15005550006"),  # possible, in nobody's use
        ("whatsapp:+45312", None, "+45312"),  # Twilio's spelling is never refused
    ],
)
def test_numbers_of_other_countries(text: str, region: str | None, value: str) -> None:
    assert parse_typed(text, default_region=region) == Address("whatsapp", value, K.PHONE)


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        (USER, f"whatsapp:{USER}"),
        (f" whatsapp:{USER}\u200e", f"whatsapp:{USER}"),
        ("dk.1a2B", "whatsapp:DK.1a2B"),
        ("dk.ent.1a2B", "whatsapp:DK.ENT.1a2B"),
    ],
)
def test_user_ids_are_understood(text: str, wire: str) -> None:
    assert parse_typed(text) == parse_twilio(wire)


@given(NUMBERS | USER_IDS)
def test_what_twilio_wrote_can_be_typed_again(value: str) -> None:
    address = parse_twilio(f"whatsapp:{value}")
    assert parse_typed(address.wire, default_region="DK") == address


@pytest.mark.parametrize(
    ("text", "region", "part"),
    [
        ("", None, "Type a phone number"),
        (" \u200b ", None, "Type a phone number"),
        ("whatsapp:", None, "Type a phone number"),
        ("hello", None, "has letters"),
        ("1-800-FLOWERS", "US", "has letters"),
        ("sms:+4531226410", None, "has letters"),
        ("++45", None, "is not a phone number"),
        ("+", None, "is not a phone number"),
        ("45+31226410", None, "is not a phone number"),
        ("\x1b[2J", None, "has letters"),
        ("31226410", None, "country code is missing"),
        ("31226410", "XX", "country code is missing"),
        ("tel:31226410", None, "country code is missing"),
        ("+999 12345678", None, "No country has this code"),
        ("+1", None, "too short"),
        ("+45 31", None, "too short for +45"),
        ("110", "DK", "too short for +45"),
        ("+4531226410999", None, "too long for +45"),
        ("4915112345678", "DK", "begin with +"),
        ("+49 151 123456789012", None, "too long for +49"),
        ("+45" + "1" * 200, None, "too long"),
        ("5551234", "US", "area code is missing"),
    ],
)
def test_what_is_wrong_is_said(text: str, region: str | None, part: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        parse_typed(text, default_region=region)
    sentence = str(caught.value)
    assert part in sentence
    assert sentence.endswith(".")
    assert safe_text(sentence, multiline=False) == sentence


@given(
    st.text() | st.text("+0123456789 ()-./whatsap:telDK\u200f"),
    st.sampled_from([None, "DK", "US", "it", "??", ""]),
)
def test_anything_typed_is_understood_or_answered(text: str, region: str | None) -> None:
    try:
        address = parse_typed(text, default_region=region)
    except InvalidAddress:
        return
    assert address.kind is not K.UNKNOWN
    assert parse_twilio(address.wire) == address
