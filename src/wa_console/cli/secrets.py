"""``secrets``: save, list and remove credentials. Values are typed masked and never shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import Column, Table, json_option, print_json, say
from wa_console.cli.passphrase import somebody_is_there, typed_secret
from wa_console.config import SECRET_NAMES
from wa_console.domain.errors import NotFound
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.credentials import Secret
    from wa_console.secretstore.store import SecretStore, Writable

# As in secretstore.places.Place, written out: `--help` should not import cryptography's users.
_KINDS = ("keyring", "file", "plain")


@click.group("secrets")
def secrets_group() -> None:
    """Credentials: the keyring, an encrypted file, or (after asking) a plain file."""


def _full_name(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """Return a secret's full name, given in any case, with or without TWILIO_ before it.

    Raises:
        click.BadParameter: There is none like it.
    """
    short = {known.removeprefix("TWILIO_"): known for known in SECRET_NAMES}
    name = short.get(value.upper().replace("-", "_").removeprefix("TWILIO_"))
    if name is None:
        # The value is not quoted: somebody may have pasted the secret here.
        raise click.BadParameter(_("known are {names}.").format(names=", ".join(SECRET_NAMES)))
    return name


@secrets_group.command("set")
@click.argument("name", callback=_full_name)
@click.option(
    "--in",
    "kind",
    type=click.Choice(_KINDS),
    help=_("Where; without it the keyring if there is one, else the encrypted file."),
)
@click.pass_obj
def set_command(invocation: Invocation, name: str, kind: str | None) -> int:
    """Save a credential.

    It is typed masked, twice; without a terminal it is read from standard input. In a plain file
    only after `plain` was typed (without a terminal: as the first line).
    """
    store = _store(invocation)
    place = _chosen(store, kind)
    consent = _consent() if kind == "plain" else ""
    store.save(place, name, _value(name), consent=consent)
    say(_("Saved: {name} ({place}).").format(name=name, place=place.value))
    _warn_if_shadowed(invocation, name, place)
    return 0


@secrets_group.command("list")
@json_option
@click.pass_obj
def list_command(invocation: Invocation, as_json: bool) -> int:
    """List which credentials there are and where, never their values."""
    from wa_console import credentials

    found = credentials.look(invocation.settings)
    rows = [
        (name, look.place.value, kept.where)
        for look in found.looks
        for name, kept in look.kept.items()
    ]
    listed = {(name, place) for name, place, _where in rows}
    saved = _store(invocation).kept()
    others = [(name, place.value) for name, place in saved if (name, place.value) not in listed]
    table = Table(Column(_("name"), 27), Column(_("place"), 11), Column(_("where"), 0))
    if rows + others and not as_json:
        table.head()
    taken = {name for name, _place, _where in rows}
    for name, place, where in [*rows, *((name, place, "") for name, place in others)]:
        used = bool(where) or name not in taken
        if as_json:
            print_json({"name": name, "place": place, "where": where or None, "used": used})
        else:
            unused = _("not used: another place comes first")
            table.row([name, place, where or ("" if used else unused)])
    for look in found.looks:
        if look.problem and not look.kept:
            say(look.problem)
    if not rows + others:
        say(_("There are none: `wa-console secrets set TWILIO_AUTH_TOKEN` saves one."))
    return 0


@secrets_group.command("remove")
@click.argument("name", callback=_full_name)
@click.pass_obj
def remove_command(invocation: Invocation, name: str) -> int:
    """Forget a credential in keyring, encrypted and plain file; other places are not ours."""
    removed = _store(invocation).remove(name)
    if not removed:
        raise NotFound(
            _("{name} is saved in no place of ours; see `wa-console secrets list`.").format(
                name=name
            )
        )
    places = ", ".join(place.value for place in removed)
    say(_("Removed: {name} ({places}).").format(name=name, places=places))
    return 0


def _store(invocation: Invocation) -> SecretStore:
    from wa_console import credentials

    return credentials.secret_store(invocation.settings, passphrase=invocation.passphrase)


def _chosen(store: SecretStore, kind: str | None) -> Writable:
    from wa_console.secretstore.store import WRITABLE

    if kind is None:
        return store.best()
    return next(place for place in WRITABLE if place.value == kind)


def _consent() -> str:
    if not somebody_is_there():
        return sys.stdin.readline().strip()
    say(_("Everybody who gets at this file, also in a backup, can then use your Twilio account."))
    typed: str = click.prompt(
        _("Type `plain` to keep it in clear all the same"), default="", show_default=False, err=True
    )
    return typed.strip()


def _value(name: str) -> Secret:
    from wa_console.credentials import Secret

    if somebody_is_there():
        return typed_secret(name, twice=True)
    return Secret(sys.stdin.readline().strip())


def _warn_if_shadowed(invocation: Invocation, name: str, place: Writable) -> None:
    """Say so when an earlier place has the same name: what was saved is then not used."""
    from wa_console import credentials

    found = credentials.look(invocation.settings, passphrase=invocation.passphrase)
    first = next((look.place for look in found.looks if name in look.kept), place)
    if first is not place:
        say(
            _("But {place} comes first and has another one: {where}.").format(
                place=first.value, where=found.sources[name]
            )
        )
