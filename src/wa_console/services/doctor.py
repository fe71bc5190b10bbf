"""The doctor's checks of what store and Twilio tell: set-up, engine, queues, templates, senders.

It reads and asks; it mends nothing. Files, ports and versions are services.doctor_machine's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from wa_console.domain.address import masked, parse_typed
from wa_console.domain.clock import Clock, from_ms
from wa_console.domain.errors import InvalidAddress
from wa_console.domain.i18n import _, ngettext
from wa_console.domain.setup import Number, Setup
from wa_console.domain.template import Approval, Template
from wa_console.services import facts
from wa_console.services.checks import Check, error, fine, masked_sid, warning
from wa_console.store.port import OutboxState, Session, Store

_BROKEN = frozenset({Approval.REJECTED, Approval.PAUSED, Approval.DISABLED})


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look into the store found."""

    setup: Setup
    templates: Sequence[Template]
    queued: int
    unknown: int
    problem: str
    trouble: str
    last_webhook_ms: int | None
    rejected: int
    last_rejection: str


class Doctor:
    """Checks one store."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def store_checks(self, *, account_sid: str) -> Sequence[Check]:
        """Return what the store tells.

        Args:
            account_sid: The account of the credentials, empty without any.
        """
        seen = await self._store.read(_look)
        return [
            _setup(seen.setup, account_sid),
            self._engine(seen),
            self._webhooks(seen),
            await self._journal(),
            _outbox(seen),
            _templates(seen.templates),
        ]

    def _engine(self, seen: _Seen) -> Check:
        holder = self._store.lease.holder()
        if seen.problem:
            return error("engine", seen.problem, _("Mend that; the engine then starts by itself."))
        if not holder:
            return warning(
                "engine",
                _("No engine runs on this store: nothing is received or sent."),
                _("Open the console, or run `wa-console engine`."),
            )
        if seen.trouble:
            return error("engine", seen.trouble, _("See `wa-console logs`."))
        return fine("engine", _("An engine runs: {holder}.").format(holder=holder))

    def _webhooks(self, seen: _Seen) -> Check:
        if seen.rejected:
            return warning(
                "webhooks",
                _("Requests that were not genuine: {count}; the last: {cause}").format(
                    count=seen.rejected, cause=seen.last_rejection or "?"
                ),
                _("If they are Twilio's own, compare public URL and auth token with its console."),
            )
        if seen.last_webhook_ms is None:
            return fine("webhooks", _("No webhook has come yet."))
        age = max(timedelta(0), self._clock.now() - from_ms(seen.last_webhook_ms))
        minutes = int(age.total_seconds()) // 60
        return fine("webhooks", _("The last webhook came {n} min ago.").format(n=minutes))

    async def _journal(self) -> Check:
        parked = len(await self._store.journal.parked())
        behind = await facts.journal_behind(self._store)
        if parked:
            return error(
                "journal",
                _("Received rows that could not be understood and are set aside: {count}.").format(
                    count=parked
                ),
                _("Nothing is lost. Update wa-console, then run `wa-console replay`."),
            )
        if behind and not self._store.lease.holder():
            return warning(
                "journal",
                _("Received rows waiting to be shown: {count}.").format(count=behind),
                _("They appear when an engine runs."),
            )
        return fine(
            "journal", _("Received rows waiting to be shown: {count}.").format(count=behind)
        )


async def _look(session: Session) -> _Seen:
    return _Seen(
        setup=await session.facts.setup(),
        templates=await session.templates.all(),
        queued=await session.outbox.waiting(),
        unknown=len(await session.outbox.in_state(OutboxState.UNKNOWN)),
        problem=await session.facts.text(facts.ENGINE_PROBLEM),
        trouble=await session.facts.text(facts.ENGINE_TROUBLE),
        last_webhook_ms=await session.facts.number(facts.LAST_WEBHOOK_MS),
        rejected=await session.facts.number(facts.REJECTED) or 0,
        last_rejection=await session.facts.text(facts.LAST_REJECTION),
    )


def _setup(setup: Setup, account_sid: str) -> Check:
    mend = _("Run `wa-console setup`, or `wa-console apply FILE`.")
    if setup.account is None or not setup.numbers:
        return error("set-up", _("No account or no number is set up."), mend)
    if account_sid and account_sid != setup.account.account_sid:
        return error(
            "set-up",
            _("The set-up is for account {one}, the credentials are of {other}.").format(
                one=masked_sid(setup.account.account_sid), other=masked_sid(account_sid)
            ),
            _("Set TWILIO_ACCOUNT_SID and its token to the account of the set-up."),
        )
    alone = [each for each in setup.numbers if setup.workstream_of(each.address) is None]
    if alone:
        numbers = ", ".join(_number(each) for each in alone)
        return warning("set-up", _("No workstream serves {numbers}.").format(numbers=numbers), mend)
    return fine(
        "set-up",
        ngettext(
            "Account {sid}, {count} number with its workstream.",
            "Account {sid}, {count} numbers, each with a workstream.",
            len(setup.numbers),
        ).format(sid=masked_sid(setup.account.account_sid), count=len(setup.numbers)),
    )


def _outbox(seen: _Seen) -> Check:
    if seen.unknown:
        return warning(
            "outbox",
            _("Messages of which nobody can tell whether Twilio has them: {count}.").format(
                count=seen.unknown
            ),
            _("Look at them in the console: they are not sent again blindly."),
        )
    return fine("outbox", _("Messages waiting to be sent: {count}.").format(count=seen.queued))


def _templates(templates: Sequence[Template]) -> Check:
    count = Counter(template.approval for template in templates)
    broken = [template for template in templates if template.approval in _BROKEN]
    if broken:
        names = ", ".join(template.name or masked_sid(template.content_sid) for template in broken)
        return warning(
            "templates",
            _("WhatsApp does not allow: {names}.").format(names=names),
            _("Submit them again in Twilio's Content Template Builder, or use others."),
        )
    if not count[Approval.APPROVED]:
        return warning(
            "templates",
            _("No approved template is known: closed windows cannot be answered."),
            _("Run `wa-console templates sync`."),
        )
    return fine(
        "templates",
        _("{approved} of {all} templates are approved.").format(
            approved=count[Approval.APPROVED], all=len(templates)
        ),
    )


def _number(number: Number) -> str:
    try:
        return masked(parse_typed(number.address))
    except InvalidAddress:
        return "?"
