"""Settings: where things live and how the program behaves, from config.toml and the environment.

The environment wins over the file, the command line over both. Every problem is found before any
is told: one error lists them all. Secrets are not settings (credentials.py).
"""

from __future__ import annotations

import getpass
import os
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wa_console.domain.errors import SetupProblems
from wa_console.domain.i18n import _

CONFIG_NAME = "config.toml"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the program keeps its files; all below one folder when a home is named.

    Attributes:
        config: The settings file, which need not exist.
        data: Folder of store, journal, media and backups.
        logs: Folder of the log files.
    """

    config: Path
    data: Path
    logs: Path

    @classmethod
    def of(cls, home: Path | None) -> Paths:
        """Return the places below ``home``, or the platform's own folders without one."""
        if home is not None:
            return cls(home / CONFIG_NAME, home, home / "logs")
        from platformdirs import PlatformDirs

        places = PlatformDirs("wa-console", appauthor=False)
        return cls(
            Path(places.user_config_dir) / CONFIG_NAME,
            Path(places.user_data_dir),
            Path(places.user_log_dir),
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """How this program runs. Times are durations, ``port`` 0 picks a free one.

    Attributes:
        store_url: ``sqlite:///path`` or ``postgresql://…``.
        public_url: Base URL at which Twilio reaches the listener, None without one.
        poll_s: Seconds between two looks at Twilio's list, 0 for never.
        twilio_base_url: Replaces scheme and host of every Twilio URL, None for Twilio's own.
        clock_file: Clock of a simulator to follow, None for the system's (domain.clock).
        secret_files: Names of TWILIO_* secrets with the file each is kept in.
        tunnel: What makes the listener reachable: cloudflared, tailscale or ngrok; empty for none.
            Its URL is then the public URL.
        tunnel_sets_webhook: Point the senders' webhooks at Twilio to the tunnel whenever it opens.
        credential_command: A program that prints secrets, empty for none (secretstore.command).
    """

    paths: Paths
    store_url: str
    host: str = "127.0.0.1"
    port: int = 8765
    public_url: str | None = None
    poll_s: float = 10.0
    twilio_base_url: str | None = None
    media_hosts: tuple[str, ...] = ()
    window_margin: timedelta = timedelta(seconds=60)
    window_closing: timedelta = timedelta(minutes=60)
    representative: str = ""
    language: str | None = None
    clock_file: Path | None = None
    theme: str = ""
    tunnel: str = ""
    tunnel_sets_webhook: bool = False
    secret_files: Mapping[str, str] = field(default_factory=dict)
    credential_command: str = ""


@dataclass(frozen=True, slots=True)
class _Key:
    """One setting: its name in the file, in the environment, and how it is read."""

    name: str
    variable: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(_("needs a text"))
    return value.strip()


def _seconds(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(_("needs a number of seconds, such as 10")) from None
    if isinstance(value, bool) or not 0 <= number <= 86_400:
        raise ValueError(_("needs a number of seconds between 0 and 86400"))
    return number


def _margin(value: Any) -> timedelta:
    seconds = _seconds(value)
    if seconds >= 86_400:
        raise ValueError(_("must be shorter than a day"))
    return timedelta(seconds=seconds)


def _minutes(value: Any) -> timedelta:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(_("needs a number of minutes, such as 60")) from None
    if isinstance(value, bool) or not 0 <= number <= 1_440:
        raise ValueError(_("needs a number of minutes between 0 and 1440"))
    return timedelta(minutes=number)


def _port(value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if isinstance(value, bool) or not 0 <= number <= 65_535:
        raise ValueError(_("needs a port between 0 and 65535"))
    return number


def _url(value: Any) -> str:
    parts = urlsplit(_text(value))
    try:
        port_ok = parts.port is None or 0 < parts.port < 65_536
    except ValueError:
        port_ok = False
    if parts.scheme not in {"https", "http"} or not parts.hostname or not port_ok:
        raise ValueError(_("needs a URL such as https://chat.example.dk"))
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(_("must begin with https:// (http only for this computer)"))
    return _text(value).split("#", 1)[0].rstrip("/")


def _store(value: Any) -> str:
    text = _text(value)
    if not text.startswith(("sqlite:///", "postgresql://")):
        raise ValueError(_("needs sqlite:///path or postgresql://…"))
    return text


def _hosts(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(_("needs hosts with commas between"))
    return tuple(item.strip() for item in items if item.strip())


def _language(value: Any) -> str:
    text = _text(value)
    if text not in {"en", "da"}:
        raise ValueError(_("needs en or da"))
    return text


def _command(value: Any) -> str:
    text = _text(value)
    try:
        shlex.split(text)
    except ValueError:
        raise ValueError(_("has a quotation mark without its other half")) from None
    return text


def _tunnel(value: Any) -> str:
    text = _text(value)
    if text not in {"cloudflared", "tailscale", "ngrok"}:
        raise ValueError(_("needs cloudflared, tailscale or ngrok"))
    return text


def _flag(value: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.strip().lower() not in words:
        raise ValueError(_("needs true or false"))
    return words[value.strip().lower()]


def _path(value: Any) -> Path:
    return Path(_text(value)).expanduser()


KEYS: tuple[_Key, ...] = (
    _Key("store", "WA_CONSOLE_STORE", _store),
    _Key("host", "WA_CONSOLE_HOST", _text),
    _Key("port", "WA_CONSOLE_PORT", _port),
    _Key("public_url", "WA_CONSOLE_PUBLIC_URL", _url),
    _Key("poll", "WA_CONSOLE_POLL", _seconds),
    _Key("twilio_base_url", "WA_CONSOLE_TWILIO_BASE_URL", _url),
    _Key("media_hosts", "WA_CONSOLE_MEDIA_HOSTS", _hosts),
    _Key("window_margin", "WA_CONSOLE_WINDOW_MARGIN", _margin),
    _Key("window_closing", "WA_CONSOLE_WINDOW_CLOSING", _minutes),
    _Key("representative", "WA_CONSOLE_REPRESENTATIVE", _text),
    _Key("lang", "WA_CONSOLE_LANG", _language),
    _Key("clock_file", "WA_CONSOLE_CLOCK_FILE", _path),
    _Key("theme", "WA_CONSOLE_THEME", _text),
    _Key("tunnel", "WA_CONSOLE_TUNNEL", _tunnel),
    _Key("tunnel_sets_webhook", "WA_CONSOLE_TUNNEL_SETS_WEBHOOK", _flag),
    _Key("credential_command", "WA_CONSOLE_CREDENTIAL_COMMAND", _command),
)
SECRET_NAMES = (
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_AUTH_TOKEN_SECONDARY",
    "TWILIO_API_KEY",
    "TWILIO_API_SECRET",
    "TWILIO_SHARED_KEY_ID",
    "TWILIO_SHARED_KEY_SECRET",
)
_SECRET_FILE_KEYS = {f"{name.lower()}_file": name for name in SECRET_NAMES}


def load(
    environ: Mapping[str, str] | None = None,
    *,
    home: Path | None = None,
    store: str | None = None,
) -> Settings:
    """Read the settings.

    Args:
        environ: The environment, the process's own when None.
        home: ``--home``; wins over WA_CONSOLE_HOME.
        store: ``--store``; wins over everything else.

    Raises:
        SetupProblems: With a sentence for every wrong key in the file and the environment.
    """
    env = os.environ if environ is None else environ
    if home is None and env.get("WA_CONSOLE_HOME"):
        home = Path(env["WA_CONSOLE_HOME"]).expanduser()
    paths = Paths.of(home.absolute() if home else None)
    problems: list[str] = []
    written = _read_file(paths.config, problems)
    values: dict[str, Any] = {}
    for key in KEYS:
        place, raw = _raw(key, env, written, paths)
        if key.name == "store" and store:
            place, raw = "--store", store
        if raw is None:
            continue
        try:
            values[key.name] = key.read(raw)
        except ValueError as error:
            problems.append(f"{place}: {error}.")
    if values.get("tunnel") and values.get("public_url"):
        problems.append(_("tunnel: a tunnel brings its own public URL; leave out one of the two."))
    secret_files = {
        name: str(written[key]) for key, name in _SECRET_FILE_KEYS.items() if key in written
    }
    known = {key.name for key in KEYS} | set(_SECRET_FILE_KEYS)
    problems += [
        _("{file}: unknown key {key!r}; `wa-console config check` lists the known ones.").format(
            file=paths.config, key=name
        )
        for name in written
        if name not in known
    ]
    if problems:
        raise SetupProblems(problems)
    return _settings(paths, values, secret_files)


def _raw(
    key: _Key, env: Mapping[str, str], written: Mapping[str, Any], paths: Paths
) -> tuple[str, Any]:
    """Return where a value stands and the value; an empty variable counts as unset."""
    if env.get(key.variable):
        return key.variable, env[key.variable]
    return f"{paths.config}: {key.name}", written.get(key.name)


def _settings(paths: Paths, values: Mapping[str, Any], secret_files: Mapping[str, str]) -> Settings:
    public_url = values.get("public_url")
    return Settings(
        paths=paths,
        store_url=values.get("store", f"sqlite:///{paths.data / 'store.db'}"),
        host=values.get("host", "127.0.0.1"),
        port=values.get("port", 8765),
        public_url=public_url,
        poll_s=values.get("poll", 0.0 if public_url else 10.0),
        twilio_base_url=values.get("twilio_base_url"),
        media_hosts=values.get("media_hosts", ()),
        window_margin=values.get("window_margin", timedelta(seconds=60)),
        window_closing=values.get("window_closing", timedelta(minutes=60)),
        representative=values.get("representative") or _login_name(),
        language=values.get("lang"),
        clock_file=values.get("clock_file"),
        theme=values.get("theme", ""),
        tunnel=values.get("tunnel", ""),
        tunnel_sets_webhook=values.get("tunnel_sets_webhook", False),
        secret_files=dict(secret_files),
        credential_command=values.get("credential_command", ""),
    )


def _read_file(path: Path, problems: list[str]) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else _("it is not UTF-8 text")
        problems.append(_("{file} cannot be read: {reason}.").format(file=path, reason=reason))
    except tomllib.TOMLDecodeError as error:
        problems.append(_("{file}: {error}.").format(file=path, error=error))
    return {}


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in many containers
        return "me"
