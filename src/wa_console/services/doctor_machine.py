"""The doctor's checks of this computer: files and their permissions, space, versions, the port.

Standard library only. What is asked here takes a moment, so the caller may run it in a thread; the
listener is asked with a deadline.
"""

from __future__ import annotations

import asyncio
import errno
import json
import shutil
import socket
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from wa_console.domain.i18n import _
from wa_console.services.checks import Check, error, fine, warning

SAFE_SQLITE: Final = (3, 51, 3)
"""Older versions may damage a store at a WAL reset; rare (faults G4)."""

_LITTLE, _TOO_LITTLE = 1_000_000_000, 100_000_000  # bytes free
_ANSWER_S = 3.0
_HEALTH_BYTES = 65_536


def check_sqlite(version: Sequence[int]) -> Check:
    """Check the version of SQLite that Python came with."""
    name = ".".join(str(part) for part in version)
    if tuple(version) < SAFE_SQLITE:
        return warning(
            "sqlite",
            _("SQLite {version} has a rare fault that can damage a store.").format(version=name),
            _("Use a Python with SQLite 3.51.3 or later, and keep backups."),
        )
    return fine("sqlite", _("SQLite {version}.").format(version=name))


def check_integrity(problems: Sequence[str]) -> Check:
    """Tell what the store itself found damaged in its files."""
    if problems:
        return error(
            "integrity",
            _("The store is damaged: {problem}").format(problem=problems[0]),
            _("End all wa-console programs and restore the newest backup."),
        )
    return fine("integrity", _("The store's files are whole."))


def check_permissions(folder: Path, files: Sequence[Path]) -> Check:
    """Check that nobody else on this computer can read the files: customers' messages."""
    open_ones = [path for path in (folder, *files) if path.exists() and _others_may_read(path)]
    if open_ones:
        paths = " ".join(str(path) for path in open_ones)
        return warning(
            "permissions",
            _("Others on this computer can read {paths}.").format(paths=paths),
            _("Run: chmod go-rwx {paths}").format(paths=paths),
        )
    return fine("permissions", _("Only you can read the files."))


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def check_space(folder: Path) -> Check:
    """Check the free space where the store lives."""
    free = shutil.disk_usage(folder).free
    text = _("{count} MB are free.").format(count=free // 1_000_000)
    mend = _("Make room; without it messages cannot be stored and Twilio is told so.")
    if free < _TOO_LITTLE:
        return error("space", text, mend)
    if free < _LITTLE:
        return warning("space", text, mend)
    return fine("space", text)


async def check_listener(host: str, port: int, *, engine: bool) -> Check:
    """Check that the port is free, or that our engine answers there.

    Args:
        host: Where the listener is to listen.
        port: At which port, 0 for any.
        engine: An engine holds the store; it may listen elsewhere than the settings say.
    """
    place = f"{host}:{port}"
    if port == 0:
        return fine("listener", _("The engine picks a free port."))
    if await _is_ours(host, port):
        return fine("listener", _("Our engine answers at {place}.").format(place=place))
    if engine:
        return warning(
            "listener",
            _("An engine runs, but does not answer at {place}.").format(place=place),
            _("It may have been started with another --port, or on another computer."),
        )
    reason = _bind_problem(host, port)
    if reason:
        return error(
            "listener",
            _("{place} cannot be used: {reason}.").format(place=place, reason=reason),
            _("Choose another with WA_CONSOLE_PORT, or end the program that has it."),
        )
    return fine("listener", _("{place} is free.").format(place=place))


async def _is_ours(host: str, port: int) -> bool:
    """Whether what answers at the port speaks like our health page (CONTRACT, HTTP)."""
    try:
        answer = await asyncio.wait_for(_get_health(host, port), _ANSWER_S)
        health = json.loads(answer.partition(b"\r\n\r\n")[2])
    except (OSError, TimeoutError, ValueError):
        return False
    return isinstance(health, dict) and {"status", "journal_behind"} <= set(health)


async def _get_health(host: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        await writer.drain()
        parts, size = [], 0
        while size < _HEALTH_BYTES and (part := await reader.read(_HEALTH_BYTES)):
            parts.append(part)
            size += len(part)
        return b"".join(parts)
    finally:
        writer.close()


def _bind_problem(host: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the listener does: what is only closing down does not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            return _("another program has it")
        return problem.strerror or str(problem)
    return ""
