"""What programs that we start may see of the environment: nothing of ours, no credential.

Used for ``$EDITOR``, tunnels and ``credential_command``. It starts nothing itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

# What a program needs to run and to be itself. Credentials stand in the environment as TWILIO_…:
# an allow-list cannot forget one (faults I2).
_PASSED: Final = frozenset(
    {
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "COLORTERM", "TERMINFO", "LANG",
        "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "TMPDIR", "TMUX", "TMUX_PANE", "STY",
        "SSH_TTY", "SSH_CONNECTION", "VIMINIT", "NO_COLOR",
    }
)  # fmt: skip
_PASSED_PREFIXES: Final = ("LC_", "XDG_")
_OURS: Final = ("TWILIO_", "WA_CONSOLE_", "CREDENTIALS_DIRECTORY")


def clean_environment(
    environment: Mapping[str, str], *, also: Collection[str] = ()
) -> dict[str, str]:
    """Return what a child may see.

    Args:
        environment: Ours.
        also: More names that this kind of child needs; one that ends in ``_`` passes all that
            begin so. What is ours (TWILIO_…, WA_CONSOLE_…) never passes.
    """
    names = _PASSED | {name for name in also if not name.endswith("_")}
    prefixes = (*_PASSED_PREFIXES, *(name for name in also if name.endswith("_")))
    return {
        name: value
        for name, value in environment.items()
        if (name in names or name.startswith(prefixes)) and not name.startswith(_OURS)
    }
