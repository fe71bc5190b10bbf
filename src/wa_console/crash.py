"""A redacted report of an unexpected error: where it happened, without locals or message texts."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from wa_console import __version__
from wa_console.logs import redact

_folder: Path | None = None


def keep_reports_in(folder: Path) -> None:
    """Choose where reports go; before this is called none is written."""
    global _folder
    _folder = folder


def write_report(error: BaseException) -> Path | None:
    """Write the trace of ``error`` to a file only its owner can read; None if that fails.

    Frames are named by file and line without their locals, which may hold secrets (faults F11).
    The error's own text is left out too: it may quote a customer.
    """
    if _folder is None:
        return None
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"wa-console {__version__}",
        f"{datetime.now(UTC).isoformat(timespec='seconds')} {type(error).__name__}",
        *(f"  {Path(f.filename).name}:{f.lineno} in {f.name}" for f in frames),
    ]
    path = _folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    try:
        _folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(redact("\n".join(lines)) + "\n")
    except OSError:
        return None
    return path
