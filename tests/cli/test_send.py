"""``send``: the screen's own outbox, its rules and its exit codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.live import WHO, live
from tests.cli.shell import Shell
from tests.services.rig import CUSTOMER, NUMBER, SETUP, inbound_form
from tests.setup_texts import CONTENT_SID
from wa_console.cli.send import exit_code_of
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage, Direction, MessageError, MessageKind
from wa_console.wiring.store import OpenStore

ADD = ("templates", "add", CONTENT_SID, "--language", "da", "--text", "Hej {{1}}, {{2}}")
STRANGER = "+45 60 12 34 56"


def waiting(shell: Shell) -> int:
    async def work(opened: OpenStore) -> int:
        return await opened.store.read(lambda session: session.outbox.waiting())

    return shell.work(work)


def test_a_text_is_queued_while_no_engine_runs(shell: Shell) -> None:
    found = shell.told()
    done = shell("send", "--to", "0045 20 12 34 56", "--body", "Hej Ærlig  ", "--json")
    message = done.one
    assert (message["conversation"], message["status"], message["sid"]) == (found, "queued", None)
    assert (message["body"], message["author"]) == ("Hej Ærlig  ", "anna")
    assert "No engine runs" in done.err
    assert waiting(shell) == 1
    assert shell("send", "--to", CUSTOMER, "--body", "x").out.endswith("  queued\n")


def test_a_closed_window_ends_with_6_and_nothing_is_queued(shell: Shell) -> None:
    shell.set_up()
    done = shell("send", "--to", STRANGER, "--body", "Hej", code=6)
    assert "only a template" in done.err
    assert done.out == ""
    assert waiting(shell) == 0
    assert shell("list", "--json").lines == [], "a refusal leaves no empty conversation behind"


def test_a_text_that_cannot_be_sent(shell: Shell) -> None:
    shell.told()
    shell("send", "--to", CUSTOMER, "--body", " ", code=1)
    shell("send", "--to", CUSTOMER, "--body", "x" * 1601, code=6)
    assert waiting(shell) == 0


@pytest.mark.parametrize(
    "args",
    [
        ("--to", CUSTOMER),
        ("--body", "x"),
        ("--to", CUSTOMER, "--body", "x", "--template", CONTENT_SID),
        ("--to", CUSTOMER, "--body", "x", "--var", "1=a"),
        ("--to", CUSTOMER, "--template", CONTENT_SID, "--var", "novalue"),
        ("--to", CUSTOMER, "--template", CONTENT_SID, "--var", "=x"),
        ("--to", "not a number", "--body", "x"),
        ("--to", CUSTOMER, "--body", "x", "--wait", "-1"),
        ("--to", CUSTOMER, "--body", "x", "--from", "no number"),
    ],
)
def test_wrong_usage_ends_with_2(shell: Shell, args: tuple[str, ...]) -> None:
    shell.told()
    shell("send", *args, code=2)
    assert waiting(shell) == 0


def test_a_template_begins_a_thread(shell: Shell) -> None:
    shell.set_up()
    shell(*ADD)
    args = ("send", "--to", STRANGER, "--template", CONTENT_SID)
    shell(*args, "--var", "1=Anna", code=6)
    message = shell(*args, "--var", "1=Anna", "--var", "2=a=b", "--json").one
    assert (message["kind"], message["body"]) == ("template", "Hej Anna, a=b")
    assert message["template"] == {
        "content_sid": CONTENT_SID,
        "variables": {"1": "Anna", "2": "a=b"},
    }
    (conversation,) = shell("list", "--json").lines
    assert conversation["window"] == {"state": "never", "closes_at": None, "remaining_s": None}
    shell("send", "--to", STRANGER, "--template", "HX" + "0" * 32, code=1)


def test_without_a_setup_nothing_can_be_begun(shell: Shell) -> None:
    shell("send", "--to", STRANGER, "--template", CONTENT_SID, code=3)
    shell("list")


def test_the_number_is_named_or_spelt(shell: Shell) -> None:
    shell.told()
    for number in ("Support Denmark", "+45 71 99 30 00", NUMBER):
        shell("send", "--to", CUSTOMER, "--from", number, "--body", "x")
    assert len(shell("list", "--json").lines) == 1
    # A number that is not ours is told, whatever is to be sent from it.
    shell("send", "--to", CUSTOMER, "--from", "+4570000000", "--body", "x", code=3)
    shell(*ADD)
    values = ("--var", "1=a", "--var", "2=b")
    other = ("send", "--to", CUSTOMER, "--from", "+4570000000", "--template", CONTENT_SID)
    shell(*other, *values, code=3)
    assert waiting(shell) == 3


def test_a_second_number_answers_in_its_own_thread(shell: Shell) -> None:
    second = "+4571993001"
    setup = SETUP.numbers[0]

    async def more(opened: OpenStore) -> None:
        numbers = (setup, replace(setup, address=second, name="Other"))
        await opened.desk.setup.apply(replace(SETUP, numbers=numbers))

    shell.work(more)
    shell.receive(inbound_form("a"), inbound_form("b", To=f"whatsapp:{second}"))
    threads = {line["number"]: line["id"] for line in shell("list", "--json").lines}
    for number, name in ((NUMBER, "Support Denmark"), (second, "Other")):
        sent = shell("send", "--to", CUSTOMER, "--from", name, "--body", "x", "--json").one
        assert sent["conversation"] == threads[number]


def test_waiting_without_an_engine_ends_with_5(shell: Shell) -> None:
    shell.told()
    done = shell("send", "--to", CUSTOMER, "--body", "x", "--wait", "0", "--json", code=5)
    assert done.one["status"] == "queued"


@pytest.mark.parametrize(
    ("status", "code", "exit_code"),
    [
        (DeliveryStatus.QUEUED, None, 5),
        (DeliveryStatus.SENDING, None, 5),
        (DeliveryStatus.UNKNOWN, None, 5),
        (DeliveryStatus.ACCEPTED, None, 0),
        (DeliveryStatus.READ, None, 0),
        (DeliveryStatus.FAILED, 63016, 6),
        (DeliveryStatus.FAILED, 63042, 6),
        (DeliveryStatus.FAILED, 21610, 6),
        (DeliveryStatus.FAILED, 63003, 1),
        (DeliveryStatus.FAILED, None, 1),
        (DeliveryStatus.UNDELIVERED, 63024, 1),
        (DeliveryStatus.CANCELED, None, 1),
    ],
)
def test_what_waiting_ends_with(status: DeliveryStatus, code: int | None, exit_code: int) -> None:
    message = ChatMessage(
        id="m",
        conversation_id="c",
        direction=Direction.OUTBOUND,
        kind=MessageKind.SESSION,
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        status=status,
        error=MessageError(code) if status is not DeliveryStatus.QUEUED else None,
    )
    assert exit_code_of(message) == exit_code


async def test_waiting_beside_a_running_engine(tmp_path: Path) -> None:
    async with live(tmp_path) as run:
        await run.told()
        args = ("send", "--to", WHO, "--json", "--wait", "20")
        sent = (await run(*args, "--body", "Den er på vej")).one
        assert sent["sid"].startswith("SM")
        assert sent["status"] in ("accepted", "sent", "delivered", "read")
        await run.fault("error_500_after")
        unknown = await run(*args, "--body", "Endnu en", code=5)
        assert unknown.one["status"] == "unknown"
        assert "not sent again blindly" in unknown.err


async def test_templates_are_fetched_from_twilio(tmp_path: Path) -> None:
    async with live(tmp_path) as run:
        synced = (await run("templates", "sync", "--json")).one
        found = (await run("templates", "list", "--json")).lines
        assert synced["found"] == len(found) > 0
        assert any(template["approval"] == "approved" for template in found)
        template = next(each for each in found if each["approval"] == "approved")
        values = [part for key in template["variables"] for part in ("--var", f"{key}=x")]
        args = ("--template", template["content_sid"], *values, "--wait", "20", "--json")
        assert (await run("send", "--to", WHO, *args)).one["kind"] == "template"
