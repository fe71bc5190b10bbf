"""The one tree of errors that services and screens may meet.

::

    WaConsoleError                 a sentence for the person, and an exit code
    ├── NotFound                   no such conversation, message, template (1)
    ├── NotAllowed                 the step makes no sense now: already closed, not retryable (1)
    ├── InvalidAddress             a typed number or id that cannot be understood (2)
    ├── SetupProblem               settings, set-up file or credentials (3)
    │   └── SetupProblems          several at once, each with its line and mend
    ├── StoreProblem               the store is newer, locked, foreign or damaged (4)
    │   └── StoreBusy              another process holds what we need
    ├── TwilioProblem              Twilio or the network did not do it (5)
    └── RuleRefusal                a WhatsApp rule forbids it (6)
        ├── WindowClosed           free text outside the 24-hour window
        └── TemplateProblem        unapproved template, wrong variables, too long

Adapters translate what they catch into this tree at their border; the text is already translated
and safe to show. Exit codes are those of CONTRACT.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class WaConsoleError(Exception):
    """Something a person must be told: ``str(error)`` is the sentence.

    Attributes:
        exit_code: What a command that ends with this error returns to the shell.
    """

    exit_code = 1


class NotFound(WaConsoleError):
    """What was named does not exist."""


class NotAllowed(WaConsoleError):
    """The step makes no sense in the present state."""


class InvalidAddress(WaConsoleError):
    """A typed number or id that cannot be understood."""

    exit_code = 2


class SetupProblem(WaConsoleError):
    """Settings, set-up or credentials are missing or wrong."""

    exit_code = 3


class SetupProblems(SetupProblem):
    """Several problems found at once.

    Attributes:
        problems: One sentence each, in the order of the file.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class StoreProblem(WaConsoleError):
    """The store cannot be used: newer than the program, foreign, locked or damaged."""

    exit_code = 4


class StoreBusy(StoreProblem):
    """Another process holds what is needed and did not let go in time."""


class TwilioProblem(WaConsoleError):
    """Twilio or the network did not do what was asked."""

    exit_code = 5


class RuleRefusal(WaConsoleError):
    """A WhatsApp rule forbids the message; nothing was queued."""

    exit_code = 6


class WindowClosed(RuleRefusal):
    """Free text was refused because the customer's 24-hour window is not open.

    Attributes:
        closed_at: When it closed, or None when the customer never wrote.
    """

    def __init__(self, sentence: str, *, closed_at: datetime | None = None) -> None:
        self.closed_at = closed_at
        super().__init__(sentence)


class TemplateProblem(RuleRefusal):
    """A template that may not be sent as it stands.

    Attributes:
        problems: One sentence for each thing to mend.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))
