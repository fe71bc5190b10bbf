-- All that came and went by one of our numbers: counted, listed, erased.

-- name: counts(number)
SELECT
    (SELECT count(*) FROM conversation WHERE number = :number) AS conversations,
    (SELECT count(*) FROM conversation WHERE number = :number AND shelf = 0) AS live,
    (SELECT count(*) FROM conversation WHERE number = :number AND quarantined = 1) AS held,
    (
        SELECT count(*) FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
        WHERE c.number = :number
    ) AS messages,
    (
        SELECT count(*) FROM outbox AS o JOIN conversation AS c ON c.id = o.conversation_id
        WHERE c.number = :number AND o.state <> 'done'
    ) AS unsent,
    (
        SELECT count(*) FROM (
            SELECT customer_id FROM conversation GROUP BY customer_id
            HAVING min(number) = :number AND max(number) = :number
        ) AS only_here
    ) AS customers,
    (SELECT max(last_inbound_ms) FROM conversation WHERE number = :number) AS last_inbound_ms

-- name: conversations(number, after, limit)
SELECT
    id, customer_id, number, reply_to, state, workstream, queue, assignee, unread, created_ms,
    updated_ms, last_inbound_ms, closed_by_channel_ms, waiting_since_ms, first_reply_ms, closed_ms,
    last_message_id, quarantined, labels, context, version
FROM conversation
WHERE number = :number AND id > :after
ORDER BY id
LIMIT :limit

-- name: unsent(number)
SELECT o.message_id
FROM outbox AS o
JOIN conversation AS c ON c.id = o.conversation_id
WHERE c.number = :number AND o.state = 'queued'
ORDER BY o.n

-- name: erase_events(number)!
DELETE FROM status_event WHERE message_id IN (
    SELECT m.id FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    WHERE c.number = :number
)

-- name: erase_outbox(number)!
DELETE FROM outbox WHERE conversation_id IN (SELECT id FROM conversation WHERE number = :number)

-- name: erase_drafts(number)!
DELETE FROM draft WHERE conversation_id IN (SELECT id FROM conversation WHERE number = :number)

-- name: erase_messages(number)!
DELETE FROM message WHERE conversation_id IN (SELECT id FROM conversation WHERE number = :number)

-- name: erase_addresses(number)!
DELETE FROM customer_address WHERE customer_id IN (
    SELECT customer_id FROM conversation GROUP BY customer_id
    HAVING min(number) = :number AND max(number) = :number
)

-- name: erase_customers(number)!
DELETE FROM customer WHERE id IN (
    SELECT customer_id FROM conversation GROUP BY customer_id
    HAVING min(number) = :number AND max(number) = :number
)

-- name: erase_conversations(number)!
DELETE FROM conversation WHERE number = :number
