"""The administrator's use cases as the console builds them: home, credentials, engine, Twilio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomli_w

from tests.cli.live import free_port
from wa_console import config, credentials
from wa_console.config import Settings
from wa_console.credentials import Credentials, Secret
from wa_console.domain.errors import NotAllowed, SetupProblem
from wa_console.domain.setup import Account, Number, Setup, Workstream
from wa_console.gateway.signature import Signature, SigningKeys
from wa_console.services.admin import Admin, Rotation
from wa_console.simulator.server import Simulator, SimulatorConfig
from wa_console.wiring.admin import build_admin, template_author
from wa_console.wiring.engine import signing_keys
from wa_console.wiring.renewal import Renewal
from wa_console.wiring.rotation import PRIMARY, SECONDARY
from wa_console.wiring.store import OpenStore, open_store

NEW = "0123456789abcdef" * 2


@dataclass(frozen=True, slots=True)
class Home:
    """An open home beside a simulated Twilio."""

    opened: OpenStore
    admin: Admin
    twilio: Simulator
    folder: Path


@pytest.fixture(autouse=True)
def _nothing_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("WA_CONSOLE_", "TWILIO_")):
            monkeypatch.delenv(name)
    # No keyring of the person is asked, nor written to.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("WA_CONSOLE_PASSPHRASE", "kaffe og kage")


@pytest.fixture(autouse=True)
def _ours_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)


@asynccontextmanager
async def home(folder: Path, *, token: str = "", plain: bool = False) -> AsyncIterator[Home]:
    """Write a home whose token stands in a named file, or in the plain one."""
    async with Simulator(SimulatorConfig(lively=False, auth_token=token or "ab" * 16)) as twilio:
        written = {
            "port": free_port(),
            "poll": 0,
            "twilio_base_url": twilio.base_url,
            "twilio_account_sid_file": str(folder / "account-sid"),
        }
        _write(folder / "account-sid", twilio.account_sid)
        if plain:
            _write(folder / "secrets.toml", tomli_w.dumps({PRIMARY: twilio.auth_token}))
        else:
            written["twilio_auth_token_file"] = str(folder / "token")
            _write(folder / "token", twilio.auth_token)
        _write(folder / config.CONFIG_NAME, tomli_w.dumps(written))
        settings = config.load({}, home=folder)
        async with open_store(settings) as opened:
            await opened.desk.setup.apply(
                Setup(
                    account=Account(twilio.account_sid, "Support"),
                    numbers=(Number(twilio.number, "Main"),),
                    workstreams=(Workstream("WhatsApp", ("Main",)),),
                )
            )
            yield Home(opened, build_admin(opened), twilio, folder)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def found(settings: Settings) -> Credentials:
    return credentials.find(settings)


async def test_the_doctor_asks_everything_with_what_the_home_has(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        names = [check.check async for check in here.admin.examine()]
    assert {"settings", "credentials", "store", "sqlite", "twilio", "sender"} <= set(names)


async def test_templates_and_senders_are_asked_with_them(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        synced = await here.admin.templates.sync()
        assert synced.found == len(here.twilio.world.contents)
        assert list(await here.admin.channels.look()) == [here.twilio.number]
        maker = template_author(here.opened, found(here.opened.settings))
        assert (await maker.library()).templates


async def test_without_credentials_each_says_so(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        (here.folder / "token").unlink()
        with pytest.raises(SetupProblem):
            await here.admin.templates.sync()
        checks = [check async for check in here.admin.examine()]
        assert not next(check for check in checks if check.check == "credentials").ok


async def test_a_token_in_a_file_of_the_persons_is_theirs_to_change(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        state = await here.admin.rotation.state()
        assert state.primary
        assert not state.writable
        with pytest.raises(NotAllowed, match="secondary"):
            await here.admin.rotation.finish()


@pytest.mark.parametrize("token", ["", "short", "g" * 32])
async def test_what_is_no_token_is_refused_before_twilio_is_asked(
    tmp_path: Path, token: str
) -> None:
    async with home(tmp_path) as here:
        with pytest.raises(NotAllowed, match="32"):
            await here.admin.rotation.begin(Secret(token))
        with pytest.raises(NotAllowed, match="in use"):
            await here.admin.rotation.begin(Secret(here.twilio.auth_token))


async def test_a_token_twilio_refuses_is_not_kept(tmp_path: Path) -> None:
    async with home(tmp_path, plain=True) as here:
        with pytest.raises(SetupProblem, match="does not take"):
            await here.admin.rotation.begin(Secret("f" * 32))
        assert (await here.admin.rotation.state()).secondary == ""


async def test_a_token_is_rotated_without_a_gap(tmp_path: Path) -> None:
    async with home(tmp_path, plain=True, token=NEW) as here:
        # The home still has an old one; Twilio (the simulator) already takes the new one.
        _write(here.folder / "secrets.toml", tomli_w.dumps({PRIMARY: "ab" * 16}))
        await here.admin.rotation.begin(Secret(f" {NEW} "))
        state = await here.admin.rotation.state()
        assert state == Rotation(state.primary, state.secondary, writable=True)
        assert state.secondary
        both = signing_keys(found(here.opened.settings))
        assert both.tokens == ("ab" * 16, NEW)
        await here.admin.rotation.finish()
        assert signing_keys(found(here.opened.settings)).tokens == (NEW,)
        assert (await here.admin.rotation.state()).secondary == ""
        assert SECONDARY not in (here.folder / "secrets.toml").read_text("utf-8")


async def test_a_running_engine_takes_the_new_token_up(tmp_path: Path) -> None:
    async with home(tmp_path, plain=True, token=NEW) as here:
        _write(here.folder / "secrets.toml", tomli_w.dumps({PRIMARY: "ab" * 16}))
        signature = Signature("https://chat.example.dk", SigningKeys(tokens=("ab" * 16,)))
        taken = asyncio.Event()

        def take(new: Credentials) -> None:
            signature.use(signing_keys(new))
            taken.set()

        renewal = Renewal(
            store=here.opened.store, find=lambda: found(here.opened.settings), take=take
        )

        async def loop() -> None:
            while True:
                await renewal.step()

        task = asyncio.create_task(loop())
        try:
            await here.opened.store.changed(0, timeout_s=0.2)
            assert not taken.is_set()
            await here.admin.rotation.begin(Secret(NEW))
            async with asyncio.timeout(10):
                await taken.wait()
        finally:
            task.cancel()
        assert "***2" in repr(signature)
