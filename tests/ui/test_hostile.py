"""Hostile texts through every widget: nothing of ours moves, nothing raw reaches the terminal."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.containers import Horizontal

from tests.ui.samples import (
    LOOK,
    NOW,
    Clock,
    Host,
    ListSource,
    conversation,
    customer,
    inbox_row,
    message,
    ours,
    window_by,
)
from tests.ui.screen import screen_text, widget_text
from wa_console.domain.address import parse_twilio
from wa_console.domain.conversation import InboxRow
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ButtonPress,
    ChatMessage,
    ContentKind,
    Location,
    Media,
    MessageError,
    MessageKind,
    Quoted,
    Referral,
    TemplateUse,
)
from wa_console.domain.text import safe_text
from wa_console.domain.window import reply_window
from wa_console.ui.present import UNICODE, bubble, customer_view, header
from wa_console.ui.widgets.bubbles import lay_out
from wa_console.ui.widgets.conversation_header import ConversationHeader
from wa_console.ui.widgets.conversation_list import ConversationList
from wa_console.ui.widgets.customer_pane import CustomerPane
from wa_console.ui.widgets.inbox_rows import LEFT_WIDTH
from wa_console.ui.widgets.timeline import Timeline

CORPUS = json.loads((Path(__file__).parent.parent / "data" / "hostile_texts.json").read_text())
TEXTS = [entry["text"] for entry in CORPUS if "text" in entry]
BAD = {"Cc", "Cs", "Co"}


class Everything(Host):
    """Every widget that shows a customer's text."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.list = ConversationList(window_of=window_by(self.clock), now=self.clock, look=LOOK)
        self.timeline = Timeline(now=self.clock, look=LOOK)
        self.header = ConversationHeader(now=self.clock, look=LOOK)
        self.pane = CustomerPane()
        for widget, width in ((self.list, 28), (self.timeline, 60), (self.pane, 30)):
            widget.styles.width = width
        self.header.styles.width = 60
        super().__init__(Horizontal(self.list, self.timeline, self.header, self.pane))


def raw_characters(rows: list[str]) -> set[str]:
    """Characters that a terminal would act on, or that change the order of what is shown."""
    return {
        char
        for row in rows
        for char in row
        if unicodedata.category(char) in BAD or char in "\u202e\u202d\u2066\u2067\u200b\u00ad"
    }


@pytest.fixture(scope="module")
def chunks() -> list[list[str]]:
    return [TEXTS[at : at + 6] for at in range(0, len(TEXTS), 6)]


async def test_the_corpus_does_no_harm_anywhere(chunks: list[list[str]]) -> None:
    app = Everything()
    async with app.run_test(size=(180, 40)) as pilot:
        for texts in chunks:
            await app.list.show(ListSource([_row(at, text) for at, text in enumerate(texts)]))
            app.timeline.show(
                "c1",
                [made for at, text in enumerate(texts) for made in _messages(at, text)],
                template_names={"HX": texts[0]},
                customer_name=safe_text(texts[-1], multiline=False),
            )
            person = customer(name=texts[0], profile_name=texts[-1], language=texts[0])
            thread = conversation(labels=tuple(texts), queue=texts[0], assignee=texts[-1])
            app.pane.show(customer_view(person, thread, now=NOW, look=LOOK))
            window = reply_window(NOW, NOW)
            app.header.show(header(thread, person, window=window, look=LOOK))
            await pilot.pause()
            assert raw_characters(screen_text(app)) == set()
            _our_column_stands(app, len(texts))
            app.timeline.scroll_to(y=0, animate=False)
            await pilot.pause()
            assert raw_characters(screen_text(app)) == set()


def _our_column_stands(app: Everything, count: int) -> None:
    """Whatever stands beside it, our column shows what it shows for a harmless row."""
    for y, row in enumerate(widget_text(app.list)[: 3 * count]):
        left = {0: "● 5 h      ", 1: "      3    "}.get(y % 3)
        if left is not None:
            assert row[1:LEFT_WIDTH] == left[: LEFT_WIDTH - 1]
        assert cell_len(row) == 28


@pytest.mark.parametrize("name", [entry["name"] for entry in CORPUS if "text" in entry])
async def test_every_strip_has_the_width_of_its_widget(name: str) -> None:
    """A row that is too long would push the panes to its right (faults F5)."""
    text = next(entry["text"] for entry in CORPUS if entry["name"] == name)
    for width in (30, 51, 80):
        for made in _messages(0, text):
            laid = lay_out(bubble(made, look=LOOK), width=width, glyphs=UNICODE)
            assert laid.inner + laid.indent + 3 <= width
            assert all(row.cells <= laid.inner for row in laid.rows)


def _row(at: int, text: str) -> InboxRow:
    return inbox_row(f"c{at}", name=text, profile_name=text, last_body=text, unread=3)


def _messages(at: int, text: str) -> list[ChatMessage]:
    return [
        message(
            f"a{at}",
            text,
            quoted=Quoted("SMx"),
            referral=Referral(headline=text),
            content=ContentKind.IMAGE,
            media=(Media("u", text),),
        ),
        message(f"b{at}", text, content=ContentKind.BUTTON, button=ButtonPress(text)),
        message(f"c{at}", content=ContentKind.LOCATION, location=Location(1, 2, text, text)),
        message(f"d{at}", text, content=ContentKind.UNSUPPORTED, raw={"MessageType": text}),
        ours(f"e{at}", text, kind=MessageKind.NOTE, author=text),
        ours(f"f{at}", text, kind=MessageKind.TEMPLATE, template=TemplateUse("HX")),
        ours(
            f"g{at}",
            text,
            status=DeliveryStatus.FAILED,
            error=MessageError(1, text),
            quoted=Quoted(f"SMa{at}"),
        ),
    ]


def test_a_hostile_address_is_shown_safely() -> None:
    row = inbox_row(address=parse_twilio("whatsapp:\x1b[31m\u202e+45"))
    assert raw_characters([row.address.display]) == set()
