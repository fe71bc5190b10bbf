"""``secrets.toml``: secrets in clear, only after somebody typed that this is what he wants.

The file is 0600 in a folder 0700; a mark stays in the status line for as long as one is used.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.secretstore.guard import read_private, write_private

FILE_NAME: Final = "secrets.toml"
CONSENT: Final = "plain"
"""What must be typed before a secret is written in clear (faults I1)."""


def read_plain(path: Path) -> dict[str, str]:
    """Return everything in the file; nothing when there is none.

    Raises:
        SetupProblem: Others can read it, or it is not NAME = "value" in TOML. The sentence quotes
            nothing of the file.
    """
    try:
        values = tomllib.loads(read_private(path).decode("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        values = {"": None}
    if not all(isinstance(value, str) for value in values.values()):
        raise SetupProblem(_('{path}: every line must be NAME = "value".').format(path=path))
    return values


def write_plain(path: Path, values: Mapping[str, str]) -> None:
    """Write the file anew; without values it is removed.

    Raises:
        SetupProblem: It cannot be written.
    """
    if not values:
        path.unlink(missing_ok=True)
        return
    import tomli_w

    write_private(path, tomli_w.dumps(dict(sorted(values.items()))).encode())
