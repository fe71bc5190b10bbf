"""``doctor``: every link named, what is broken with its mend, nothing secret in the output."""

from __future__ import annotations

import os
import socket
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.live import free_port, live
from tests.cli.shell import Json, Shell
from tests.services.rig import ACCOUNT, SETUP
from wa_console.services import doctor_machine as machine
from wa_console.services.checks import Severity, masked_sid
from wa_console.services.facts import LAST_WEBHOOK_MS

TOKEN = "t0ken0123456789abcdef0123456789a"
Usage = namedtuple("Usage", "total used free")


def by_name(lines: list[Json]) -> dict[str, Json]:
    return {line["check"]: line for line in lines}


@pytest.fixture
def credentials(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell.home.name, "the shell clears the environment first"
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)


def test_a_new_home_is_told_what_is_missing(shell: Shell) -> None:
    found = by_name(shell("doctor", "--offline", "--json", code=1).lines)
    for line in found.values():
        assert list(line) == ["check", "ok", "severity", "text", "mend"]
    broken = {name for name, line in found.items() if not line["ok"]}
    assert broken == {"credentials", "set-up"}
    assert "TWILIO_AUTH_TOKEN" in found["credentials"]["mend"]
    assert "apply" in found["set-up"]["mend"]
    assert found["engine"]["severity"] == "warning"


@pytest.mark.usefixtures("credentials")
def test_all_well_ends_with_0_and_tells_no_secret(shell: Shell) -> None:
    shell.set_up()
    done = shell("doctor", "--offline")
    assert TOKEN not in done.out
    assert ACCOUNT not in done.out
    assert masked_sid(ACCOUNT) in done.out
    assert "BROKEN" not in done.out
    assert max(len(line) for line in done.out.splitlines() if "/" not in line) <= 80


