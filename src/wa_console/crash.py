"""What is left of a crash: a report that can be shown to anyone, of a screen or of a command.

Textual's own report prints local variables (faults F11: a token stood on the screen). Ours keeps
which error, where, and the lines of our source; no value of any variable and no message of an
exception, since either may quote a customer or a secret.
"""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from textual.worker import WorkerFailed

from wa_console import __version__


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the newest first; a loop in the chain ends it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        # A failed worker holds what happened in an attribute, not in the chain.
        inner = getattr(current, "error", None) if isinstance(current, WorkerFailed) else None
        current = inner or current.__cause__ or current.__context__


def report_text(error: BaseException, *, at: datetime) -> str:
    """Return the report: types and places only."""
    lines = [f"wa-console {__version__} stopped at {at.isoformat(timespec='seconds')}", ""]
    for found in _chain(error):
        lines.append(f"{type(found).__module__}.{type(found).__qualname__}")
        for frame in traceback.extract_tb(found.__traceback__):
            place = Path(frame.filename)
            short = "/".join(place.parts[-3:])
            lines.append(f"  {short}:{frame.lineno} in {frame.name}")
            if frame.line:
                lines.append(f"    {frame.line}")
        lines.append("")
    return "\n".join(lines)


def write_report(error: BaseException, *, at: datetime, folder: Path | None) -> Path | None:
    """Write the report, readable by its owner alone; None when no folder takes it.

    Args:
        error: What ended the app.
        at: The product's time.
        folder: Where to; the folder of temporary files when None or not writable.
    """
    text = report_text(error, at=at)
    for place in (folder, Path(tempfile.gettempdir())):
        if place is None:
            continue
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(
                prefix=f"crash-{at:%Y%m%d-%H%M%S}-", suffix=".txt", dir=place
            )
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            continue
        return Path(name)
    return None
