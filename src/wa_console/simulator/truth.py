"""The truth log: what the simulated Twilio really accepted, delivered and was asked for.

Duty: append-only lists that a checker compares with the store of the product
(faults.md section 5). It holds no secret and decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from wa_console.simulator.records import Message

Entry: TypeAlias = dict[str, object]


def stamp(when: datetime) -> str:
    """A time as the control interface writes it: ISO 8601, UTC, milliseconds, ``Z``."""
    text = when.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to post to a webhook.

    ``status`` is the HTTP status, or None if there was none; ``error`` Twilio's code for what
    went wrong (11200, 11205, 12300 …), or None.
    """

    url: str
    status: int | None
    error: int | None

    def as_json(self) -> Entry:
        """The attempt as the control interface shows it."""
        return {"url": self.url, "http_status": self.status, "error": self.error}


@dataclass(slots=True)
class Truth:
    """The five lists. Each entry carries the simulated time under ``at``."""

    accepted: list[Entry] = field(default_factory=list)
    delivered: list[Entry] = field(default_factory=list)
    statuses: list[Entry] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)
    media_requests: list[Entry] = field(default_factory=list)

    def add_accepted(self, message: Message) -> None:
        """Notes an outbound message that Twilio has taken."""
        self.accepted.append(
            {
                "sid": message.sid,
                "to": message.to,
                "from": message.from_,
                "body": message.body if message.content_sid is None else "",
                "content_sid": message.content_sid,
                "content_variables": message.content_variables,
                "media_urls": list(message.media_urls),
                "status_callback": message.status_callback,
                "at": stamp(message.created_at),
                "rendered": message.rendered,
            }
        )

    def add_delivered(self, message: Message, *, tries: Sequence[Try], dropped: bool) -> None:
        """Notes an inbound message and every attempt to deliver its webhook."""
        self.delivered.append(
            {
                "sid": message.sid,
                "from": message.from_,
                "to": message.to,
                "body": message.body,
                "at": stamp(message.created_at),
                "http_status": tries[-1].status if tries else None,
                "dropped": dropped,
                "tries": [attempt.as_json() for attempt in tries],
            }
        )

    def add_status(
        self, message: Message, *, status: str, tries: Sequence[Try], lost: bool, at: datetime
    ) -> None:
        """Notes a status callback: sent, or lost by a fault."""
        self.statuses.append(
            {
                "sid": message.sid,
                "status": status,
                "error_code": message.error_code if status in {"failed", "undelivered"} else None,
                "at": stamp(at),
                "http_status": tries[-1].status if tries else None,
                "lost": lost,
                "tries": [attempt.as_json() for attempt in tries],
            }
        )

    def add_refused(self, *, path: str, status: int, code: int, at: datetime) -> None:
        """Notes a REST request that was answered with an error."""
        self.refused.append({"path": path, "status": status, "code": code, "at": stamp(at)})

    def add_media_request(
        self, *, path: str, media_sid: str | None, status: int, authorization: bool, at: datetime
    ) -> None:
        """Notes a request for media, at the API or the CDN, and whether it held credentials."""
        self.media_requests.append(
            {
                "path": path,
                "media_sid": media_sid,
                "status": status,
                "authorization": authorization,
                "at": stamp(at),
            }
        )

    def as_json(self, now: datetime) -> Entry:
        """The whole log as ``GET /_simulator/truth`` answers it."""
        return {
            "clock": stamp(now),
            "accepted": self.accepted,
            "delivered": self.delivered,
            "statuses": self.statuses,
            "refused": self.refused,
            "media_requests": self.media_requests,
        }
