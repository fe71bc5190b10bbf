"""The log: JSON lines in a rotating file, redacted, never on the terminal.

Records carry ids, lengths and durations; never message text, names, numbers or secrets. What slips
in by a library's own record is masked by the filter.
"""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_NAME = "wa-console.log"
_BYTES, _KEPT = 1_000_000, 5
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\+?\d(?:[ ]?\d){7,14}(?![0-9A-Za-z])")
_TOKEN = re.compile(r"(?i)(authorization|token|secret|password)(\W+)\S+")
_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def redact(text: str) -> str:
    """Mask what looks like a phone number or a secret."""
    text = _TOKEN.sub(r"\1\2***", text)
    return _NUMBER.sub("+…", _HEX.sub("***", text))


class _JsonLines(logging.Formatter):
    """One record, one line: time, level, logger, event and the extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redact(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD:
                entry[name] = redact(value) if isinstance(value, str) else value
        if record.exc_info and record.exc_info[0]:
            entry["error"] = redact(f"{record.exc_info[0].__name__}: {record.exc_info[1]}")
            entry["where"] = redact(self.formatException(record.exc_info).splitlines()[-3:][0])
        return json.dumps(entry, ensure_ascii=False, default=str)


def open_log(folder: Path) -> logging.Handler | None:
    """Send every record to ``folder``/wa-console.log; None (and no log) if it cannot be written.

    The file is readable by its owner alone. Library loggers are held at WARNING: the SDK's would
    write numbers at INFO (FACTS 9.4).
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / LOG_NAME
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(_JsonLines())
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, RotatingFileHandler)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("wa_console").setLevel(logging.INFO)
    return handler
