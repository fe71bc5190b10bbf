"""Wrong input gets a sentence and the exit code of CONTRACT, never a traceback.

`Place.run` and `Program.end` look for tracebacks; here are the codes and the words.
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import Done, Place, until
from tests.e2e.stub import Stub
from tests.e2e.test_lease import ACCOUNT, OURS, PUBLIC_URL, TOKEN, form, setup
from tests.e2e.web import Webhook, get_json


@pytest.fixture
def here(tmp_path: Path) -> Place:
    """A computer on which nothing was set up yet."""
    return Place.in_folder(tmp_path)


def sentence(done: Done, code: int) -> str:
    """Check that it ended with a code and a sentence, and printed no data; returns the sentence."""
    assert done.code == code, (done.args, done.code, done.err)
    assert done.out == ""
    said = done.err.strip()
    assert " " in said
    assert "unexpected error" not in said
    return said


@pytest.mark.parametrize("words", [(), ("demo",), ("--attach",)])
def test_a_screen_needs_a_terminal(here: Place, words: tuple[str, ...]) -> None:
    assert "terminal" in sentence(here.run(*words, home=here.home()), 2)


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("list", "--limit", "0"),
        ("list", "--limit", "100001"),
        ("list", "--view", "nonsense"),
        ("show",),
        ("send", "--body", "no address"),
        ("send", "--to", OURS),
        ("send", "--to", OURS, "--body", "a", "--template", "HX1"),
        ("send", "--to", "not an address", "--body", "a"),
        ("send", "--to", OURS, "--template", "HX1", "--var", "no-equals-sign"),
        ("send", "--to", OURS, "--media", "no-such-file.png"),
        ("apply", "no-such-file.toml"),
        ("demo", "--headless", "--scenario", "nonsense"),
        ("demo", "--headless", "--speed", "-1"),
        ("engine", "--port", "65536"),
        ("assign", OURS),
        ("presence", "anna", "nonsense"),
    ],
    ids=" ".join,
)
def test_wrong_usage(here: Place, words: tuple[str, ...]) -> None:
    sentence(here.run(*words, home=here.home()), 2)


@pytest.mark.parametrize("command", ["show", "close", "reopen", "release", "discard"])
@pytest.mark.parametrize("who", ["+4530998877", "01jd0000000000000000000000"])
def test_no_such_conversation(here: Place, command: str, who: str) -> None:
    sentence(here.call(command, who, home=here.home()), 1)


# --- store -------------------------------------------------------------------------------------


def a_text_file(path: Path) -> None:
    path.write_text("This is not a database, whatever its name says.\n" * 100)


def an_empty_page(path: Path) -> None:
    path.write_bytes(bytes(8192))


def a_foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE recipes (name TEXT)")
    base.close()


def a_folder(path: Path) -> None:
    path.mkdir()


def a_damaged_store(path: Path) -> None:
    _overwrite(path, 100, 3996)


def a_damaged_header(path: Path) -> None:
    _overwrite(path, 44, 4)


def a_short_store(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _overwrite(path: Path, start: int, count: int) -> None:
    data = bytearray(path.read_bytes())
    data[start : start + count] = b"\xa5" * count
    path.write_bytes(data)


def a_newer_store(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 9999")
    base.close()


@pytest.mark.parametrize("make", [a_text_file, an_empty_page, a_foreign_database, a_folder])
@pytest.mark.parametrize("name", ["store.db", "journal.db"])
def test_what_is_no_store_of_ours_is_left_alone(
    here: Place, make: Callable[[Path], None], name: str
) -> None:
    here.home().mkdir()
    path = here.home() / name
    make(path)
    before = path.read_bytes() if path.is_file() else None
    assert name in sentence(here.call("list", home=here.home()), 4)
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("make", [a_newer_store, a_damaged_store, a_damaged_header, a_short_store])
def test_a_store_of_another_time_is_refused(here: Place, make: Callable[[Path], None]) -> None:
    here.call("apply", "-", home=here.home(), stdin=setup(OURS)).ok()
    make(here.home() / "store.db")
    for words in (("list",), ("engine",), ("send", "--to", OURS, "--body", "a")):
        sentence(here.run(*words, home=here.home()), 4)


@pytest.mark.parametrize(
    "url", ["sqlite:////proc/nowhere/store.db", "sqlite:////dev/null", "sqlite:////dev/full"]
)
def test_a_store_that_cannot_be_used(here: Place, url: str) -> None:
    sentence(here.call("--store", url, "list", home=here.home()), 4)


@pytest.mark.parametrize("url", ["mysql://here/base", "store.db"])
def test_a_store_url_that_nobody_serves(here: Place, url: str) -> None:
    sentence(here.call("--store", url, "list", home=here.home()), 3)


def test_a_login_in_a_store_url_is_not_told(here: Place) -> None:
    url = "postgresql://anna:geheim@127.0.0.1:9/base"
    said = sentence(here.call("--store", url, "list", home=here.home()), 3)
    assert "geheim" not in said


# --- settings, credentials, port ---------------------------------------------------------------


def test_every_wrong_setting_is_told_at_once(here: Place) -> None:
    here.home().mkdir()
    config = here.home() / "config.toml"
    config.write_text(
        'port = 70000\npublic_url = "http://example.com"\nnonsense = 1\nlang = "xx"\n'
    )
    place = here.with_env(WA_CONSOLE_POLL="soon")
    said = sentence(place.call("list", home=here.home()), 3)
    for word in ("port", "public_url", "nonsense", "lang", "WA_CONSOLE_POLL"):
        assert word in said
    assert sentence(place.call("config", "check", home=here.home()), 3) == said


@pytest.mark.parametrize("content", [b'port = 1\nport = "2', b"\xff\xfe", b"[[[\n"])
def test_settings_that_are_not_toml(here: Place, content: bytes) -> None:
    here.home().mkdir()
    (here.home() / "config.toml").write_bytes(content)
    assert "config.toml" in sentence(here.call("list", home=here.home()), 3)


WRONG_SETUP = """
[account]
account_sid = "not a sid"
colour = "blue"

