-- The change feed.

-- name: add(kind, at_ms, conversation_id, message_id)!
INSERT INTO change (kind, at_ms, conversation_id, message_id)
VALUES (:kind, :at_ms, :conversation_id, :message_id)

-- name: since(seq, limit)
SELECT seq, kind, at_ms, conversation_id, message_id
FROM change
WHERE seq > :seq
ORDER BY seq
LIMIT :limit

-- name: last_seq()
SELECT coalesce(max(seq), 0) AS seq FROM change
