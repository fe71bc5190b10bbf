"""``credential_command``: another program that prints secrets, such as ``pass show twilio``.

No shell, no standard input, five seconds, an environment without anything of ours. What it prints
on standard error is thrown away: password tools echo there what must not be logged.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Final

from wa_console.children import clean_environment
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.secretstore.guard import LARGEST

LIMIT_S: Final = 5.0
SOLE_NAME: Final = "TWILIO_AUTH_TOKEN"
"""What an output of one bare secret is taken for."""

# What password managers need to reach their agents and sessions.
_TOOLS: Final = (
    "DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME", "GPG_TTY", "GPG_AGENT_INFO", "SSH_AUTH_SOCK",
    "PASSWORD_STORE_", "OP_", "BW_", "VAULT_", "AWS_", "GOPASS_",
)  # fmt: skip
_LINE: Final = re.compile(r"(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*)")


def run_command(
    command: str, *, environ: Mapping[str, str], known: Collection[str], limit_s: float = LIMIT_S
) -> dict[str, str]:
    """Run the command and return the secrets that it printed.

    Args:
        command: As in config.toml, split as a shell would, run without one.
        environ: Our environment; the child sees a part of it.
        known: Names that count in NAME=value lines.
        limit_s: Seconds until it and all it started are ended.

    Raises:
        SetupProblem: It cannot be started, fails, takes too long, or prints nothing of use. The
            sentence names the program, never its arguments or output.
    """
    words = shlex.split(command)
    environment = clean_environment(environ, also=_TOOLS)
    try:
        # A process group of its own: what it started ends with it.
        with subprocess.Popen(  # noqa: S603 - the person's own command, no shell
            words,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as child:
            output = _output(child, words[0], limit_s)
    except OSError as error:
        raise _failed(words[0], error.strerror or str(error)) from None
    if child.returncode:
        raise _failed(words[0], _("it ended with {code}").format(code=child.returncode))
    found = parse_output(output, known=known)
    if not found:
        raise _failed(words[0], _("it printed no secret"))
    return found


def parse_output(output: bytes, *, known: Collection[str]) -> dict[str, str]:
    """Return the secrets in an output: NAME=value lines, or one bare secret in the first line.

    ``pass`` keeps the secret in the first line and remarks below it: both are understood.
    """
    lines = output.decode("utf-8", errors="replace").strip().splitlines()
    found: dict[str, str] = {}
    for line in lines:
        fits = _LINE.fullmatch(line.strip())
        if fits and fits[1] in known and (value := _unquoted(fits[2])):
            found[fits[1]] = value
    first = lines[0].strip() if lines else ""
    if first and not _LINE.fullmatch(first):
        found.setdefault(SOLE_NAME, first)
    return found


def _output(child: subprocess.Popen[bytes], name: str, limit_s: float) -> bytes:
    try:
        output, _errors = child.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise _failed(name, _("it took more than {s:g} s").format(s=limit_s)) from None
    if len(output) > LARGEST:
        raise _failed(name, _("it printed too much"))
    return output


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _failed(name: str, reason: str) -> SetupProblem:
    return SetupProblem(
        _("credential_command ({name}) gave no secret: {reason}.").format(name=name, reason=reason)
    )
