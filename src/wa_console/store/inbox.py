"""The inbox: slices, sizes and positions of its views (port.ConversationRows). Knows no driver.

The order is: needs an answer and open, answered and open (both soonest to close first), needs an
answer but ended, answered and ended (both newest activity first), closed ones last. Which of these
a conversation belongs to depends on the time, so it cannot be one index. Each of the five *parts*
is one range of one index; a slice is cut out of the parts one after the other. So no page reads
more than it shows, plus what its offset skips in index entries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from wa_console.domain.clock import from_ms, to_ms
from wa_console.domain.conversation import InboxRow, View
from wa_console.store.executor import Executor, Row, Value, first, only
from wa_console.store.records import InboxCounts, InboxQuery
from wa_console.store.rows import Shelf, inbox_row_from

_TYPED_NUMBER = re.compile(r"[\d\s()+./-]*\d[\d\s()+./-]*")
_NO_SHELF = -1


@dataclass(frozen=True, slots=True)
class _Part:
    """One range of the order: a shelf, whether an answer is needed, window open or ended."""

    shelf: Shelf
    needs: int
    open: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """A view as parts in order; ``assignee`` None is everybody, ``""`` is nobody."""

    parts: tuple[_Part, ...]
    assignee: str | None = None

    def statement(self, part: _Part, ending: str = "") -> str:
        """Return the name of a part's statement: page, ``_size`` or ``_before``."""
        owner = "" if self.assignee is None else "_of"
        return f"inbox.{'open' if part.open else 'ended'}{owner}{ending}"

    def values(self, part: _Part, open_since: int) -> dict[str, Value]:
        """Return what all statements of a part need."""
        return {
            "shelf": int(part.shelf),
            "assignee": self.assignee,
            "needs": part.needs,
            "open_since": open_since,
        }


def _parts(shelf: Shelf, needs: tuple[int, ...] = (1, 0)) -> tuple[_Part, ...]:
    return tuple(_Part(shelf, need, state) for state in (True, False) for need in needs)


_CLOSED = (_Part(Shelf.CLOSED, 0, open=False),)


def _plan(query: InboxQuery) -> _Plan:
    """Return how a view is put together."""
    match query.view:
        case View.MINE:
            return _Plan(_parts(Shelf.LIVE), assignee=query.login)
        case View.UNASSIGNED:
            return _Plan(_parts(Shelf.LIVE), assignee="")
        case View.WAITING:
            return _Plan(_parts(Shelf.LIVE, needs=(1,)))
        case View.CLOSED:
            return _Plan(_CLOSED)
        case View.QUARANTINE:
            return _Plan(_parts(Shelf.QUARANTINE))
        case View.ALL:
            return _Plan(_parts(Shelf.LIVE) + _CLOSED)
        case _:
            assert_never(query.view)


