"""credential_command: no shell, a deadline, a clean environment, two kinds of output."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from wa_console.config import SECRET_NAMES
from wa_console.domain.errors import SetupProblem
from wa_console.secretstore.command import parse_output, run_command

ENV = {
    "PATH": "/usr/bin:/bin",
    "TWILIO_AUTH_TOKEN": "canary",
    "WA_CONSOLE_PASSPHRASE": "canary",
    "CREDENTIALS_DIRECTORY": "/canary",
    "PASSWORD_STORE_DIR": "/store",
    "SOMETHING_ELSE": "canary",
}


def python(body: str) -> str:
    return shlex.join([sys.executable, "-c", body])


def run(body: str, *, limit_s: float = 20.0) -> dict[str, str]:
    return run_command(python(body), environ=ENV, known=SECRET_NAMES, limit_s=limit_s)


def test_one_bare_secret_is_the_token() -> None:
    assert run("print('abc')") == {"TWILIO_AUTH_TOKEN": "abc"}


def test_named_lines() -> None:
    output = b"""# remark
export TWILIO_ACCOUNT_SID='AC1'
TWILIO_API_SECRET = "a b=c"
TWILIO_API_KEY=
OTHER=1
"""
    found = parse_output(output.removeprefix(b"# remark\n"), known=SECRET_NAMES)
    assert found == {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_API_SECRET": "a b=c"}


def test_pass_keeps_remarks_below_the_secret() -> None:
    output = b"t0ken\nurl: twilio.com\nTWILIO_ACCOUNT_SID=AC1\n"
    assert parse_output(output, known=SECRET_NAMES) == {
        "TWILIO_AUTH_TOKEN": "t0ken",
        "TWILIO_ACCOUNT_SID": "AC1",
    }
    assert parse_output(b"", known=SECRET_NAMES) == {}
    assert parse_output(b"\xff", known=SECRET_NAMES)


def test_the_child_sees_nothing_of_ours(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    run(f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ))); print('x')")
    assert "canary" not in seen.read_text()
    assert "PASSWORD_STORE_DIR" in seen.read_text()


def test_no_shell(tmp_path: Path) -> None:
    command = f"echo x > {shlex.quote(str(tmp_path / 'made'))} $HOME"
    found = run_command(command, environ=ENV, known=SECRET_NAMES)
    assert found["TWILIO_AUTH_TOKEN"].endswith("$HOME")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("print('canary'); raise SystemExit(3)", "ended with 3"),
        ("pass", "no secret"),
        ("print('TWILIO_NONSENSE=canary')", "no secret"),
        ("print('x' * 70000)", "too much"),
        ("import sys; sys.stderr.write('canary')", "no secret"),
    ],
)
def test_failures_are_sentences_without_output(
    body: str, sentence: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SetupProblem, match=sentence) as failed:
        run(body)
    assert "canary" not in str(failed.value)
    assert capfd.readouterr() == ("", "")


def test_what_takes_too_long_ends_with_all_it_started() -> None:
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"
    with pytest.raises(SetupProblem, match="more than"):
        run(child, limit_s=0.3)


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(SetupProblem, match="No such file"):
        run_command("/nowhere/pass show x", environ=ENV, known=SECRET_NAMES)
