"""Asks for the passphrase of the encrypted file, and for secrets: masked, never echoed.

Prompts go to standard error: standard output may be a pipe.
"""

from __future__ import annotations

import sys

import click

from wa_console.domain.i18n import _
from wa_console.secretstore.passphrase import Passphrase
from wa_console.secretstore.secret import Secret


def passphrase() -> Passphrase:
    """Return the passphrase of this call: asked for only where somebody can answer."""
    return Passphrase(_ask if somebody_is_there() else None)


def somebody_is_there() -> bool:
    """Whether a person can be asked: standard input and error are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def typed_secret(question: str, *, twice: bool) -> Secret:
    """Ask for a secret, masked; an empty answer is an empty secret.

    Args:
        question: What stands before the cursor.
        twice: Ask again and compare.

    Raises:
        click.Abort: Ctrl+C.
    """
    while True:
        first: str = click.prompt(
            question, default="", hide_input=True, show_default=False, err=True
        )
        if not twice or not first:
            return Secret(first)
        again: str = click.prompt(
            _("Again"), default="", hide_input=True, show_default=False, err=True
        )
        if first == again:
            return Secret(first)
        click.echo(_("They differ; try again."), err=True)


def _ask(new: bool) -> Secret | None:
    if new:
        return typed_secret(_("A passphrase for the encrypted file"), twice=True) or None
    return typed_secret(_("Passphrase of the encrypted file"), twice=False) or None
