"""What the doctor makes of Twilio's answers: each link with a case where it is broken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.rig import NUMBER, SETUP
from tests.services.twilio_rig import TwilioRig
from wa_console.domain.setup import Setup, TemplateEntry
from wa_console.domain.template import Approval, Template
from wa_console.gateway.port import Health, Probed, Sender
from wa_console.gateway.twilio import TwilioGateway
from wa_console.services.checks import Check, Severity
from wa_console.services.doctor_twilio import (
    check_access,
    check_clock,
    check_sender,
    check_template,
    outside_checks,
    same_url,
    shown_url,
    twilio_checks,
)

OURS = SETUP.numbers[0]
URL = "https://chat.example.dk"
ONLINE = Sender(
    sid="XE1",
    address=f"whatsapp:{NUMBER}",
    status="ONLINE",
    quality="HIGH",
    messaging_limit="10K Customers/24hr",
    callback_url=f"{URL}/twilio/inbound#rc=3&rp=all",
    callback_method="POST",
    status_callback_url=f"{URL}/twilio/status",
)
ENTRY = TemplateEntry("HX" + "1" * 32, "da", "Hej {{1}}")
TEMPLATE = Template(
    ENTRY.content_sid, "order", "da", "twilio/text", "Hej {{1}}", approval=Approval.APPROVED
)


def by_name(checks: object) -> dict[str, Check]:
    assert isinstance(checks, list)
    return {check.check: check for check in checks}


def test_a_sender_in_order_is_told_with_its_limit_and_masked() -> None:
    checks = by_name(check_sender(OURS, [ONLINE], URL))
    assert list(checks) == ["sender", "quality", "webhook"]
    assert all(check.severity is Severity.INFO for check in checks.values())
    assert "10K" in checks["sender"].text
    assert not any(NUMBER in check.text for check in checks.values())


@pytest.mark.parametrize(
    ("sender", "name", "severity", "word"),
    [
        (replace(ONLINE, status="ONLINE:UPDATING"), "sender", Severity.INFO, "online"),
        (None, "sender", Severity.ERROR, "not a WhatsApp sender"),
        (replace(ONLINE, address="whatsapp:+1" + NUMBER[1:]), "sender", Severity.ERROR, "not a"),
        (
            replace(ONLINE, status="OFFLINE", offline_reasons=("banned (63020)",)),
            "sender",
            Severity.ERROR,
            "banned (63020)",
        ),
        (replace(ONLINE, status="PENDING"), "sender", Severity.ERROR, "no reason"),
        (replace(ONLINE, quality="LOW"), "quality", Severity.ERROR, "LOW"),
        (replace(ONLINE, quality="yellow"), "quality", Severity.WARNING, "YELLOW"),
        (replace(ONLINE, callback_url="https://old.example/x"), "webhook", Severity.ERROR, "old"),
        (replace(ONLINE, callback_url=""), "webhook", Severity.ERROR, "nowhere"),
        (replace(ONLINE, callback_url=f"{URL}/twilio/inbound/"), "webhook", Severity.ERROR, "/"),
        (replace(ONLINE, callback_method="PUT"), "webhook", Severity.ERROR, "PUT"),
        (replace(ONLINE, callback_method=""), "webhook", Severity.INFO, "to us"),
        (replace(ONLINE, status_callback_url=""), "webhook-status", Severity.INFO, "nowhere"),
        (
            replace(ONLINE, fallback_url="https://u:canary@b.example/f?k=canary"),
            "fallback",
            Severity.WARNING,
            "https://***@b.example/f",
        ),
    ],
)
def test_senders(sender: Sender | None, name: str, severity: Severity, word: str) -> None:
    check = by_name(check_sender(OURS, [sender] if sender else [], URL))[name]
    assert check.severity is severity
    assert word in check.text
    assert "canary" not in check.text
    assert bool(check.mend) is (severity is not Severity.INFO)


def test_a_fallback_that_is_ours_is_no_finding() -> None:
    sender = replace(ONLINE, fallback_url=f"{URL}/twilio/inbound#ct=500")
    assert "fallback" not in by_name(check_sender(OURS, [sender], URL))


def test_without_a_public_url_the_callback_is_nobodys_business() -> None:
    assert list(by_name(check_sender(OURS, [replace(ONLINE, callback_url="x")], None))) == [
        "sender",
        "quality",
    ]


def test_the_sandbox_is_in_no_list_and_its_url_is_shown_to_be_pasted() -> None:
    sandbox = replace(OURS, sandbox=True)
    (check,) = check_sender(sandbox, [], URL)
    assert check.ok
    assert f"{URL}/twilio/inbound" in check.text
    assert all(check.ok for check in check_sender(sandbox, [], None))


@pytest.mark.parametrize(
    ("found", "severity", "word"),
    [
        (TEMPLATE, Severity.INFO, "approved"),
        (replace(TEMPLATE, text="Hej {{1}}\r\n"), Severity.INFO, "approved"),
        (None, Severity.ERROR, "does not know"),
        (replace(TEMPLATE, text="Hello {{1}}"), Severity.WARNING, "Hello {{1}}"),
        (replace(TEMPLATE, language="en"), Severity.WARNING, "en “"),
        (
            replace(TEMPLATE, approval=Approval.REJECTED, reason="TAG_CONTENT_MISMATCH"),
            Severity.WARNING,
            "TAG_CONTENT_MISMATCH",
        ),
        (replace(TEMPLATE, approval=Approval.PAUSED), Severity.WARNING, "paused"),
        (replace(TEMPLATE, approval=Approval.UNSUBMITTED), Severity.WARNING, "unsubmitted"),
    ],
)
def test_templates(found: Template | None, severity: Severity, word: str) -> None:
    check = check_template(ENTRY, found)
    assert check.severity is severity
    assert word in check.text
    assert ENTRY.content_sid not in check.text


@pytest.mark.parametrize(
    ("offset", "severities"),
    [
        (None, []),
        (0.4, [Severity.INFO]),
        (30.0, [Severity.INFO]),
        (-31.0, [Severity.WARNING]),
        (90.0, [Severity.WARNING]),
    ],
)
def test_the_clock(offset: float | None, severities: list[Severity]) -> None:
    assert [check.severity for check in check_clock(offset)] == severities


@pytest.mark.parametrize(
    ("code", "word"), [(20003, "secrets set"), (None, "network"), (20404, "region"), (9, "Compare")]
)
def test_refused_credentials_name_what_to_do(code: int | None, word: str) -> None:
    check = check_access(Health(ok=False, sentence="No.", code=code))
    assert (check.ok, check.text) == (False, "No.")
    assert word in check.mend


def test_urls() -> None:
    url = "https://Chat.example/p/twilio/inbound"
    assert same_url("https://u:p@chat.example/p/twilio/inbound#rc=2", url)
    for other in ("http", "https://chat.example/twilio/inbound", f"{url}?x=1", f"{url}/"):
        assert not same_url(other, url)
    assert shown_url("https://u:p@h:1/a?b=c#d") == "https://***@h:1/a"


async def test_what_is_not_reached_is_not_probed() -> None:
    async def nobody() -> Probed:
        return Probed(ok=False, sentence="Nobody.")

    async def reached() -> Probed:
        return Probed(ok=True, sentence="Yes.")

    (check,) = await outside_checks(reach=nobody, probe=nobody)
    assert (check.check, check.ok) == ("reach", False)
    checks = await outside_checks(reach=reached, probe=nobody)
    assert [(each.check, each.ok) for each in checks] == [("reach", True), ("signature", False)]
    assert all(each.ok for each in await outside_checks(reach=reached, probe=reached))


async def test_over_the_wire(live: TwilioRig) -> None:
    known = (await live.gateway.templates())[0]
    setup = replace(
        SETUP,
        numbers=(replace(OURS, address=live.twilio.number),),
        templates=(
            TemplateEntry(known.content_sid, known.language, known.text),
            TemplateEntry("HX" + "0" * 32, "da", "x"),
        ),
    )
    sender = live.twilio.world.senders[f"whatsapp:{live.twilio.number}"]
    checks = await twilio_checks(live.gateway, setup, public_url=live.public_url)
    assert [check.check for check in checks if check.ok][:4] == [
        "twilio",
        "clock",
        "sender",
        "quality",
    ]
    assert [check.text for check in checks if not check.ok] == [
        "Twilio does not know the template HX00…00 (da)."
    ]
    sender.status, live.twilio.world.switches.date_skew_s = "OFFLINE", 120.0
    found = by_name(list(await twilio_checks(live.gateway, setup, public_url=live.public_url)))
    assert found["sender"].severity is Severity.ERROR
    assert found["clock"].severity is Severity.WARNING


@pytest.mark.parametrize("standard_key", [True, False])
async def test_a_standard_key_is_good_and_a_wrong_one_is_refused(
    live: TwilioRig, standard_key: bool
) -> None:
    config = live.twilio.config
    gateway = TwilioGateway(
        account_sid=config.account_sid,
        username=config.api_key,
        password=config.api_secret if standard_key else "wrong",
        base_url=live.twilio.base_url,
    )
    try:
        checks = await twilio_checks(gateway, Setup(), public_url=None)
    finally:
        await gateway.close()
    assert checks[0].ok is standard_key
    assert standard_key or "secrets set" in checks[0].mend
