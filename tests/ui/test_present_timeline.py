"""Messages as view models: tables, no Textual."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.samples import LOOK, NOW, message, ours
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ButtonPress,
    ContentKind,
    Location,
    Media,
    MediaStatus,
    MessageError,
    MessageKind,
    Quoted,
    Referral,
    TemplateUse,
)
from wa_console.domain.text import DISPLAY_LIMIT, LINE_LIMIT, SafeText, safe_text
from wa_console.ui.present import (
    ASCII,
    Look,
    Role,
    Side,
    WindowMark,
    bubble,
    copy_text,
    ticks,
    window_mark_words,
    window_marks,
)

MARGIN = timedelta(seconds=60)


@pytest.mark.parametrize(
    ("made", "side"),
    [
        (message(), Side.THEM),
        (ours(), Side.US),
        (ours(kind=MessageKind.TEMPLATE), Side.US),
        (ours(kind=MessageKind.NOTE), Side.NOTE),
        (ours(kind=MessageKind.SYSTEM), Side.SYSTEM),
    ],
)
def test_sides(made: object, side: Side) -> None:
    assert bubble(made, look=LOOK).side is side  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "sign", "word", "tone"),
    [
        (DeliveryStatus.QUEUED, "·", "queued", "pending"),
        (DeliveryStatus.SENDING, "·", "sending", "pending"),
        (DeliveryStatus.ACCEPTED, "·", "accepted", "pending"),
        (DeliveryStatus.SCHEDULED, "·", "scheduled", "pending"),
        (DeliveryStatus.SENT, "✓", "sent", "sent"),
        (DeliveryStatus.DELIVERED, "✓✓", "delivered", "sent"),
        (DeliveryStatus.READ, "✓✓", "read", "read"),
        (DeliveryStatus.FAILED, "✗", "not sent", "failed"),
        (DeliveryStatus.UNDELIVERED, "✗", "not delivered", "failed"),
        (DeliveryStatus.CANCELED, "✗", "cancelled", "failed"),
        (DeliveryStatus.UNKNOWN, "?", "not known whether it arrived, being checked", "unknown"),
        (DeliveryStatus.PARKED, "?", "waits for your decision", "unknown"),
    ],
)
def test_ticks(status: DeliveryStatus, sign: str, word: str, tone: str) -> None:
    made = ticks(ours(status=status), look=LOOK)
    assert made is not None
    assert (made.sign, made.word, made.tone) == (sign, word, tone)


def test_every_status_has_a_sign_and_a_word() -> None:
    for status in DeliveryStatus:
        made = ticks(ours(status=status), look=Look(glyphs=ASCII, zone=UTC))
        assert made is not None
        assert made.sign.isascii()
        assert made.word


def test_customers_and_notes_have_no_ticks() -> None:
    assert ticks(message(), look=LOOK) is None
    assert ticks(ours(kind=MessageKind.NOTE), look=LOOK) is None


@pytest.mark.parametrize(
    ("error", "failure", "cure", "again"),
    [
        (None, "not delivered", "r sends it again", True),
        (
            MessageError(63024, "number is not on WhatsApp"),
            "not delivered · number is not on WhatsApp (63024)",
            "r sends it again",
            True,
        ),
        (
            MessageError(63016, "outside the window"),
            "not delivered · outside the window (63016)",
            "Ctrl+T sends a template",
            False,
        ),
        (MessageError(None, "no network"), "not delivered · no network", "r sends it again", True),
    ],
)
def test_failures_say_why_and_what_mends_them(
    error: MessageError | None, failure: str, cure: str, *, again: bool
) -> None:
    made = ticks(ours(status=DeliveryStatus.UNDELIVERED, error=error), look=LOOK)
    assert made is not None
    assert (made.failure, made.cure, made.can_retry) == (failure, cure, again)


def test_error_texts_are_made_safe() -> None:
    error = MessageError(1, "a\x1b]52;c;x\x07b\nc")
    made = ticks(ours(status=DeliveryStatus.FAILED, error=error), look=LOOK)
    assert made is not None
    assert made.failure == "not sent · a␛]52;c;x␇b ⏎ c (1)"


def test_template_carries_its_mark_and_name() -> None:
    made = ours(kind=MessageKind.TEMPLATE, template=TemplateUse("HX1"))
    assert bubble(made, look=LOOK, template_names={"HX1": "delivery"}).mark == "T delivery"
    assert bubble(made, look=LOOK).mark == "T"
    assert bubble(ours(kind=MessageKind.AUTOMATED), look=LOOK).mark == "automatic"


def test_authors_are_named_unless_it_is_you() -> None:
    assert bubble(ours(author="bo"), look=LOOK).author == "bo"
    assert bubble(ours(author="anna"), look=LOOK).author == ""
    assert bubble(message(author="spoof"), look=LOOK).author == ""


def test_note_says_who_sees_it() -> None:
    view = bubble(ours(kind=MessageKind.NOTE), look=LOOK)
    assert (view.lead, view.aside) == ("✎ Note · ", "only your team sees this")


def above(view_of: object) -> list[tuple[str, Role]]:
    return [(line.text, line.role) for line in bubble(view_of, look=LOOK).above]  # type: ignore[arg-type]


def test_media_cards() -> None:
    media = Media("u", "image/jpeg", 212_000, "p", MediaStatus.STORED)
    made = message(content=ContentKind.IMAGE, media=(media,))
    assert above(made) == [("📷 Photo · image/jpeg · 212 kB · Enter opens", Role.CARD)]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (MediaStatus.PENDING, "being fetched"),
        (MediaStatus.FAILED, "could not be fetched"),
        (MediaStatus.QUARANTINED, "held back"),
        (MediaStatus.REMOVED, "removed"),
    ],
)
def test_media_that_is_not_here_says_why(status: MediaStatus, word: str) -> None:
    made = message(content=ContentKind.AUDIO, media=(Media("u", "audio/ogg", status=status),))
    assert above(made) == [(f"🎤 Audio · audio/ogg · {word}", Role.CARD)]


def test_location() -> None:
    place = Location(55.6761, 12.56831, "Rådhuset", "Rådhuspladsen 1")
    assert above(message(content=ContentKind.LOCATION, location=place)) == [
        ("📍 Location", Role.CARD),
        ("Rådhuset", Role.TEXT),
        ("Rådhuspladsen 1", Role.TEXT),
        ("55.67610, 12.56831", Role.MUTED),
    ]


def test_buttons_lists_forwards_and_ads() -> None:
    pressed = message(body="x", content=ContentKind.BUTTON, button=ButtonPress("Track parcel"))
    assert above(pressed) == [("Pressed the button", Role.MUTED)]
    assert bubble(pressed, look=LOOK).body == "Track parcel"
    chosen = message(content=ContentKind.LIST, button=ButtonPress("Monday"))
    assert above(chosen) == [("Chose from the list", Role.MUTED)]
    assert above(message(forwarded=True)) == [("Forwarded", Role.MUTED)]
    ad = message(referral=Referral(headline="Summer\nsale"))
    assert above(ad) == [("Came from an ad: Summer ⏎ sale", Role.MUTED)]


def test_unsupported_kinds_are_named() -> None:
    poll = message(body="", content=ContentKind.UNSUPPORTED, raw={"MessageType": "poll"})
    assert above(poll) == [("Not shown here: poll · press i for its fields", Role.CARD)]
    bare = message(body="", content=ContentKind.UNSUPPORTED)
    assert above(bare) == [("A kind not shown here · press i for its fields", Role.CARD)]


@pytest.mark.parametrize(
    ("quoted", "text"),
    [
        (None, "an earlier message"),
        (message(body="first"), "Mette: first"),
        (ours(body="second"), "You: second"),
        (ours(body="third", author="bo"), "bo: third"),
        (message(body="", content=ContentKind.IMAGE), "Mette: Photo"),
    ],
)
def test_quotes(quoted: object, text: str) -> None:
    answer = message("m9", quoted=Quoted("SM1"))
    view = bubble(answer, look=LOOK, quoted=quoted, customer_name=safe_text("Mette"))  # type: ignore[arg-type]
    assert [(line.text, line.role) for line in view.above] == [(text, Role.QUOTE)]


def test_long_texts_are_cut_and_counted() -> None:
    view = bubble(message(body="x" * 5000), look=LOOK)
    assert len(view.body) == DISPLAY_LIMIT
    assert view.hidden == 5000 - (DISPLAY_LIMIT - 1)
    lines = bubble(message(body="a\n" * 300), look=LOOK)
    assert lines.body.count("\n") == LINE_LIMIT - 1
    assert lines.hidden > 0
    assert bubble(message(body="ends in …"), look=LOOK).hidden == 0


@given(st.text(max_size=200))
def test_every_text_of_a_bubble_is_safe(body: str) -> None:
    made = message(
        body=body,
        quoted=Quoted("SM1"),
        content=ContentKind.LOCATION,
        location=Location(1, 2, body, body),
        referral=Referral(headline=body),
    )
    view = bubble(made, look=LOOK, quoted=message(body=body), customer_name=safe_text(body))
    assert isinstance(view.body, SafeText)
    for text in (view.body, *(line.text for line in view.above)):
        assert safe_text(text) == text


def test_copied_text_is_whole_safe_and_has_no_line_end() -> None:
    assert copy_text(message(body="a\x1b[31m\nb\n\n")) == "a␛[31m\nb"
    assert len(copy_text(message(body="x" * 5000))) == 5000


def test_window_opens_with_the_first_message_and_closes_a_day_later() -> None:
    first = message("a", created_at=NOW - timedelta(days=3))
    answer = ours("b", created_at=NOW - timedelta(days=3) + timedelta(hours=1))
    again = message("c", created_at=NOW - timedelta(hours=1))
    closed = first.created_at + timedelta(hours=24) - MARGIN
    marks = window_marks((first, answer, again), now=NOW, margin=MARGIN, more=False)
    assert marks == (
        WindowMark(first.created_at, opened=True),
        WindowMark(closed, opened=False),
        WindowMark(again.created_at, opened=True),
    )
    later = window_marks((first,), now=NOW, margin=MARGIN, more=True)
    assert later == (WindowMark(closed, opened=False),)


def test_window_stays_open_while_the_customer_writes() -> None:
    talk = [message(str(i), created_at=NOW - timedelta(hours=60 - 20 * i)) for i in range(4)]
    marks = window_marks(talk, now=NOW, margin=MARGIN, more=False)
    assert marks == (WindowMark(talk[0].created_at, opened=True),)


def test_our_own_messages_open_nothing() -> None:
    assert window_marks((ours(),), now=NOW, margin=MARGIN, more=False) == ()


def test_window_mark_words() -> None:
    assert window_mark_words(WindowMark(NOW, opened=True), look=LOOK) == "window opened 15:36"
    closed = window_mark_words(WindowMark(NOW, opened=False), look=LOOK)
    assert closed == "window closed 15:36 · only templates"
