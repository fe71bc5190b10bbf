-- Messages on their way to Twilio. `n` is the order in which they were queued.
-- `state <> 'done'` stands in full where it could be left out: it picks the small index.

-- name: add(message_id, conversation_id, sender, recipient, body, content_sid, variables, media_urls, state, attempt, due_ms, leased_by, leased_until_ms, started_ms, looks, created_ms)!
INSERT INTO outbox (
    message_id, conversation_id, sender, recipient, body, content_sid, variables, media_urls,
    state, attempt, due_ms, leased_by, leased_until_ms, started_ms, looks, created_ms
) VALUES (
    :message_id, :conversation_id, :sender, :recipient, :body, :content_sid, :variables,
    :media_urls, :state, :attempt, :due_ms, :leased_by, :leased_until_ms, :started_ms, :looks,
    :created_ms
)

-- name: get(message_id)
SELECT
    n, message_id, conversation_id, sender, recipient, body, content_sid, variables, media_urls,
    state, attempt, due_ms, leased_by, leased_until_ms, started_ms, looks, created_ms
FROM outbox
WHERE message_id = :message_id

-- name: claim(now_ms, owner, until_ms, limit)
UPDATE outbox
SET leased_by = :owner, leased_until_ms = :until_ms
WHERE message_id IN (
    SELECT q.message_id
    FROM outbox AS q
    WHERE
        q.state = 'queued'
        AND q.due_ms <= :now_ms
        AND q.leased_until_ms <= :now_ms
        AND NOT EXISTS (
            SELECT 1
            FROM outbox AS o
            WHERE
                o.conversation_id = q.conversation_id
                AND o.state <> 'done'
                AND (o.n < q.n OR o.state <> 'queued')
        )
    ORDER BY q.n
    LIMIT :limit
)
RETURNING
    n, message_id, conversation_id, sender, recipient, body, content_sid, variables, media_urls,
    state, attempt, due_ms, leased_by, leased_until_ms, started_ms, looks, created_ms

-- name: next_due_ms()
SELECT
    min(CASE WHEN q.due_ms > q.leased_until_ms THEN q.due_ms ELSE q.leased_until_ms END) AS due_ms
FROM outbox AS q
WHERE
    q.state = 'queued'
    AND NOT EXISTS (
        SELECT 1
        FROM outbox AS o
        WHERE
            o.conversation_id = q.conversation_id
            AND o.state <> 'done'
            AND (o.n < q.n OR o.state <> 'queued')
    )

-- name: update(message_id, conversation_id, sender, recipient, body, content_sid, variables, media_urls, state, attempt, due_ms, leased_by, leased_until_ms, started_ms, looks, created_ms)!
UPDATE outbox
SET
    conversation_id = :conversation_id,
    sender = :sender,
    recipient = :recipient,
    body = :body,
    content_sid = :content_sid,
    variables = :variables,
    media_urls = :media_urls,
    state = :state,
    attempt = :attempt,
    due_ms = :due_ms,
    leased_by = :leased_by,
    leased_until_ms = :leased_until_ms,
    started_ms = :started_ms,
    looks = :looks,
    created_ms = :created_ms
WHERE message_id = :message_id

-- name: in_state(state)
SELECT
    n, message_id, conversation_id, sender, recipient, body, content_sid, variables, media_urls,
    state, attempt, due_ms, leased_by, leased_until_ms, started_ms, looks, created_ms
FROM outbox
WHERE state = :state
ORDER BY n

-- name: waiting()
SELECT count(*) AS entries FROM outbox WHERE state IN ('queued', 'sending', 'unknown')
