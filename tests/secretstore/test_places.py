"""Which place wins, why the earlier ones missed, and what is refused instead of skipped."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.secretstore.conftest import HEADFUL
from wa_console import config, credentials
from wa_console.config import Settings
from wa_console.credentials import Credentials
from wa_console.domain.errors import SetupProblem
from wa_console.secretstore.passphrase import Passphrase
from wa_console.secretstore.places import Place
from wa_console.secretstore.plain import FILE_NAME as PLAIN
from wa_console.secretstore.plain import write_plain
from wa_console.secretstore.ring import Ring
from wa_console.secretstore.sealed import FILE_NAME as SEALED
from wa_console.secretstore.sealed import seal
from wa_console.secretstore.secret import Secret

TOKEN = "TWILIO_AUTH_TOKEN"
SID = "TWILIO_ACCOUNT_SID"
OPEN = {"WA_CONSOLE_PASSPHRASE": "open"}


@dataclass
class Home:
    """A home with its settings, to be filled place by place."""

    folder: Path
    extra: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700)

    @property
    def settings(self) -> Settings:
        (self.folder / "config.toml").write_text(self.extra)
        return config.load({}, home=self.folder)

    def find(self, environ: Mapping[str, str] | None = None) -> Credentials:
        return credentials.find(self.settings, environ or {})

    def file(self, text: str, mode: int = 0o600) -> str:
        path = self.folder / f"file-{text}"
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def command(self, body: str) -> None:
        words = shlex.join([sys.executable, "-c", body])
        self.extra += f"credential_command = {json.dumps(words)}\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_the_order_is_the_one_that_is_promised(home: Home, tmp_path: Path, ring_file: Path) -> None:
    assert not ring_file.exists()
    write_plain(home.folder / PLAIN, {TOKEN: "plain"})
    assert home.find().auth_token.reveal() == "plain"
    seal(home.folder / SEALED, Secret("open"), {TOKEN: "sealed"}, work=16)
    env = {**OPEN}
    assert home.find(env).auth_token.reveal() == "sealed"
    env |= HEADFUL
    Ring(home.folder, environ=env).save(TOKEN, "ring")
    assert home.find(env).auth_token.reveal() == "ring"
    home.command("print('command')")
    assert home.find(env).auth_token.reveal() == "command"
    home.extra += f'twilio_auth_token_file = "{home.file("config")}"\n'
    assert home.find(env).auth_token.reveal() == "config"
    env |= {TOKEN: "environment"}
    assert home.find(env).auth_token.reveal() == "environment"
    env |= {f"{TOKEN}_FILE": home.file("named")}
    assert home.find(env).auth_token.reveal() == "named"
    (tmp_path / "twilio_auth_token").write_text("systemd\n")
    env |= {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    found = home.find(env)
    assert found.auth_token.reveal() == "systemd"
    assert found.sources == {TOKEN: str(tmp_path / "twilio_auth_token")}


def test_each_credential_has_its_own_first_place(home: Home) -> None:
    write_plain(home.folder / PLAIN, {TOKEN: "plain", SID: "AC-plain"})
    found = home.find({SID: " AC-env ", "WA_CONSOLE_TWILIO_API_KEY": "SK1"})
    assert (found.account_sid, found.auth_token.reveal()) == ("AC-env", "plain")
    assert found.api_key == "SK1"
    assert found.plain
    assert found.sources[SID] == "the environment"
    assert found.sources[TOKEN].endswith(PLAIN)


def test_the_trail_tells_why_the_others_missed(home: Home) -> None:
    found = home.find({SID: "AC1", TOKEN: "t", "XDG_RUNTIME_DIR": str(home.folder)})
    assert [look.place for look in found.looks] == list(Place)
    missed = {look.place: look.missed for look in found.looks}
    assert "systemd" in missed[Place.SYSTEMD]
    assert missed[Place.ENVIRONMENT] == ""
    assert "credential_command" in missed[Place.COMMAND]
    assert "desktop session" in missed[Place.KEYRING]
    assert SEALED in missed[Place.FILE]
    assert PLAIN in missed[Place.PLAIN]
    assert not found.plain


def test_an_empty_home_has_nothing_and_says_so(home: Home) -> None:
    found = home.find()
    assert not found.can_call
    assert not found.can_verify
    assert all(look.missed and not look.problem for look in found.looks)


def test_the_file_is_opened_only_for_what_is_missing(home: Home) -> None:
    seal(home.folder / SEALED, Secret("open"), {TOKEN: "sealed"}, work=16)

    def ask(new: bool) -> Secret:
        raise AssertionError(f"asked: {new}")

    env = {SID: "AC1", TOKEN: "t"}
    found = credentials.find(home.settings, env, passphrase=Passphrase(ask, environ={}))
    assert found.auth_token.reveal() == "t"


def test_a_locked_file_with_what_we_need_is_a_sentence(home: Home) -> None:
    seal(home.folder / SEALED, Secret("open"), {TOKEN: "sealed"}, work=16)
    with pytest.raises(SetupProblem, match="is locked"):
        home.find({SID: "AC1"})
    with pytest.raises(SetupProblem, match="does not open"):
        home.find({SID: "AC1", "WA_CONSOLE_PASSPHRASE": "wrong"})
    assert home.find({SID: "AC1", **OPEN}).can_call


def test_a_named_file_is_never_replaced_by_another_place(home: Home) -> None:
    write_plain(home.folder / PLAIN, {TOKEN: "plain", SID: "AC1"})
    for path in (home.file("open", 0o644), str(home.folder / "none")):
        with pytest.raises(SetupProblem, match=TOKEN):
            home.find({f"{TOKEN}_FILE": path})


def test_a_broken_place_stops_only_when_something_is_missing(home: Home) -> None:
    home.command("raise SystemExit(1)")
    with pytest.raises(SetupProblem, match="ended with 1"):
        home.find({SID: "AC1"})
    found = home.find({SID: "AC1", TOKEN: "t"})
    assert found.can_verify
    assert [look.place for look in found.looks if look.problem] == [Place.COMMAND]


def test_a_plain_file_that_others_can_read_or_that_is_damaged(home: Home) -> None:
    path = home.folder / PLAIN
    write_plain(path, {TOKEN: "canary"})
    path.chmod(0o640)
    with pytest.raises(SetupProblem, match="chmod 600"):
        home.find()
    path.chmod(0o600)
    for text in ("TWILIO = canary", "a = 1", "[t]\nx = 'canary'", "\x00"):
        path.write_text(text)
        with pytest.raises(SetupProblem, match="every line") as refused:
            home.find()
        assert "canary" not in str(refused.value)


def test_a_credential_of_systemd_that_cannot_be_read(home: Home, tmp_path: Path) -> None:
    (tmp_path / "twilio_auth_token").mkdir()
    with pytest.raises(SetupProblem, match="cannot be read"):
        home.find({"CREDENTIALS_DIRECTORY": str(tmp_path)})


def test_a_command_with_half_a_quote_is_found_in_the_settings(home: Home) -> None:
    home.extra = 'credential_command = "pass \'x"\n'
    with pytest.raises(SetupProblem, match="quotation"):
        _ = home.settings
