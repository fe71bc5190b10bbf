"""What the programs that we start see of the environment."""

from __future__ import annotations

from wa_console.children import clean_environment

CANARY = {
    "TWILIO_AUTH_TOKEN": "canary",
    "WA_CONSOLE_PASSPHRASE": "canary",
    "CREDENTIALS_DIRECTORY": "canary",
}


def test_it_is_an_allow_list() -> None:
    given = {"LC_ALL": "da_DK", "PATH": "x", "AWS_SECRET": "y", "XDG_DATA": "z", **CANARY}
    assert clean_environment(given) == {"LC_ALL": "da_DK", "PATH": "x", "XDG_DATA": "z"}


def test_some_children_need_more() -> None:
    given = {"GPG_TTY": "t", "VAULT_ADDR": "v", "OTHER": "o", **CANARY}
    assert clean_environment(given, also=("GPG_TTY", "VAULT_")) == {
        "GPG_TTY": "t",
        "VAULT_ADDR": "v",
    }


def test_nothing_of_ours_even_when_asked_for() -> None:
    also = ("TWILIO_", "WA_CONSOLE_PASSPHRASE", "CREDENTIALS_DIRECTORY")
    assert clean_environment(CANARY, also=also) == {}
