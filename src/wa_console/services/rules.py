"""The window settings of this installation, applied to conversations and inbox rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wa_console.domain.conversation import Conversation, InboxRow
from wa_console.domain.window import WINDOW, Window, reply_window


@dataclass(frozen=True, slots=True)
class Rules:
    """How early a window is taken to close, and from when on it is ``closing``.

    Attributes:
        margin: A window is taken to close this much early (faults D9).
        closing: Time before that from which it is ``closing``.
    """

    margin: timedelta = timedelta(seconds=60)
    closing: timedelta = timedelta(minutes=60)

    def window(self, conversation: Conversation | InboxRow, now: datetime) -> Window:
        """Return the window of a conversation at ``now`` (ARCHITECTURE section 6).

        Raises:
            ValueError: ``now`` is naive, or the settings are out of range.
        """
        return reply_window(
            conversation.last_inbound_at,
            now,
            margin=self.margin,
            closing=self.closing,
            closed_by_channel_at=conversation.closed_by_channel_at,
        )

    def open_since(self, now: datetime) -> datetime:
        """Return the moment after which a last inbound message leaves a window open at ``now``."""
        return now - (WINDOW - self.margin)

    def closing_since(self, now: datetime) -> datetime:
        """Return the moment up to which an open window is already ``closing`` at ``now``."""
        return self.open_since(now) + self.closing