@pytest.mark.usefixtures("credentials")
def test_a_setup_for_another_account_is_broken(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.set_up()
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    found = by_name(shell("doctor", "--offline", "--json", code=1).lines)
    assert "credentials are of" in found["set-up"]["text"]


def test_wrong_settings_are_a_finding(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WA_CONSOLE_PORT", "many")
    (line,) = shell("doctor", "--offline", "--json", code=1).lines
    assert (line["check"], line["ok"]) == ("settings", False)
    assert "WA_CONSOLE_PORT" in line["text"]


def test_an_api_key_alone_cannot_check_signatures(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"ACCOUNT_SID": ACCOUNT, "API_KEY": "SK1", "API_SECRET": "s"}.items():
        monkeypatch.setenv(f"TWILIO_{name}", value)
    found = by_name(shell("doctor", "--offline", "--json", code=1).lines)
    assert "signatures" in found["credentials"]["mend"]


def test_a_secret_file_that_others_can_read(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(shell.file(TOKEN, "token"))
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN_FILE", str(path))
    shell.set_up()
    path.chmod(0o644)
    found = by_name(shell("doctor", "--offline", "--json", code=1).lines)
    assert "chmod 600" in found["credentials"]["text"]
    path.chmod(0o600)
    found = by_name(shell("doctor", "--offline", "--json").lines)
    assert found["credentials"]["severity"] == "info"
    assert str(path) in found["credentials"]["text"]
    path.unlink()
    shell("doctor", "--offline", code=1)


def test_a_damaged_store_is_a_finding_not_a_traceback(shell: Shell) -> None:
    shell.set_up()
    store = shell.home / "store.db"
    raw = bytearray(store.read_bytes())
    raw[5000:9000] = b"\xa5" * 4000
    store.write_bytes(raw)
    found = by_name(shell("doctor", "--offline", "--json", code=1).lines)
    assert found["integrity"]["ok"] is False
    assert "store.db" in found["integrity"]["text"]


def test_a_file_that_is_no_store_is_a_finding(shell: Shell) -> None:
    shell.home.mkdir()
    (shell.home / "store.db").write_text("hello " * 1000)
    found = by_name(shell("doctor", "--offline", "--json", code=1).lines)
    assert found["store"]["ok"] is False


def test_nothing_comes_in_without_url_and_polling(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WA_CONSOLE_POLL", "0")
    found = by_name(shell("doctor", "--offline", "--json", code=1).lines)
    assert found["public-url"]["ok"] is False


@pytest.mark.parametrize(
    ("version", "severity"),
    [((3, 40, 1), Severity.WARNING), ((3, 51, 2), Severity.WARNING), ((3, 51, 3), Severity.INFO)],
)
def test_the_version_of_sqlite(version: tuple[int, ...], severity: Severity) -> None:
    assert machine.check_sqlite(version).severity is severity


@pytest.mark.parametrize(
    ("free", "severity"),
    [(10**10, Severity.INFO), (5 * 10**8, Severity.WARNING), (10**6, Severity.ERROR)],
)
def test_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, severity: Severity
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(10**12, 0, free))
    assert machine.check_space(tmp_path).severity is severity


def test_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    file = tmp_path / "store.db"
    file.touch(0o600)
    assert machine.check_permissions(tmp_path, [file, tmp_path / "none"]).severity is Severity.INFO
    file.chmod(0o640)
    check = machine.check_permissions(tmp_path, [file])
    assert check.severity is Severity.WARNING
    assert f"chmod go-rwx {file}" in check.mend


def test_integrity() -> None:
    assert machine.check_integrity([]).ok
    assert "store.db" in machine.check_integrity(["store.db: page 3"]).text


async def test_the_port() -> None:
    assert (await machine.check_listener("127.0.0.1", 0, engine=False)).ok
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        # It takes connections and says nothing, as another program might.
        other.close()
        assert (await machine.check_listener("127.0.0.1", port, engine=False)).ok
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        holder.shutdown(socket.SHUT_RDWR)
        check = await machine.check_listener("127.0.0.1", port, engine=True)
        assert check.severity is Severity.WARNING
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        check = await machine.check_listener("127.0.0.1", port, engine=False)
        assert check.severity is Severity.ERROR
        assert str(port) in check.text


async def test_beside_a_running_engine(tmp_path: Path) -> None:
    async with live(tmp_path) as run:
        os.chmod(tmp_path, 0o700)  # noqa: PTH101 - the sync call on a loop is as short as it gets
        await run.told()
        while await run.opened.store.read(lambda s: s.facts.number(LAST_WEBHOOK_MS)) is None:
            await run.opened.store.changed(10**9, timeout_s=0.1)
        found = by_name((await run("doctor", "--json")).lines)
        assert all(line["ok"] for line in found.values())
        assert found["engine"]["severity"] == "info"
        assert found["listener"]["text"].startswith("Our engine answers")
        assert found["twilio"]["severity"] == "info"
        assert "is online" in found["sender"]["text"]
        assert run.twilio.number not in found["sender"]["text"]
        assert found["webhooks"]["text"].startswith("The last webhook came")
        assert found["reach"]["severity"] == found["signature"]["severity"] == "info"
        assert found["webhook"]["severity"] == "info"
        behind = await run.opened.store.journal.last_seq()
        url = f"http://127.0.0.1:{free_port()}"
        elsewhere = await run("doctor", "--json", code=1, WA_CONSOLE_PUBLIC_URL=url)
        assert "elsewhere" in by_name(elsewhere.lines)["webhook"]["text"]
        assert by_name(elsewhere.lines)["reach"]["ok"] is False
        assert await run.opened.store.journal.last_seq() == behind
        refused = await run("doctor", "--json", code=1, TWILIO_AUTH_TOKEN="wrong")
        broken = by_name(refused.lines)
        assert broken["twilio"]["ok"] is False
        assert "secrets set" in broken["twilio"]["mend"]
        assert broken["signature"]["ok"] is False
        nobody = await run(
            "doctor", "--json", code=1, WA_CONSOLE_TWILIO_BASE_URL="http://127.0.0.1:9"
        )
        assert by_name(nobody.lines)["twilio"]["ok"] is False


def test_the_setup_without_a_workstream(shell: Shell) -> None:
    shell.work(lambda opened: opened.desk.setup.apply(replace(SETUP, workstreams=())))
    found = by_name(shell("doctor", "--offline", "--json", code=1).lines)
    assert found["set-up"]["severity"] == "warning"
    assert SETUP.numbers[0].address not in found["set-up"]["text"]
