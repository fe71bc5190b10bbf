"""Every sample and any form at all becomes a message, and nothing of it is lost (faults A6)."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.samples import inbound, status_steps
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ButtonPress,
    ContentKind,
    InboundMessage,
    Location,
    Quoted,
)
from wa_console.gateway.forms import parse_form, parse_inbound, parse_status

SAMPLES = inbound()
KINDS = {
    "button_reply": ContentKind.BUTTON,
    "contact_card": ContentKind.CONTACT,
    "document": ContentKind.DOCUMENT,
    "image": ContentKind.IMAGE,
    "image_caption": ContentKind.IMAGE,
    "list_reply": ContentKind.LIST,
    "location": ContentKind.LOCATION,
    "multi_media": ContentKind.IMAGE,
    "sticker": ContentKind.STICKER,
    "video": ContentKind.VIDEO,
    "voice_note": ContentKind.AUDIO,
}


def message(name: str, **changes: str) -> InboundMessage:
    return parse_inbound(list((SAMPLES[name] | changes).items()))


def form(**fields: str) -> InboundMessage:
    return parse_inbound(list(fields.items()))


def test_all_samples_are_there() -> None:
    assert len(SAMPLES) == 30


@pytest.mark.parametrize("name", SAMPLES)
def test_sample(name: str) -> None:
    sample = SAMPLES[name]
    read = parse_inbound(parse_form(urlencode(sample).encode(), ""))
    assert read.raw == tuple(sample.items())
    assert read.sid == sample["MessageSid"]
    assert read.account_sid == sample["AccountSid"]
    assert read.body == sample["Body"]
    assert read.content is KINDS.get(name, ContentKind.TEXT)
    assert len(read.media) == int(sample["NumMedia"])
    assert read.identities[0] == read.sender
    if name != "not_whatsapp":
        assert read.sender.wire == sample["From"]
        assert read.recipient.wire == sample["To"]


def test_identities_join_number_and_user_id() -> None:
    assert [a.wire for a in message("text").identities] == [
        "whatsapp:+4520123456",
        "whatsapp:DK.13C0F91AB96D085B6173701F",
    ]
    parent = message("bsuid_only", ParentExternalUserId="whatsapp:DK.ENT.9", WaId="4520123456")
    assert [a.wire for a in parent.identities] == [
        "whatsapp:DK.1A2B3C4D5E6F7G8H9I0J",
        "whatsapp:DK.ENT.9",
        "whatsapp:+4520123456",
    ]
    assert len(message("bsuid_only").identities) == 1


@pytest.mark.parametrize("wa_id", ["", "not a number", "٤٥", "+"])
def test_a_strange_wa_id_is_no_identity(wa_id: str) -> None:
    assert len(message("text", WaId=wa_id).identities) == 2


def test_an_sms_is_told_by_its_channel() -> None:
    read = message("not_whatsapp")
    assert read.sender.channel != "whatsapp"
    assert read.identities == (read.sender,)


def test_parts() -> None:
    assert message("button_reply").button == ButtonPress("Ja tak", "confirm:4711", "REPLY")
    assert message("list_reply").button == ButtonPress("Levering i dag", "today", "LIST")
    assert message("location").location == Location(55.676098, 12.568337)
    quoted = Quoted("SM370a1004c6d183b15e2078e8a8e044cf", "whatsapp:+4571993000")
    assert message("quoted_reply").quoted == quoted
    assert message("forwarded").forwarded
    assert not message("text", Forwarded="false", FrequentlyForwarded="").forwarded
    assert message("text", FrequentlyForwarded="True ").forwarded
    referral = message("referral_ad").referral
    assert referral is not None
    assert referral.source_id == "120213456789012345"
    assert message("text").referral is None
    assert message("messaging_service").service_sid.startswith("MG")
    assert [m.type for m in message("multi_media").media][2] == "application/pdf"


def test_profile_name_falls_back_to_the_metadata() -> None:
    assert message("no_profile").profile_name == "Kunde Æøå"
    for broken in (
        "",
        "{",
        "[" * 100_000,
        '{"data": []}',
        '{"data":{"context":{"ProfileName":1}}}',
    ):
        assert message("no_profile", ChannelMetadata=broken).profile_name == ""


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("", "1"), ("x", "1"), ("nan", "1"), ("inf", "1"), ("91", "0"), ("0", "-180.1"), ("1", "")],
)
def test_an_impossible_place_is_unsupported_but_kept(latitude: str, longitude: str) -> None:
    read = message("location", Latitude=latitude, Longitude=longitude)
    assert read.location is None
    assert read.content is ContentKind.UNSUPPORTED
    assert ("Latitude", latitude) in read.raw


@pytest.mark.parametrize(
    ("mime", "hint", "kind"),
    [
        ("audio/ogg; codecs=opus", "audio", ContentKind.AUDIO),
        ("IMAGE/JPEG", "", ContentKind.IMAGE),
        ("text/x-vcard", "", ContentKind.CONTACT),
        ("", "sticker", ContentKind.STICKER),
        ("", "", ContentKind.DOCUMENT),
        ("application/octet-stream", "video", ContentKind.VIDEO),
        ("application/pdf", "image", ContentKind.DOCUMENT),
    ],
)
def test_media_kind(mime: str, hint: str, kind: ContentKind) -> None:
    read = form(MediaUrl0="https://x", MediaContentType0=mime, MessageType=hint, NumMedia="0")
    assert read.content is kind
    assert read.media[0].type == mime


def test_a_wrong_count_of_media_loses_none() -> None:
    fields = {f"MediaUrl{n}": f"https://x/{n}" for n in (10, 2, 0)}
    read = form(NumMedia="many", **fields, MediaUrl99999999999="https://far")
    assert [m.url for m in read.media] == ["https://x/0", "https://x/2", "https://x/10"]


@pytest.mark.parametrize("hint", ["order", "reaction", "unsupported", "anything"])
def test_what_we_cannot_show_is_unsupported(hint: str) -> None:
    assert form(MessageType=hint, From="whatsapp:+1").content is ContentKind.UNSUPPORTED
    assert form(MessageType=hint, Body="words").content is ContentKind.TEXT


def test_a_form_of_nothing() -> None:
    read = parse_inbound([])
    assert (read.sid, read.body, read.raw, read.content) == ("", "", (), ContentKind.TEXT)
    assert parse_status([]).status is None


def test_body_and_query_are_both_read_and_the_body_wins() -> None:
    fields = parse_form(b"Body=a%2Bb+c&Empty=&Body=", "m=01&Body=query")
    assert fields == [
        ("m", "01"),
        ("Body", "query"),
        ("Body", "a+b c"),
        ("Empty", ""),
        ("Body", ""),
    ]
    assert parse_inbound(parse_form(b"Body=form", "Body=query")).body == "form"
    assert parse_inbound(parse_form(b"", "Body=query")).body == "query"


@pytest.mark.parametrize(("name", "step"), status_steps())
def test_status_sample(name: str, step: dict[str, str]) -> None:
    report = parse_status(parse_form(urlencode(step).encode(), "m=01"))
    assert report.raw == (("m", "01"), *step.items())
    assert report.sid == step["MessageSid"]
    assert report.word == step["MessageStatus"]
    assert report.status is not None
    assert report.error_code == (int(step["ErrorCode"]) if "ErrorCode" in step else None)
    assert report.error_text == step.get("ChannelStatusMessage", "")


def test_status_of_unknown_words_and_codes() -> None:
    report = parse_status([("MessageStatus", "teleported"), ("ErrorCode", "many")])
    assert (report.word, report.status, report.error_code) == ("teleported", None, None)
    assert parse_status([("SmsStatus", "read")]).status is DeliveryStatus.READ
    for code in ("", "0", "9" * 5000, "-1", "١"):
        assert parse_status([("ErrorCode", code)]).error_code is None


NAMES = sorted({name for sample in SAMPLES.values() for name in sample} | {"MediaUrl7", "Label"})
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = texts | st.sampled_from(["whatsapp:", "whatsapp:+45", "[[", '{"data":1}', "nan", "1e999"])
random_forms = st.lists(st.tuples(st.sampled_from(NAMES) | texts, values), max_size=25)


@settings(max_examples=150)
@given(random_forms)
def test_any_form_is_read_and_kept_whole(fields: list[tuple[str, str]]) -> None:
    decoded = parse_form(urlencode(fields).encode(), "")
    assert decoded == fields
    assert parse_inbound(decoded).raw == tuple(fields)
    assert parse_status(decoded).raw == tuple(fields)


@given(st.binary(max_size=300), texts)
def test_any_bytes_are_read(body: bytes, query: str) -> None:
    fields = parse_form(body, query)
    assert parse_inbound(fields).raw == tuple(fields)
