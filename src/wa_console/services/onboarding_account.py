"""Tests credentials before they are kept: the account step of the wizard.

A secret leaves this module only towards Twilio and the vault, never in a sentence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from wa_console.domain import onboarding_values as read
from wa_console.domain.errors import NotAllowed, SetupProblem
from wa_console.domain.i18n import _
from wa_console.gateway.port import Gateway, Health
from wa_console.secretstore.secret import Secret
from wa_console.services.onboarding_outside import FieldProblem, Known, Outside

T = TypeVar("T")

_NONE = Secret("")
WRONG_PAIR = 20003
"""Twilio's code for a user name and password that do not belong together."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of the account step, raw.

    Attributes:
        token: Empty to use the one that is known.
    """

    account_sid: str
    token: Secret = _NONE
    api_key: str = ""
    api_secret: Secret = _NONE
    passphrase: Secret = _NONE
    again: Secret = _NONE


@dataclass(frozen=True, slots=True)
class Tested:
    """Credentials that Twilio accepted.

    Attributes:
        gateway: Open; with the API key where there is one.
    """

    account_sid: str
    token: Secret
    api_key: str
    gateway: Gateway
    health: Health


async def test(outside: Outside, typed: Typed, known: Known) -> Tested:
    """Check the shapes and ask Twilio; saves nothing. The caller closes the gateway.

    Raises:
        FieldProblem: Names the field and says what is wrong with it.
    """
    sid = _field("account_sid", lambda: read.account_sid(typed.account_sid))
    token = _token(typed, known, sid)
    key = _field("api_key", lambda: read.api_key(typed.api_key))
    if key:
        _field("api_secret", lambda: read.api_secret(typed.api_secret.reveal()))
    gateway, health = await _tested(outside, sid, sid, token, field="token")
    if key:
        await gateway.close()
        gateway, health = await _tested(outside, sid, key, typed.api_secret, field="api_secret")
    return Tested(sid, token, key, gateway, health)


async def prove(outside: Outside, typed: Typed, known: Known) -> Tested:
    """Test the credentials, then save them; nothing is saved unless all of it works.

    Raises:
        FieldProblem: Names the field and says what is wrong with it.
    """
    tested = await test(outside, typed, known)
    try:
        if not known.auth_token and await asyncio.to_thread(outside.vault.asks):
            words = (typed.passphrase.reveal(), typed.again.reveal())
            _field("passphrase", lambda: read.passphrase(*words))
        await _save(outside, typed, known, tested)
    except FieldProblem:
        await tested.gateway.close()
        raise
    return tested


def _token(typed: Typed, known: Known, sid: str) -> Secret:
    if not typed.token and known.auth_token:
        if known.account_sid and known.account_sid != sid:
            raise FieldProblem(
                "account_sid",
                _("{where} has a token of another account. Type that one's SID here.").format(
                    where=known.where
                ),
            )
        return known.auth_token
    token = Secret(_field("token", lambda: read.auth_token(typed.token.reveal())))
    if known.auth_token and not known.ours and known.auth_token != token:
        raise FieldProblem(
            "token",
            _(
                "{where} has another token, and it would win over this one. Change it there, or "
                "leave this field empty to use it."
            ).format(where=known.where),
        )
    return token


async def _tested(
    outside: Outside, sid: str, user: str, password: Secret, *, field: str
) -> tuple[Gateway, Health]:
    """Ask for one row of the message list: a Standard key may not read the account (FACTS 13)."""
    try:
        gateway = outside.connect(sid, user, password)
    except SetupProblem as problem:
        raise FieldProblem(field, str(problem)) from None
    health = await gateway.check()
    if health.ok:
        return gateway, health
    await gateway.close()
    raise FieldProblem(field, _why(health, key=user != sid))


def _why(health: Health, *, key: bool) -> str:
    if health.code != WRONG_PAIR:
        return health.sentence or _("Twilio refused, and did not say why.")
    if key:
        return _(
            "Twilio does not know this key and secret (20003). The secret was shown only once: "
            "make a new Standard key, or go on without one."
        )
    return _(
        "Twilio does not know this pair (20003): the token is of another account, was renewed, or "
        "a digit is missing. Copy both from the same page: Console, Account dashboard."
    )


async def _save(outside: Outside, typed: Typed, known: Known, tested: Tested) -> None:
    """Keep what no other place has."""
    values = {
        "TWILIO_ACCOUNT_SID": (Secret(tested.account_sid), Secret(known.account_sid)),
        "TWILIO_AUTH_TOKEN": (tested.token, known.auth_token),
    }
    if tested.api_key:
        values |= {
            "TWILIO_API_KEY": (Secret(tested.api_key), Secret(known.api_key)),
            "TWILIO_API_SECRET": (typed.api_secret, known.api_secret),
        }
    fresh = {name: value for name, (value, there) in values.items() if value != there}
    if not fresh:
        return
    try:
        await asyncio.to_thread(outside.vault.save, fresh, typed.passphrase)
    except (SetupProblem, NotAllowed) as problem:
        field = "passphrase" if typed.passphrase else "token"
        raise FieldProblem(field, str(problem)) from None


def _field(name: str, work: Callable[[], T]) -> T:
    """Say at which field a sentence belongs."""
    try:
        return work()
    except SetupProblem as problem:
        raise FieldProblem(name, str(problem)) from None
