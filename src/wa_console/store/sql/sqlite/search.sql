-- Full-text search with FTS5. An entry is `created_ms * 2^20 + n mod 2^20`: newest first is the
-- index's own order, read backwards, and needs no sorting of everything found.

-- name: unindexed(n, limit)
SELECT n, created_ms, body FROM message WHERE n > :n ORDER BY n LIMIT :limit

-- name: add_entry(entry, n)!
INSERT INTO message_entry (entry, n) VALUES (:entry, :n) ON CONFLICT (entry) DO NOTHING

-- name: add_words(entry, body)!
INSERT INTO message_words (rowid, body) VALUES (:entry, :body)

-- name: find(words, limit)
SELECT
    m.id, m.conversation_id, m.created_ms, m.direction, m.kind, m.status, m.content, m.author,
    m.sid, m.window_state, m.forwarded, m.error_code, m.error_text, m.body, m.media, m.template,
    m.quoted, m.button, m.location, m.referral, m.raw,
    EXISTS (SELECT 1 FROM status_event AS s WHERE s.message_id = m.id) AS has_events
FROM (
    SELECT rowid AS entry
    FROM message_words
    WHERE message_words MATCH :words
    ORDER BY rowid DESC
    LIMIT :limit
) AS hit
JOIN message_entry AS e ON e.entry = hit.entry
JOIN message AS m ON m.n = e.n
ORDER BY m.created_ms DESC, m.id DESC

-- name: indexed(number)
SELECT e.entry, m.body
FROM conversation AS c
JOIN message AS m ON m.conversation_id = c.id
JOIN message_entry AS e ON e.n = m.n
WHERE c.number = :number
ORDER BY e.entry

-- name: remove_words(entry, body)!
INSERT INTO message_words (message_words, rowid, body) VALUES ('delete', :entry, :body)

-- name: remove_entry(entry)!
DELETE FROM message_entry WHERE entry = :entry
