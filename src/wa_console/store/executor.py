"""The little that the row classes need of a database: run a named statement, get its rows.

The row classes (customers, conversations, messages, ...) are written over this protocol and the
portable statements in ``sql/``; a back end brings an implementation and the statements that
differ. Nothing here may know a driver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

Value: TypeAlias = str | int | None
"""What a parameter may be; everything else is encoded before it comes here (codec)."""

Values: TypeAlias = Mapping[str, Value]


class Row(Protocol):
    """One row of a result: its columns by name."""

    def __getitem__(self, column: str, /) -> Any:
        """Return a column; a name that the statement does not have raises LookupError."""
        ...


class Executor(Protocol):
    """Runs statements inside one transaction."""

    async def rows(self, statement: str, values: Values | None = None) -> Sequence[Row]:
        """Run the statement ``file.name`` and return all its rows.

        Raises:
            StoreProblem: The database did not do it.
        """
        ...

    async def many(self, statement: str, values: Sequence[Values]) -> None:
        """Run a statement that returns nothing once for each of ``values``, in order.

        Raises:
            StoreProblem: The database did not do it.
        """
        ...


async def first(executor: Executor, statement: str, values: Values | None = None) -> Row | None:
    """Return the first row of a statement, None without one."""
    rows = await executor.rows(statement, values)
    return rows[0] if rows else None


async def only(executor: Executor, statement: str, values: Values | None = None) -> Row:
    """Return the row of a statement that always has exactly one, such as a count."""
    (row,) = await executor.rows(statement, values)
    return row
