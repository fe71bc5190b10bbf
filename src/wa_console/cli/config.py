"""``config``: where the settings are, and what they come to."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import Column, Table, json_option, print_json, say
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.config import Settings

# Settings whose attribute is not called like the key in the file.
_ATTRIBUTES = {"store": "store_url", "poll": "poll_s", "lang": "language"}
_LOGIN = re.compile(r"(?<=//)[^/@]*@")


@click.group("config")
def config_group() -> None:
    """Look at the settings."""


@config_group.command("path")
@click.pass_obj
def path_command(invocation: Invocation) -> int:
    """Print the path of the settings file, which need not exist."""
    click.echo(str(invocation.settings.paths.config))
    return 0


@config_group.command("check")
@json_option
@click.pass_obj
def check_command(invocation: Invocation, as_json: bool) -> int:
    """Check the settings and print each with its value; exit code 3 if any is wrong."""
    from wa_console import config

    settings = invocation.settings
    table = Table(
        Column(_("key"), 15), Column(_("variable"), 26), Column(_("set"), 4), Column(_("value"), 0)
    )
    if not as_json:
        table.head()
    for key in config.KEYS:
        value = value_of(settings, key.name)
        given = bool(os.environ.get(key.variable))
        if as_json:
            print_json(
                {"key": key.name, "variable": key.variable, "value": value, "environment": given}
            )
        else:
            shown = _("env") if given else ""
            table.row([key.name, key.variable, shown, "" if value is None else value])
    say(_("The settings are in order."))
    return 0


def value_of(settings: Settings, name: str) -> str | None:
    """Return a setting as it would be written, a login in a URL masked; None when unset."""
    value = getattr(settings, _ATTRIBUTES.get(name, name))
    match value:
        case None | "" | ():
            return None
        case timedelta():
            unit = timedelta(minutes=1) if name == "window_closing" else timedelta(seconds=1)
            return f"{value / unit:g}"
        case tuple():
            return ",".join(value)
        case _:
            return _LOGIN.sub("***@", str(value))
