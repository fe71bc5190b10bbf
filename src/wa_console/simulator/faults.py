"""Faults on request: what the network and Twilio do to us on a bad day.

Duty: keep the list of ordered faults and hand one out when a place asks for it. The places
themselves (middleware, courier, progress, media) do the damage.

| kind | where | what happens |
| --- | --- | --- |
| ``delay`` | REST, webhook, status | waits ``seconds`` (2), then goes on as usual |
| ``drop_before`` | REST | the connection is closed, nothing was accepted |
| ``drop_after`` | REST | the request is carried out, the connection closed without an answer |
| ``error_500_before`` | REST | 500 with code 20500, nothing was accepted |
| ``error_500_after`` | REST | the request is carried out, the answer is 500 all the same |
| ``status_429`` | REST | 429 with code 20429, not processed; ``retry_after`` adds the header |
| ``timeout_after`` | REST | carried out, then silence for ``seconds`` (60), then closed |
| ``callback_before_answer`` | REST create | all status callbacks come before the create answer |
| ``lost_callback`` | status | the status changes, its callback is never posted |
| ``duplicate_callback`` | status | the callback is posted twice, both at once |
| ``reorder_callbacks`` | status | one message's callbacks come last status first |
| ``duplicate_webhook`` | webhook | the inbound webhook is posted twice, both at once |
| ``drop_webhook`` | webhook | the inbound webhook is never posted; the list has the message |
| ``media_404`` | media | the medium is not there yet: 404 with code 20404 |

``match`` is a substring of the request's path, or of ``webhook`` or ``status`` for what Twilio
posts to us (the kinds that concern status callbacks may also name the path of the create
request, ``media_404`` is also found under ``media``). Empty matches everything the kind concerns.
``times`` counts down; the fault is gone at zero. Faults are taken in the order they were asked
for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """The kinds of faults; the table of the module says what each does."""

    DELAY = "delay"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    ERROR_500_BEFORE = "error_500_before"
    ERROR_500_AFTER = "error_500_after"
    STATUS_429 = "status_429"
    TIMEOUT_AFTER = "timeout_after"
    CALLBACK_BEFORE_ANSWER = "callback_before_answer"
    LOST_CALLBACK = "lost_callback"
    DUPLICATE_CALLBACK = "duplicate_callback"
    REORDER_CALLBACKS = "reorder_callbacks"
    DUPLICATE_WEBHOOK = "duplicate_webhook"
    DROP_WEBHOOK = "drop_webhook"
    MEDIA_404 = "media_404"


ANSWER_KINDS = frozenset(
    {
        FaultKind.DROP_BEFORE,
        FaultKind.DROP_AFTER,
        FaultKind.ERROR_500_BEFORE,
        FaultKind.ERROR_500_AFTER,
        FaultKind.STATUS_429,
        FaultKind.TIMEOUT_AFTER,
    }
)
"""The kinds that decide a REST request's answer."""


@dataclass(slots=True)
class Fault:
    """One order: ``kind`` where ``match`` fits, ``times`` more times."""

    match: str
    kind: FaultKind
    times: int = 1
    seconds: float | None = None
    retry_after: int | None = None

    def as_json(self) -> dict[str, object]:
        """The order as the control interface lists it."""
        return {
            "match": self.match,
            "kind": self.kind.value,
            "times": self.times,
            "seconds": self.seconds,
            "retry_after": self.retry_after,
        }


def parse_fault(raw: object) -> Fault:
    """One fault from the control interface's JSON.

    Raises:
        ValueError: With a sentence, if it is no object, or a field is unknown or wrong.
    """
    if not isinstance(raw, Mapping):
        raise ValueError("a fault is an object with match, kind and times")
    unknown = set(raw) - {"match", "kind", "times", "seconds", "retry_after"}
    if unknown:
        raise ValueError(f"a fault has no field {', '.join(sorted(map(str, unknown)))}")
    kind = raw.get("kind")
    if kind not in list(FaultKind):
        raise ValueError(f"unknown kind {kind!r}; known are {', '.join(FaultKind)}")
    match, times = raw.get("match", ""), raw.get("times", 1)
    seconds, retry_after = raw.get("seconds"), raw.get("retry_after")
    if not isinstance(match, str):
        raise ValueError("match is a text")
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise ValueError("times is a whole number from 1 up")
    if seconds is not None and (not isinstance(seconds, int | float) or seconds < 0):
        raise ValueError("seconds is a number from 0 up")
    if retry_after is not None and not isinstance(retry_after, int):
        raise ValueError("retry_after is a whole number of seconds")
    return Fault(match, FaultKind(kind), times, seconds, retry_after)


class FaultBook:
    """The faults that are still to happen, in the order they were asked for."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Orders a fault."""
        self._orders.append(fault)

    def clear(self) -> None:
        """Calls all faults off."""
        self._orders.clear()

    def pending(self) -> list[Fault]:
        """What is still to happen."""
        return list(self._orders)

    def take(self, *subjects: str, kinds: frozenset[FaultKind]) -> Fault | None:
        """Uses up one turn of the first fault of ``kinds`` that fits one of ``subjects``."""
        for fault in self._orders:
            if fault.kind in kinds and any(fault.match in subject for subject in subjects):
                fault.times -= 1
                if fault.times == 0:
                    self._orders.remove(fault)
                return fault
        return None

    def strikes(self, kind: FaultKind, *subjects: str) -> bool:
        """Whether a fault of ``kind`` happens now; uses up one turn of it."""
        return self.take(*subjects, kinds=frozenset({kind})) is not None