[[number]]
name = "Support"

[[queue]]
name = "Delivery"
members = ["nobody"]
assignment = "by-magic"

[[workstream]]
name = "WhatsApp"
numbers = ["No such number"]
"""


def test_every_mistake_of_a_set_up_is_told_at_once_and_nothing_applied(here: Place) -> None:
    home = here.home()
    here.call("apply", "-", home=home, stdin=setup(OURS)).ok()
    before = here.call("dump", home=home).ok().out
    said = sentence(here.call("apply", "-", home=home, stdin=WRONG_SETUP), 3)
    for word in ("account_sid", "colour", "address", "nobody", "by-magic", "No such number"):
        assert word in said
    assert here.call("dump", home=home).ok().out == before


@pytest.mark.parametrize("content", ["[account", "account = 3\n", "[[number]]\n[[number]\n"])
def test_a_set_up_that_is_not_toml(here: Place, content: str) -> None:
    assert "line" in sentence(here.call("apply", "-", home=here.home(), stdin=content), 3)


@pytest.mark.parametrize(
    "missing", [("TWILIO_AUTH_TOKEN",), ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")]
)
def test_an_engine_needs_credentials(here: Place, missing: tuple[str, ...]) -> None:
    env = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
    place = here.with_env(**{name: v for name, v in env.items() if name not in missing})
    said = sentence(place.run("engine", "--port", "0", home=here.home()), 3)
    assert "TWILIO_AUTH_TOKEN" in said


def test_a_credential_file_that_is_not_there(here: Place) -> None:
    place = here.with_env(
        TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKEN_FILE=str(here.folder / "no-such-token")
    )
    said = sentence(place.run("engine", "--port", "0", home=here.home()), 3)
    assert "no-such-token" in said


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_a_port_that_is_taken(here: Place, taken: str) -> None:
    place = here.with_env(TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKEN=TOKEN)
    assert taken in sentence(place.run("engine", "--port", taken, home=here.home()), 3)
    assert taken in sentence(place.run("simulate", "--port", taken, home=here.home()), 3)


# --- refused by Twilio's rules -----------------------------------------------------------------


def test_a_wrong_token_lets_nothing_in_and_the_doctor_says_so(here: Place, stub: Stub) -> None:
    place = here.with_env(
        WA_CONSOLE_PUBLIC_URL=PUBLIC_URL,
        WA_CONSOLE_TWILIO_BASE_URL=stub.url,
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN="not-the-token-that-twilio-signs-with",
    )
    home = here.home()
    place.call("apply", "-", home=home, stdin=setup(OURS)).ok()
    with place.engine(home=home) as (engine, url):
        for customer in ("+4530000001", "+4530000002"):
            answer = Webhook(url, PUBLIC_URL, TOKEN).inbound(form(customer=customer))
            assert answer.status == 403
        until(lambda: get_json(f"{url}/healthz")["rejected"] == 2, what="the count")
        assert place.call("list", "--json", home=home).ok().out == ""
        checks = place.call("doctor", "--offline", "--json", home=home).lines
        (found,) = [check for check in checks if check["check"] == "webhooks"]
        assert found["severity"] in {"warning", "error"}
        assert "2" in found["text"]
        assert "Auth Token" in found["text"]
        assert found["mend"]
        assert engine.end() == 143


@pytest.mark.parametrize("number", ["+4571990000", "Nobody's number"])
def test_only_a_number_of_ours_can_send(here: Place, stub: Stub, number: str) -> None:
    place = here.with_env(
        WA_CONSOLE_PUBLIC_URL=PUBLIC_URL,
        WA_CONSOLE_TWILIO_BASE_URL=stub.url,
        TWILIO_ACCOUNT_SID=ACCOUNT,
        TWILIO_AUTH_TOKEN=TOKEN,
    )
    home, customer = here.home(), "+4530000001"
    place.call("apply", "-", home=home, stdin=setup(OURS)).ok()
    with place.engine(home=home) as (engine, url):
        assert Webhook(url, PUBLIC_URL, TOKEN).inbound(form(customer=customer)).status == 200
        show = ("show", customer, "--json")
        until(lambda: place.call(*show, home=home).code == 0, what="the message")
        before = place.call(*show, home=home).out
        done = place.call("send", "--to", customer, "--from", number, "--body", "a", home=home)
        assert done.code in {2, 3}
        assert number in sentence(done, done.code)
        assert place.call(*show, home=home).out == before
        assert engine.end() == 143
