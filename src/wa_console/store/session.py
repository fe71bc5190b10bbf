"""What a closure inside ``read`` or ``write`` gets: the row classes over one executor."""

from __future__ import annotations

from wa_console.store.changes import SqlChanges
from wa_console.store.channels import SqlChannels
from wa_console.store.conversations import SqlConversations
from wa_console.store.customers import SqlCustomers
from wa_console.store.executor import Executor
from wa_console.store.facts import SqlFacts
from wa_console.store.messages import SqlMessages
from wa_console.store.outbox import SqlOutbox
from wa_console.store.port import SearchRows
from wa_console.store.templates import SqlTemplates


class SqlSession:
    """A session over the portable statements (port.Session).

    Searching is the one thing that each back end does in its own way, so it comes from outside.
    """

    def __init__(self, executor: Executor, search: SearchRows) -> None:
        self.customers = SqlCustomers(executor)
        self.conversations = SqlConversations(executor)
        self.messages = SqlMessages(executor)
        self.outbox = SqlOutbox(executor)
        self.templates = SqlTemplates(executor)
        self.facts = SqlFacts(executor)
        self.changes = SqlChanges(executor)
        self.channels = SqlChannels(executor)
        self.search = search
