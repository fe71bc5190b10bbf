"""Single keys of config.toml change; everything else stays as it was written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from wa_console.config_file import change_settings
from wa_console.domain.errors import SetupProblem

WRITTEN = """# mine
port = 9000   # behind caddy
public_url = "https://old.example.dk"

[table]
public_url = "not this one"
"""


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "config.toml"
    change_settings(path, {"public_url": "https://chat.example.dk", "poll": None})
    assert tomllib.loads(path.read_text()) == {"public_url": "https://chat.example.dk"}


def test_comments_and_other_keys_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN)
    change_settings(path, {"public_url": 'https://new.example.dk/"q"'})
    text = path.read_text()
    assert "# mine\nport = 9000   # behind caddy\n" in text
    found = tomllib.loads(text)
    assert found["public_url"] == 'https://new.example.dk/"q"'
    assert found["table"] == {"public_url": "not this one"}


def test_none_takes_a_key_out(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN)
    change_settings(path, {"public_url": None, "poll": None})
    assert set(tomllib.loads(path.read_text())) == {"port", "table"}


def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    change_settings(path, {"public_url": None})
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    [
        'public_url = """\nhttps://x.example.dk"""\n',
        'note = """\npublic_url = 1\n"""\n',
        "public_url = [\n1]\n",
        "not toml",
        "a = 1\na = 2\n",
    ],
)
def test_what_cannot_be_changed_safely_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(SetupProblem, match="by hand"):
        change_settings(path, {"public_url": "https://chat.example.dk"})
    assert path.read_text() == text


def test_a_file_that_is_no_text_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SetupProblem, match="cannot be read"):
        change_settings(path, {"public_url": None})


def test_a_folder_in_its_place_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.mkdir()
    with pytest.raises(SetupProblem):
        change_settings(path, {"public_url": "https://chat.example.dk"})
