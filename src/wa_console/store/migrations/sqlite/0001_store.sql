-- The store as of version 1. Times are epoch milliseconds, choices are words, ids are ours.
-- Every `n` is the order of insertion, which is the order of commit: there is one writer at a time.

CREATE TABLE customer (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    profile_name TEXT NOT NULL,
    language TEXT NOT NULL,
    first_seen_ms INTEGER NOT NULL,
    -- Names and addresses in lower case, for the inbox's filter.
    haystack TEXT NOT NULL
);

CREATE TABLE customer_address (
    customer_id TEXT NOT NULL REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    wire TEXT NOT NULL,
    match_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (customer_id, wire)
) WITHOUT ROWID;
CREATE INDEX customer_address_key ON customer_address (match_key);

CREATE TABLE conversation (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED,
    number TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    state TEXT NOT NULL,
    workstream TEXT NOT NULL,
    queue TEXT NOT NULL,
    assignee TEXT NOT NULL,
    unread INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    last_inbound_ms INTEGER,
    closed_by_channel_ms INTEGER,
    waiting_since_ms INTEGER,
    first_reply_ms INTEGER,
    closed_ms INTEGER,
    last_message_id TEXT,
    quarantined INTEGER NOT NULL,
    labels TEXT NOT NULL,
    context TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- The next three are worked out from the others at every save (rows.py), so that each part of
    -- the inbox is one range of one index, whatever the time is.
    shelf INTEGER NOT NULL,
    needs INTEGER NOT NULL,
    window_ms INTEGER NOT NULL,
    UNIQUE (customer_id, number)
);
-- Open windows, soonest to close first; the ended ones, newest activity first. Each for all
-- conversations and for those of one person (or of nobody).
CREATE INDEX conversation_open ON conversation (shelf, needs, window_ms, id);
CREATE INDEX conversation_open_of ON conversation (assignee, shelf, needs, window_ms, id);
CREATE INDEX conversation_ended ON conversation (shelf, needs, updated_ms DESC, id, window_ms);
CREATE INDEX conversation_ended_of
    ON conversation (assignee, shelf, needs, updated_ms DESC, id, window_ms);

CREATE TABLE message (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) DEFERRABLE INITIALLY DEFERRED,
    created_ms INTEGER NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    content TEXT NOT NULL,
    author TEXT NOT NULL,
    sid TEXT,
    window_state TEXT NOT NULL,
    forwarded INTEGER NOT NULL,
    error_code INTEGER,
    error_text TEXT,
    body TEXT NOT NULL,
    media TEXT,
    template TEXT,
    quoted TEXT,
    button TEXT,
    location TEXT,
    referral TEXT,
    -- Last, because it is long and the inbox must not read past it.
    raw TEXT
);
CREATE UNIQUE INDEX message_sid ON message (sid) WHERE sid IS NOT NULL;
CREATE INDEX message_timeline ON message (conversation_id, created_ms, id);

CREATE TABLE status_event (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL REFERENCES message (id) DEFERRABLE INITIALLY DEFERRED,
    word TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    error_code INTEGER,
    source TEXT NOT NULL,
    UNIQUE (message_id, word)
);

CREATE TABLE parked_receipt (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL,
    word TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    error_code INTEGER,
    source TEXT NOT NULL,
    UNIQUE (sid, word)
);

CREATE TABLE draft (
    conversation_id TEXT NOT NULL REFERENCES conversation (id) DEFERRABLE INITIALLY DEFERRED,
    login TEXT NOT NULL,
    body TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, login)
) WITHOUT ROWID;

CREATE TABLE outbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE REFERENCES message (id) DEFERRABLE INITIALLY DEFERRED,
    conversation_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    body TEXT NOT NULL,
    content_sid TEXT NOT NULL,
    variables TEXT NOT NULL,
    media_urls TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    leased_by TEXT NOT NULL,
    leased_until_ms INTEGER NOT NULL,
    started_ms INTEGER,
    looks INTEGER NOT NULL,
    created_ms INTEGER
);
CREATE INDEX outbox_state ON outbox (state, n);
CREATE INDEX outbox_unsettled ON outbox (conversation_id, n) WHERE state <> 'done';

CREATE TABLE template (
    content_sid TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    variables TEXT NOT NULL,
    category TEXT NOT NULL,
    approval TEXT NOT NULL,
    reason TEXT NOT NULL,
    buttons TEXT NOT NULL,
    workstreams TEXT NOT NULL,
    synced_ms INTEGER
);

-- Outlives the template: one that comes back is filled as before.
CREATE TABLE template_use (
    content_sid TEXT NOT NULL PRIMARY KEY,
    variables TEXT NOT NULL
);

CREATE TABLE fact (
    name TEXT NOT NULL PRIMARY KEY,
    number INTEGER,
    words TEXT
);

CREATE TABLE presence (
    login TEXT NOT NULL PRIMARY KEY,
    presence TEXT NOT NULL,
    at_ms INTEGER NOT NULL
);

CREATE TABLE setup_item (
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, position)
);

CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    conversation_id TEXT,
    message_id TEXT
);

-- All that an entry of the inbox shows, but the draft mark, which is somebody's own.
CREATE VIEW inbox_entry AS
SELECT
    c.id, u.name, u.profile_name, c.reply_to, c.state, c.assignee, c.unread, c.last_inbound_ms,
    c.closed_by_channel_ms, c.waiting_since_ms, c.updated_ms, c.labels,
    c.shelf, c.needs, c.window_ms, u.haystack,
    m.direction AS last_direction, m.kind AS last_kind, m.content AS last_content,
    m.status AS last_status, substr(m.body, 1, 280) AS last_body, m.author AS last_author
FROM conversation AS c
JOIN customer AS u ON u.id = c.customer_id
LEFT JOIN message AS m ON m.id = c.last_message_id;

-- Which words stand in which message. The text itself is not kept twice (content=''); an entry's
-- number begins with the message's time, so that "newest first" is the index's own order.
CREATE VIRTUAL TABLE message_words USING fts5 (
    body, content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE TABLE message_entry (
    entry INTEGER NOT NULL PRIMARY KEY,
    n INTEGER NOT NULL
);
