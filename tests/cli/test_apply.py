"""``apply`` and ``dump``: all or nothing, everything wrong at once, there and back the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.cli.shell import Shell
from tests.setup_texts import ACCOUNT_SID, CONTENT_SID, WHOLE, setups
from wa_console.cli.setup_format import write_setup
from wa_console.domain.setup import Setup
from wa_console.domain.setup_check import read_setup


def test_dump_of_what_was_applied_applies_without_a_change(shell: Shell) -> None:
    shell("apply", shell.file(WHOLE))
    first = shell("dump").out
    assert read_setup(first) == read_setup(WHOLE)
    again = shell("apply", shell.file(first), "--json").one
    assert again == {"applied": True, "changes": []}
    assert shell("dump").out == first


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(setup=setups())
def test_any_setup_survives_the_store(shell: Shell, setup: Setup) -> None:
    text = write_setup(setup)
    shell("apply", shell.file(text))
    assert shell("dump").out == text


def test_an_empty_home_dumps_nothing(shell: Shell) -> None:
    assert shell("dump").out == ""
    assert shell("dump", "--json").one == {}


def test_the_dump_has_the_shape_of_the_contract(shell: Shell) -> None:
    shell("apply", shell.file(WHOLE))
    out = shell("dump").out
    assert '[[number]]\naddress = "+4570203040"\nname = "Support Denmark"\n' in out
    assert "[[workstream.rule]]\nwhen = { text_matches" in out
    assert "skills = { danish = 3 }" in out
    assert shell("dump", "--json").one["account"]["account_sid"] == ACCOUNT_SID


def test_the_changes_are_shown_and_a_dry_run_makes_none(shell: Shell) -> None:
    done = shell("apply", shell.file(WHOLE), "--dry-run")
    assert "+ number +4570203040" in done.out.splitlines()
    assert "Nothing was applied" in done.err
    assert shell("dump").out == ""
    shell("apply", shell.file(WHOLE))
    changed = shell("apply", shell.file(WHOLE.replace("capacity = 5", "capacity = 7")))
    assert changed.out.splitlines() == ["~ representative anna: capacity"]


def test_a_wrong_file_changes_nothing_and_lists_everything(shell: Shell) -> None:
    shell("apply", shell.file(WHOLE))
    before = shell("dump").out
    wrong = WHOLE.replace('role = "supervisor"', 'role = "boss"').replace("Office", "Ofice", 1)
    done = shell("apply", shell.file(wrong + 'surprise = "1"\n'), code=3)
    assert done.out == ""
    assert "3 problems" in done.err
    for word in ("boss", 'Did you mean "Office"', "surprise"):
        assert word in done.err
    assert shell("dump").out == before


def test_a_token_in_the_file_is_not_repeated(shell: Shell) -> None:
    text = f'[account]\naccount_sid = "{ACCOUNT_SID}"\nauth_token = "s3cr3t-t0ken"\n'
    done = shell("apply", shell.file(text), code=3)
    assert "never stands in this file" in done.err
    assert "s3cr3t" not in done.err + done.out


def test_hostile_names_in_problems_are_made_safe(shell: Shell) -> None:
    done = shell(
        "apply", shell.file('[[queue]]\nname = "Q"\nhours = "\\u001b]0;x\\u0007"\n'), code=3
    )
    assert "\x1b" not in done.err
    assert "␛]0;x␇" in done.err


def test_a_missing_file_is_wrong_usage(shell: Shell) -> None:
    assert "nowhere.toml" in shell("apply", "nowhere.toml", code=2).err
    shell("apply", str(shell.home.parent), code=2)
    shell("apply", code=2)


def test_bytes_that_are_no_text_are_told_with_their_line(shell: Shell) -> None:
    path = Path(shell.file(""))
    path.write_bytes(b"# fine\nname = '\xff'\n")
    assert "line 2: this is not UTF-8" in shell("apply", str(path), code=3).err
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.encode())
    shell("apply", str(path))


def test_templates_of_the_file_can_be_sent_at_once(shell: Shell) -> None:
    shell("apply", shell.file(WHOLE))
    (template,) = shell("templates", "list", "--json").lines
    assert (template["content_sid"], template["approval"]) == (CONTENT_SID, "unknown")


def test_a_file_comes_through_a_pipe(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wa_console", "apply", "-", "--json"],
        input=WHOLE.encode(),
        env={**os.environ, "WA_CONSOLE_HOME": str(tmp_path), "LANG": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b'"applied": true' in done.stdout
