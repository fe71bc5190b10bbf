"""One engine a store: who comes second waits, and takes over when the first has left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import Place, listening, until
from tests.e2e.stub import Stub
from tests.e2e.web import Webhook, get_json

TOKEN, PUBLIC_URL = "an-auth-token-of-the-tests", "https://console.example.dk"
ACCOUNT = "AC" + "5ca1ab1e" * 4
OURS, UNKNOWN_NUMBER = "+4571993000", "+4571993999"
TAKE_OVER_S = 4.0
"""CONTRACT says two seconds; twice that, for a machine that does other work as well."""


def setup(*numbers: str) -> str:
    """Return a set-up with these numbers."""
    tables = [f'[[number]]\nname = "{number}"\naddress = "{number}"\n' for number in numbers]
    return "\n".join([f'[account]\naccount_sid = "{ACCOUNT}"\n', *tables])


def form(*, customer: str, to: str = OURS, body: str = "hello") -> dict[str, str]:
    """Return a customer's message; every customer writes one."""
    return {
        "MessageSid": f"SM{customer.removeprefix('+'):0>32}",
        "AccountSid": ACCOUNT,
        "From": f"whatsapp:{customer}",
        "To": f"whatsapp:{to}",
        "Body": body,
        "NumMedia": "0",
        "ProfileName": customer,
        "ApiVersion": "2010-04-01",
    }


@pytest.fixture
def ours(tmp_path: Path, stub: Stub) -> Iterator[Place]:
    place = Place.in_folder(tmp_path).with_env(
        WA_CONSOLE_PUBLIC_URL=PUBLIC_URL,
        WA_CONSOLE_TWILIO_BASE_URL=stub.url,
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=TOKEN,
    )
    place.call("apply", "-", home=place.home(), stdin=setup(OURS)).ok()
    yield place
    assert not list(place.home().rglob("*.part"))


def listed(place: Place, view: str) -> list[str]:
    """Return the addresses of a view's customers."""
    lines = place.call("list", "--view", view, "--json", home=place.home()).ok().lines
    return [a.removeprefix("whatsapp:") for c in lines for a in c["customer"]["addresses"]]


def test_the_second_engine_stands_by_and_takes_over(ours: Place) -> None:
    home = ours.home()
    with ours.engine(home=home) as (first, _url):
        refused = ours.run("engine", "--port", "0", "--no-wait", home=home)
        assert refused.code == 4
        assert str(first.pid) in refused.err
        with ours.started("engine", "--port", "0", home=home) as second:
            second.line(lambda text: text.startswith("standing by"), err=True)
            assert second.out == []
            assert first.end() == 143
            url = listening(second, within=TAKE_OVER_S)
            assert Webhook(url, PUBLIC_URL, TOKEN).inbound(form(customer="+4530000001")).status
            until(lambda: listed(ours, "all") == ["+4530000001"], what="the message")
            assert second.end() == 143


def test_an_engine_that_waits_ends_at_once_when_told(ours: Place) -> None:
    with ours.engine(home=ours.home()), ours.started("engine", home=ours.home()) as second:
        second.line(lambda text: text.startswith("standing by"), err=True)
        assert second.end() == 143


def test_an_engine_that_was_killed_leaves_no_lease_behind(ours: Place) -> None:
    home = ours.home()
    with ours.engine(home=home) as (first, url):
        webhook = Webhook(url, PUBLIC_URL, TOKEN)
        assert webhook.inbound(form(customer="+4530000001")).status == 200
        first.kill()
    with ours.engine(home=home) as (second, url):
        # What was answered 200 was stored before.
        until(lambda: listed(ours, "all") == ["+4530000001"], what="the message")
        assert get_json(f"{url}/healthz")["status"] == "ok"
        assert second.end() == 143


def test_a_message_queued_without_an_engine_goes_out_when_one_starts(
    ours: Place, stub: Stub
) -> None:
    home, customer = ours.home(), "+4530000002"
    with ours.engine(home=home) as (first, url):
        webhook = Webhook(url, PUBLIC_URL, TOKEN)
        assert webhook.inbound(form(customer=customer)).status == 200
        until(lambda: listed(ours, "all"), what="the message")
        assert first.end() == 143
    stub.sids["later"] = f"SM{7:032}"
    queued = ours.call("send", "--to", customer, "--body", "later", "--json", home=home).ok()
    assert queued.one["status"] == "queued"
    waited = ours.call("send", "--to", customer, "--body", "later2", "--wait", "0", home=home)
    assert waited.code == 5
    stub.sids["later2"] = f"SM{8:032}"
    with ours.engine(home=home) as (second, _url):
        until(
            lambda: [f["Body"] for f in stub.creates][-2:] == ["later", "later2"], what="the send"
        )
        assert second.end() == 143


def test_a_running_engine_takes_up_what_apply_changes(ours: Place) -> None:
    home, early = ours.home(), "+4530000003"
    with ours.engine(home=home) as (engine, url):
        webhook = Webhook(url, PUBLIC_URL, TOKEN)
        strange = form(customer=early, to=UNKNOWN_NUMBER)
        assert webhook.inbound(strange).status == 200
        until(lambda: listed(ours, "quarantine") == [early], what="quarantine")
        assert early not in listed(ours, "all")
        assert get_json(f"{url}/healthz")["quarantined"] == 1

        ours.call("apply", "-", home=home, stdin=setup(OURS, UNKNOWN_NUMBER)).ok()
        numbers = iter(range(4, 1000))

        def known() -> bool:
            customer = f"+45300{next(numbers):05}"
            form_ = form(customer=customer, to=UNKNOWN_NUMBER)
            assert webhook.inbound(form_).status == 200
            until(
                lambda: customer in listed(ours, "all") + listed(ours, "quarantine"),
                what="projection",
            )
            return customer in listed(ours, "all")

        until(known, within=TAKE_OVER_S, what="the new number")
        (quarantined,) = [
            c["id"]
            for c in ours.call("list", "--view", "quarantine", "--json", home=home).lines
            if any(early in a for a in c["customer"]["addresses"])
        ]
        released = ours.call("release", quarantined, "--json", home=home).ok().one
        assert released["quarantined"] is False
        assert early in listed(ours, "all")
        assert engine.end() == 143
