"""Full-text search with SQLite's FTS5 (port.SearchRows).

Case does not matter, letters do: ``å`` is not ``a`` (the tokenizer keeps diacritics, and texts are
composed to NFC first, so that both ways of writing ``å`` are one). What a person types is never
taken as FTS5's query language. Words are runs of letters and digits; emoji and signs cannot be
searched for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from wa_console.store.executor import Executor, Row
from wa_console.store.facts import SqlFacts
from wa_console.store.message_rows import message_from
from wa_console.store.messages import SqlMessages
from wa_console.store.records import Hit

POSITION = "search.position"
"""Fact: order number of the last message that was indexed."""
WORDS = 16
"""More words than anybody searches for; FTS5's own limit is far above."""
WORD_LENGTH = 64
AROUND = 60
"""Characters of a snippet on either side of the find."""

_ENTRY_SPACE = 2**20  # entries within one millisecond
_LAST_MS = 2**43 - 1  # such an entry still fits SQLite's 64 bits: until the year 2248


class SqliteSearch:
    """Searching, kept by an executor over a SQLite file."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._facts = SqlFacts(executor)
        self._messages = SqlMessages(executor)

    async def index(self, *, limit: int) -> int:
        """Index up to ``limit`` messages not yet searchable; returns how many were looked at."""
        position = await self._facts.number(POSITION) or 0
        rows = await self._executor.rows("search.unindexed", {"n": position, "limit": limit})
        if not rows:
            return 0
        texts = {
            _entry(row["created_ms"], row["n"]): (row["n"], _composed(row["body"]))
            for row in rows
            if row["body"]
        }
        # Ascending: FTS5 writes its tree out each time a number is lower than the one before.
        entries = sorted(texts)
        await self._executor.many(
            "search.add_entry", [{"entry": entry, "n": texts[entry][0]} for entry in entries]
        )
        await self._executor.many(
            "search.add_words", [{"entry": entry, "body": texts[entry][1]} for entry in entries]
        )
        await self._facts.set_number(POSITION, rows[-1]["n"])
        return len(rows)

    async def forget(self, number: str) -> None:
        """Take the words of every message at one of our numbers out of the index.

        The index keeps no text, so FTS5 has to be given again what it was given.
        """
        rows = await self._executor.rows("search.indexed", {"number": number})
        words = [{"entry": row["entry"], "body": _composed(row["body"])} for row in rows]
        await self._executor.many("search.remove_words", words)
        entries = [{"entry": row["entry"]} for row in rows]
        await self._executor.many("search.remove_entry", entries)

    async def find(self, text: str, *, limit: int) -> Sequence[Hit]:
        """Return messages that contain every word of ``text`` (prefixes fit), newest first."""
        words = words_of(text)
        if not words:
            return []
        found = await self._executor.rows("search.find", {"words": query_of(words), "limit": limit})
        hits = []
        for row in found:
            message = message_from(row, await self._events(row))
            hits.append(Hit(message=message, snippet=snippet_of(message.body, words)))
        return hits

    async def _events(self, row: Row) -> Sequence[Row]:
        """Return a message's status history; most have none, which saves a trip each."""
        if not row["has_events"]:
            return []
        return await self._executor.rows("messages.events", {"message_id": row["id"]})


def words_of(text: str) -> Sequence[str]:
    """Return what to look for: the text cut at blanks, pieces without letter or digit left out."""
    pieces = _composed(text[: WORDS * WORD_LENGTH]).replace("\0", " ").split()
    return [piece[:WORD_LENGTH] for piece in pieces if _has_word(piece)][:WORDS]


def snippet_of(body: str, words: Sequence[str]) -> str:
    """Return the part of ``body`` around the first find, with ``…`` where something was cut."""
    begin = min((at for at in (_position(body, word) for word in words) if at >= 0), default=0)
    start, end = max(begin - AROUND, 0), begin + AROUND
    return ("…" if start else "") + body[start:end] + ("…" if end < len(body) else "")


def _position(body: str, word: str) -> int:
    """Return where the letters of ``word`` begin a word in ``body``, -1 if nowhere."""
    run = re.search(r"[^\W_]+", word)
    if run is None:
        return -1
    found = re.search(rf"(?<![^\W_]){re.escape(run[0])}", body, re.IGNORECASE)
    return found.start() if found else -1


def query_of(words: Sequence[str]) -> str:
    """Return an FTS5 query for all words as prefixes.

    Between quotes nothing is an operator; a quote is written twice. What FTS5 itself takes for
    several words (``over-sat``) is looked for as a phrase.
    """
    return " ".join('"{}"*'.format(word.replace('"', '""')) for word in words)


def _has_word(piece: str) -> bool:
    """Whether FTS5's tokenizer finds a word in it: categories L, N and Co."""
    return any(unicodedata.category(char)[0] in "LN" or char.isalnum() for char in piece)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _entry(created_ms: int, n: int) -> int:
    """Return the number of a message in the index: by time, then by insertion."""
    return min(max(created_ms, 0), _LAST_MS) * _ENTRY_SPACE + n % _ENTRY_SPACE
