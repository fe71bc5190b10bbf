"""What renaming, pausing and detaching a number make of the set-up. Pure; keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from wa_console.domain.errors import NotAllowed, NotFound
from wa_console.domain.i18n import _
from wa_console.domain.setup import Number, Rule, Setup, Workstream
from wa_console.domain.text import snippet

_WHEN_NUMBER: Final = "number"
"""The condition of a rule that names one of our numbers (CONTRACT, set-up file)."""


def require_number(setup: Setup, address: str) -> Number:
    """Return one of our numbers.

    Raises:
        NotFound: It is none of ours.
    """
    found = setup.number(address)
    if found is None:
        text = _("{number} is none of the numbers set up here.")
        raise NotFound(text.format(number=snippet(address, 40)))
    return found


def edited(setup: Setup, address: str, *, name: str, workstream: str) -> Setup:
    """Give a number another name and workstream; whoever names the number follows.

    Args:
        setup: As it is.
        address: Which number.
        name: What it is to be called; empty for its address alone.
        workstream: What is to serve it; empty for none.

    Raises:
        NotFound: The number, or the workstream, is not there.
        NotAllowed: Another number has that name.
    """
    number = require_number(setup, address)
    name = name.strip()
    if name and any(n.name == name or n.address == name for n in setup.numbers if n != number):
        raise NotAllowed(_("Another number is called {name}.").format(name=snippet(name, 40)))
    if workstream and workstream not in {each.name for each in setup.workstreams}:
        text = _("There is no workstream {name}.")
        raise NotFound(text.format(name=snippet(workstream, 40)))
    called = {address, number.name} - {""}
    now = replace(number, name=name)
    streams = []
    for each in setup.workstreams:
        others = tuple(n for n in each.numbers if n not in called)
        serves = each.name == workstream
        # Where it stood it stays, so that a change of name alone does not turn the order round.
        kept = tuple(dict.fromkeys(address if n in called else n for n in each.numbers))
        numbers = (kept if address in kept else (*others, address)) if serves else others
        rules = tuple(_following(rule, called, address) for rule in each.rules)
        streams.append(replace(each, numbers=numbers, rules=rules))
    return replace(setup, numbers=_with(setup, number, now), workstreams=tuple(streams))


def paused(setup: Setup, address: str, *, pause: bool) -> Setup:
    """Pause a number or resume it.

    Raises:
        NotFound: It is none of ours.
    """
    number = require_number(setup, address)
    return replace(setup, numbers=_with(setup, number, replace(number, paused=pause)))


def without(setup: Setup, address: str) -> Setup:
    """Take a number out, with the rules that fit it alone; workstreams stay.

    Raises:
        NotFound: It is none of ours.
    """
    number = require_number(setup, address)
    called = {address, number.name} - {""}
    return replace(
        setup,
        numbers=tuple(n for n in setup.numbers if n != number),
        workstreams=tuple(_left(each, called) for each in setup.workstreams),
    )


def _left(workstream: Workstream, called: set[str]) -> Workstream:
    return replace(
        workstream,
        numbers=tuple(n for n in workstream.numbers if n not in called),
        rules=tuple(r for r in workstream.rules if r.when.get(_WHEN_NUMBER) not in called),
    )


def _following(rule: Rule, called: set[str], address: str) -> Rule:
    if rule.when.get(_WHEN_NUMBER) not in called:
        return rule
    when: Mapping[str, Any] = {**rule.when, _WHEN_NUMBER: address}
    return replace(rule, when=when)


def _with(setup: Setup, before: Number, after: Number) -> tuple[Number, ...]:
    return tuple(after if number == before else number for number in setup.numbers)
