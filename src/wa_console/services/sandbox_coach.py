"""Who has joined the sandbox and for how long, kept up to date by watching. It shows nothing."""

from __future__ import annotations

from collections.abc import Sequence

from wa_console.domain.clock import Clock
from wa_console.domain.sandbox import Heard, Participant, participants
from wa_console.services.onboarding_watch import Watch


class SandboxCoach:
    """The sandbox as it is now.

    Args:
        watch: Sees what comes to the sandbox's number, three days back.
        clock: The product's clock.
        phrase: Behind ``join``.
        ask_twilio: Also look at Twilio's list; False where an engine does.

    Attributes:
        joined: Who has joined, most time left first.
        by_webhook: The newest message that came by webhook, None before one did.
    """

    def __init__(self, *, watch: Watch, clock: Clock, phrase: str, ask_twilio: bool) -> None:
        self.phrase = phrase
        self.joined: Sequence[Participant] = ()
        self.by_webhook: Heard | None = None
        self._watch = watch
        self._clock = clock
        self._ask_twilio = ask_twilio
        self._heard: list[Heard] = []

    async def look(self) -> bool:
        """Look once; returns whether anything new was heard.

        Raises:
            TwilioProblem: Twilio could not be asked.
            StoreProblem: The store cannot be read.
        """
        fresh = await self._watch.look(ask_twilio=self._ask_twilio)
        self._heard += fresh
        self.by_webhook = next(
            (each for each in reversed(fresh) if not each.polled), self.by_webhook
        )
        self.joined = participants(self._heard, self.phrase)
        return bool(fresh)
