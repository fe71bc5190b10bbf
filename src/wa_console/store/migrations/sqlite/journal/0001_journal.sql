-- The journal as of version 1: requests as they came. No index but the unique key is touched by an
-- append (the partial one only by rows that are parked).

CREATE TABLE journal (
    -- AUTOINCREMENT: a position, once given, never comes again, even if the newest row is erased.
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    received_ms INTEGER NOT NULL,
    occurred_ms INTEGER,
    source TEXT NOT NULL,
    query TEXT NOT NULL,
    fields TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    parked INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX journal_parked ON journal (seq) WHERE parked = 1;
