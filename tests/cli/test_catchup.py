"""``catch-up``: what was missed, beside a running engine, without one, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.live import WHO, live
from tests.cli.shell import Shell
from wa_console.domain.clock import parse_iso


async def test_beside_a_running_engine_it_brings_what_webhooks_did_not(tmp_path: Path) -> None:
    async with live(tmp_path) as running:
        await running.told("the webhook tells this one")
        for sender in running.twilio.world.senders.values():
            sender.webhook.callback_url = None
        for number in range(3):
            await running.twilio.say(WHO, body=f"missed {number}")
        told = (await running("catch-up", "--json")).one
        again = (await running("catch-up", "--json", "--since", "2026-01-01")).one
        words = await running("catch-up")
        listed = (await running("list", "--json")).one
        shown = (await running("show", listed["id"], "--json")).lines
    assert set(told) == {"found", "new", "already_here", "from", "to"}
    assert (told["found"], told["new"], told["already_here"]) == (4, 3, 1)
    assert parse_iso(told["from"]) < parse_iso(told["to"])
    assert (again["found"], again["new"], again["already_here"]) == (4, 0, 4)
    assert words.out == "0 messages were missed.\n"
    assert "4 were here already" in words.err
    assert [each["body"] for each in shown][1:] == ["missed 0", "missed 1", "missed 2"]
    assert [each["source"] for each in shown[-1]["statuses"]] == ["catch-up"]
    assert listed["unread"] == 4


async def test_what_is_missed_is_shown_without_an_engine_too(tmp_path: Path) -> None:
    async with live(tmp_path) as running:
        env = {**running.env, "WA_CONSOLE_HOME": str(tmp_path / "another")}
        elsewhere = replace(running, env=env)
        (tmp_path / "another").mkdir(mode=0o700)
        setup = tmp_path / "setup.toml"
        account, number = running.twilio.account_sid, running.twilio.number
        setup.write_text(
            f'[account]\naccount_sid = "{account}"\n[[number]]\naddress = "{number}"\n',
            encoding="utf-8",
        )
        await running.told("heard by the first home only")
        await elsewhere("apply", str(setup))
        told = (await elsewhere("catch-up", "--json")).one
        assert (told["found"], told["new"]) == (1, 1)
        (listed,) = (await elsewhere("list", "--json")).lines
        assert listed["last_message"]["body"] == "heard by the first home only"


def test_without_credentials_it_says_what_to_set(shell: Shell) -> None:
    shell.set_up()
    assert "TWILIO_ACCOUNT_SID" in shell("catch-up", code=3).err


def test_without_a_number_it_says_so(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "x" * 32)
    assert "No number is set up" in shell("catch-up", code=3).err


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "", "9999-12-31T23:59"])
def test_a_wrong_time_is_wrong_usage(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, since: str
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "x" * 32)
    assert "--since" in shell("catch-up", "--since", since, code=2).err
