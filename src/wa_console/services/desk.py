"""What a desk may ask for: the services that screens and commands call, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from wa_console.services.conversations import Conversations
from wa_console.services.feed import Feed
from wa_console.services.health import HealthService
from wa_console.services.inbox import Inbox
from wa_console.services.outbox import Outbox
from wa_console.services.presence import Presences
from wa_console.services.search import Search
from wa_console.services.setup import SetupService
from wa_console.services.templates import Templates


@dataclass(frozen=True, slots=True)
class Desk:
    """The use cases of a representative, all over one store.

    Screens and commands hold a Desk and nothing below it; it needs no Twilio credential.
    """

    inbox: Inbox
    conversations: Conversations
    outbox: Outbox
    templates: Templates
    search: Search
    presences: Presences
    feed: Feed
    health: HealthService
    setup: SetupService