class SqlInbox:
    """The inbox's lists, kept by an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def inbox(self, query: InboxQuery, *, offset: int, limit: int) -> Sequence[InboxRow]:
        """Return a slice of a view in the inbox's order."""
        offset = max(offset, 0)
        if query.text.strip():
            cut: dict[str, Value] = {"login": query.login, "limit": limit, "offset": offset}
            rows = await self._executor.rows("filtered.page", _filter(query) | cut)
        else:
            rows = await self._slice(query, offset, limit)
        return [inbox_row_from(row) for row in rows]

    async def _slice(self, query: InboxQuery, offset: int, limit: int) -> Sequence[Row]:
        """Cut a slice out of the parts; a part's size is asked only if the offset may skip it."""
        plan = _plan(query)
        since = _open_since(query)
        found: list[Row] = []
        for part in plan.parts:
            values = plan.values(part, since)
            if offset:
                size = await self._size(plan, part, since)
                if size <= offset:
                    offset -= size
                    continue
            cut: dict[str, Value] = {
                "login": query.login,
                "limit": limit - len(found),
                "offset": offset,
            }
            found += await self._executor.rows(plan.statement(part), values | cut)
            offset = 0
            if len(found) >= limit:
                break
        return found

    async def _size(self, plan: _Plan, part: _Part, since: int) -> int:
        row = await only(self._executor, plan.statement(part, "_size"), plan.values(part, since))
        return int(row["entries"])

    async def inbox_row(self, conversation_id: str, *, login: str) -> InboxRow | None:
        """Return the entry of one conversation, whatever views it is in."""
        values = {"id": conversation_id, "login": login}
        row = await first(self._executor, "inbox.entry", values)
        return inbox_row_from(row) if row is not None else None

    async def inbox_size(self, query: InboxQuery) -> int:
        """Return how many entries a view has."""
        if query.text.strip():
            row = await only(self._executor, "filtered.size", _filter(query))
            return int(row["entries"])
        plan = _plan(query)
        since = _open_since(query)
        return sum([await self._size(plan, part, since) for part in plan.parts])

    async def inbox_position(self, query: InboxQuery, conversation_id: str) -> int | None:
        """Return the index of a conversation in a view, None when it is not in it."""
        if query.text.strip():
            there = _filter(query) | {"id": conversation_id}
            row = await first(self._executor, "filtered.before", there)
            return int(row["entries"]) if row is not None else None
        place = await first(self._executor, "inbox.place", {"id": conversation_id})
        if place is None:
            return None
        plan = _plan(query)
        since = _open_since(query)
        here = _Part(Shelf(place["shelf"]), place["needs"], open=place["window_ms"] > since)
        if here not in plan.parts or plan.assignee not in (None, place["assignee"]):
            return None
        index = plan.parts.index(here)
        ahead = sum([await self._size(plan, part, since) for part in plan.parts[:index]])
        values = plan.values(here, since) | {
            "id": conversation_id,
            "window_ms": place["window_ms"],
            "updated_ms": place["updated_ms"],
        }
        row = await only(self._executor, plan.statement(here, "_before"), values)
        return ahead + int(row["entries"])

    async def counts(
        self, login: str, *, open_since: datetime, closing_since: datetime
    ) -> InboxCounts:
        """Return the sizes of the views; ``closing_soon`` is over all that are not closed."""
        row = await only(
            self._executor,
            "inbox.counts",
            {
                "login": login,
                "open_since": max(to_ms(open_since), 1),
                "closing_since": to_ms(closing_since),
            },
        )
        return InboxCounts(
            mine=row["mine"],
            unassigned=row["unassigned"],
            waiting=row["waiting"],
            all=row["everything"],
            quarantine=row["quarantine"],
            closing_soon=row["closing_soon"],
        )

    async def next_inbound(self, since: datetime) -> datetime | None:
        """Return the oldest last inbound at or after a moment, of all that are not closed."""
        # 0 stands for "no window" in the table.
        row = await only(self._executor, "inbox.next_inbound", {"since": max(to_ms(since), 1)})
        return None if row["next_ms"] is None else from_ms(row["next_ms"])


def _open_since(query: InboxQuery) -> int:
    """Return the query's border; never below 0, which stands for "no window" in the table."""
    return max(to_ms(query.open_since), 0)


def _filter(query: InboxQuery) -> dict[str, Value]:
    """Return what the statements behind a text filter need.

    A number may be typed with blanks and signs; addresses are stored without.
    """
    plan = _plan(query)
    shelves = [int(shelf) for shelf in dict.fromkeys(part.shelf for part in plan.parts)]
    text = query.text.strip()
    digits = "".join(c for c in text if c.isdigit()) if _TYPED_NUMBER.fullmatch(text) else ""
    return {
        "pattern": _contains(text),
        "number": _contains(digits) if digits else "",  # fits nothing, and costs nothing
        "shelf": shelves[0],
        "shelf_too": shelves[1] if len(shelves) > 1 else _NO_SHELF,
        "needs": min(part.needs for part in plan.parts),
        "anybody": int(plan.assignee is None),
        "assignee": plan.assignee or "",
        "open_since": _open_since(query),
    }


def _contains(text: str) -> str:
    """Return a LIKE pattern for any text with ``text`` in it, signs of LIKE taken as they are."""
    escaped = re.sub(r"([!%_])", r"!\1", text.casefold())
    return f"%{escaped}%"
