"""``doctor``: every link of the chain with what was found and what mends it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import in_colour, json_option, print_json, styled, width
from wa_console.domain.errors import SetupProblem, SetupProblems, WaConsoleError
from wa_console.domain.i18n import N_, _
from wa_console.domain.text import snippet
from wa_console.services.checks import Check, Severity, error, fine, masked_sid, warning

if TYPE_CHECKING:
    from wa_console.config import Settings
    from wa_console.credentials import Credentials
    from wa_console.wiring import OpenStore

_WORDS = {Severity.INFO: N_("ok"), Severity.WARNING: N_("warn"), Severity.ERROR: N_("BROKEN")}
_COLOURS = {Severity.INFO: "green", Severity.WARNING: "yellow", Severity.ERROR: "red"}
_WORD_CELLS, _NAME_CELLS = 7, 12


@click.command("doctor")
@click.option("--offline", is_flag=True, help=_("Do not ask Twilio."))
@json_option
@click.pass_obj
def doctor_command(invocation: Invocation, offline: bool, as_json: bool) -> int:
    """Check everything from the settings to Twilio; exit code 1 if something does not work.

    The output holds no secrets; numbers and SIDs are masked.
    """
    found: list[Check] = []

    def tell(checks: Sequence[Check]) -> None:
        for check in checks:
            found.append(check)
            _print(check, as_json=as_json)

    try:
        settings = invocation.settings
    except SetupProblems as problems:
        mend = _("Mend it in config.toml or the environment.")
        tell([error("settings", sentence, mend) for sentence in problems.problems])
        return 1
    tell([fine("settings", _("In order: {path}").format(path=settings.paths.config))])
    credentials, checks = _credentials(invocation)
    tell(checks)
    try:
        tell(_machine(settings))
        invocation.with_store(lambda opened: _examine(opened, credentials, tell, offline=offline))
    except WaConsoleError as problem:
        tell([error("store", str(problem), _("Nothing was changed; mend it and run this again."))])
    return 0 if all(check.ok for check in found) else 1


def _credentials(invocation: Invocation) -> tuple[Credentials, Sequence[Check]]:
    """Return the credentials and what there is to say of them, sources but no secrets."""
    from wa_console import credentials

    try:
        found = credentials.look(invocation.settings, passphrase=invocation.passphrase)
    except SetupProblem as problem:
        mend = _("Name a file that is there and that only you can read.")
        return credentials.Credentials(), [error("credentials", str(problem), mend)]
    mend = _("Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (or TWILIO_AUTH_TOKEN_FILE).")
    broken = " ".join(each.problem for each in found.looks if each.problem)
    if not found.can_call:
        text = broken or _("There are none to call Twilio with.")
        return found, [error("credentials", text, mend)]
    sources = ", ".join(f"{name}: {place}" for name, place in found.sources.items())
    text = _("Account {sid}; {sources}.").format(sid=masked_sid(found.account_sid), sources=sources)
    if not found.can_verify:
        mend = _("Set TWILIO_AUTH_TOKEN too: an API key cannot check Twilio's signatures.")
        return found, [error("credentials", text, mend)]
    if found.plain:
        mend = _("Keep them in the system's keyring or encrypted: `wa-console secrets`.")
        return found, [warning("credentials", text, mend)]
    if broken:
        return found, [warning("credentials", broken, _("They were found elsewhere: see above."))]
    return found, [fine("credentials", text)]


def _machine(settings: Settings) -> Sequence[Check]:
    """Check what needs no open store.

    Raises:
        SetupProblem: The store is of a kind that this version does not serve.
    """
    from wa_console.services import doctor_machine as machine
    from wa_console.store.sqlite_damage import SQLITE_VERSION, damage
    from wa_console.wiring import sqlite_path

    store = sqlite_path(settings).absolute()
    files = [store, store.with_name("journal.db")]
    folder = next(each for each in (store.parent, *store.parents) if each.is_dir())
    return [
        machine.check_sqlite(SQLITE_VERSION),
        machine.check_space(folder),
        machine.check_permissions(store.parent, files),
        machine.check_integrity(damage(files)),
    ]


async def _examine(
    opened: OpenStore,
    credentials: Credentials,
    tell: Callable[[Sequence[Check]], None],
    *,
    offline: bool,
) -> None:
    from wa_console.services.doctor import Doctor
    from wa_console.services.doctor_machine import check_listener
    from wa_console.wiring import build_gateway

    settings = opened.settings
    tell([fine("store", _("Opened, and of this version."))])
    doctor = Doctor(store=opened.store, clock=opened.clock)
    tell(await doctor.store_checks(account_sid=credentials.account_sid))
    engine = bool(opened.store.lease.holder())
    tell([await check_listener(settings.host, settings.port, engine=engine), _reached_by(settings)])
    if offline or not credentials.can_call:
        return
    gateway = build_gateway(settings, credentials)
    try:
        tell(await doctor.twilio_checks(gateway, public_url=settings.public_url))
    finally:
        await gateway.close()


def _reached_by(settings: Settings) -> Check:
    """Say how messages come in: by webhook, by looking, or not at all."""
    if settings.public_url:
        text = _("Twilio reaches us at {url}/twilio/inbound.").format(url=settings.public_url)
        return fine("public-url", text)
    if settings.poll_s:
        text = _("There is none: Twilio is asked every {s:g} s.").format(s=settings.poll_s)
        return fine("public-url", text)
    return error(
        "public-url",
        _("There is none, and looking at Twilio's list is switched off: nothing comes in."),
        _("Set WA_CONSOLE_PUBLIC_URL, or WA_CONSOLE_POLL above 0."),
    )


def _print(check: Check, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "check": check.check,
                "ok": check.ok,
                "severity": check.severity.value,
                "text": check.text,
                "mend": check.mend or None,
            }
        )
        return
    word = styled(f"{_(_WORDS[check.severity]):<{_WORD_CELLS}}", fg=_COLOURS[check.severity])
    lines = _wrapped(check.text)
    if check.mend and check.severity is not Severity.INFO:
        lines += _wrapped(f"→ {check.mend}")
    click.echo(f"{word}{check.check:<{_NAME_CELLS}} {lines[0]}", color=in_colour())
    for line in lines[1:]:
        click.echo(" " * (_WORD_CELLS + _NAME_CELLS + 1) + line)


def _wrapped(text: str) -> list[str]:
    room = max(20, width() - _WORD_CELLS - _NAME_CELLS - 1)
    safe = snippet(text, limit=2000)
    return textwrap.wrap(safe, room, break_long_words=False, break_on_hyphens=False) or [""]
