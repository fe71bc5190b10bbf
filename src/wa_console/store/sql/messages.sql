-- Messages, their status history, receipts that came too early, drafts.

-- name: get(id)
SELECT
    id, conversation_id, created_ms, direction, kind, status, content, author, sid, window_state,
    forwarded, error_code, error_text, body, media, template, quoted, button, location, referral,
    raw
FROM message
WHERE id = :id

-- name: by_sid(sid)
SELECT
    id, conversation_id, created_ms, direction, kind, status, content, author, sid, window_state,
    forwarded, error_code, error_text, body, media, template, quoted, button, location, referral,
    raw
FROM message
WHERE sid = :sid

-- name: page(conversation_id, before_ms, before_id, limit)
SELECT
    id, conversation_id, created_ms, direction, kind, status, content, author, sid, window_state,
    forwarded, error_code, error_text, body, media, template, quoted, button, location, referral,
    raw
FROM message
WHERE conversation_id = :conversation_id AND (created_ms, id) < (:before_ms, :before_id)
ORDER BY created_ms DESC, id DESC
LIMIT :limit

-- name: page_events(conversation_id, before_ms, before_id, limit)
SELECT e.message_id, e.word, e.at_ms, e.error_code, e.source
FROM (
    SELECT id
    FROM message
    WHERE conversation_id = :conversation_id AND (created_ms, id) < (:before_ms, :before_id)
    ORDER BY created_ms DESC, id DESC
    LIMIT :limit
) AS page
JOIN status_event AS e ON e.message_id = page.id
ORDER BY e.n

-- name: events(message_id)
SELECT message_id, word, at_ms, error_code, source
FROM status_event
WHERE message_id = :message_id
ORDER BY n

-- The WHERE repeats that of the index message_unsettled word for word: only so is it used.
-- name: unsettled(since_ms, limit)
SELECT m.sid, m.created_ms, m.status, c.number
FROM message AS m
JOIN conversation AS c ON c.id = m.conversation_id
WHERE m.direction = 'outbound'
    AND m.sid IS NOT NULL
    AND m.status IN ('scheduled', 'accepted', 'sent', 'delivered')
    AND m.created_ms >= :since_ms
ORDER BY m.created_ms DESC
LIMIT :limit

-- name: add(id, conversation_id, created_ms, direction, kind, status, content, author, sid, window_state, forwarded, error_code, error_text, body, media, template, quoted, button, location, referral, raw)
INSERT INTO message (
    id, conversation_id, created_ms, direction, kind, status, content, author, sid, window_state,
    forwarded, error_code, error_text, body, media, template, quoted, button, location, referral,
    raw
) VALUES (
    :id, :conversation_id, :created_ms, :direction, :kind, :status, :content, :author, :sid,
    :window_state, :forwarded, :error_code, :error_text, :body, :media, :template, :quoted,
    :button, :location, :referral, :raw
)
ON CONFLICT DO NOTHING
RETURNING id

-- name: update(id, status, sid, error_code, error_text, media)!
UPDATE message
SET
    status = :status,
    sid = :sid,
    error_code = :error_code,
    error_text = :error_text,
    media = :media
WHERE id = :id

-- name: add_event(message_id, word, at_ms, error_code, source)
INSERT INTO status_event (message_id, word, at_ms, error_code, source)
VALUES (:message_id, :word, :at_ms, :error_code, :source)
ON CONFLICT (message_id, word) DO NOTHING
RETURNING word

-- name: park_receipt(sid, word, at_ms, error_code, source)!
INSERT INTO parked_receipt (sid, word, at_ms, error_code, source)
VALUES (:sid, :word, :at_ms, :error_code, :source)
ON CONFLICT (sid, word) DO NOTHING

-- name: claim_receipts(sid)
DELETE FROM parked_receipt
WHERE sid = :sid
RETURNING n, word, at_ms, error_code, source

-- name: draft(conversation_id, login)
SELECT body FROM draft WHERE conversation_id = :conversation_id AND login = :login

-- name: save_draft(conversation_id, login, body, at_ms)!
INSERT INTO draft (conversation_id, login, body, at_ms)
VALUES (:conversation_id, :login, :body, :at_ms)
ON CONFLICT (conversation_id, login) DO UPDATE SET body = excluded.body, at_ms = excluded.at_ms

-- name: remove_draft(conversation_id, login)!
DELETE FROM draft WHERE conversation_id = :conversation_id AND login = :login
