-- Conversations, one by one. Their lists are in inbox.sql.

-- name: get(id)
SELECT
    id, customer_id, number, reply_to, state, workstream, queue, assignee, unread, created_ms,
    updated_ms, last_inbound_ms, closed_by_channel_ms, waiting_since_ms, first_reply_ms, closed_ms,
    last_message_id, quarantined, labels, context, version
FROM conversation
WHERE id = :id

-- name: of_customer(customer_id)
SELECT
    id, customer_id, number, reply_to, state, workstream, queue, assignee, unread, created_ms,
    updated_ms, last_inbound_ms, closed_by_channel_ms, waiting_since_ms, first_reply_ms, closed_ms,
    last_message_id, quarantined, labels, context, version
FROM conversation
WHERE customer_id = :customer_id
ORDER BY created_ms DESC, id DESC

-- name: find(customer_id, number)
SELECT
    id, customer_id, number, reply_to, state, workstream, queue, assignee, unread, created_ms,
    updated_ms, last_inbound_ms, closed_by_channel_ms, waiting_since_ms, first_reply_ms, closed_ms,
    last_message_id, quarantined, labels, context, version
FROM conversation
WHERE customer_id = :customer_id AND number = :number

-- name: save(id, customer_id, number, reply_to, state, workstream, queue, assignee, unread, created_ms, updated_ms, last_inbound_ms, closed_by_channel_ms, waiting_since_ms, first_reply_ms, closed_ms, last_message_id, quarantined, labels, context, shelf, needs, window_ms)!
INSERT INTO conversation (
    id, customer_id, number, reply_to, state, workstream, queue, assignee, unread, created_ms,
    updated_ms, last_inbound_ms, closed_by_channel_ms, waiting_since_ms, first_reply_ms, closed_ms,
    last_message_id, quarantined, labels, context, version, shelf, needs, window_ms
) VALUES (
    :id, :customer_id, :number, :reply_to, :state, :workstream, :queue, :assignee, :unread,
    :created_ms, :updated_ms, :last_inbound_ms, :closed_by_channel_ms, :waiting_since_ms,
    :first_reply_ms, :closed_ms, :last_message_id, :quarantined, :labels, :context, 1, :shelf,
    :needs, :window_ms
)
ON CONFLICT (id) DO UPDATE SET
    customer_id = excluded.customer_id,
    number = excluded.number,
    reply_to = excluded.reply_to,
    state = excluded.state,
    workstream = excluded.workstream,
    queue = excluded.queue,
    assignee = excluded.assignee,
    unread = excluded.unread,
    created_ms = excluded.created_ms,
    updated_ms = excluded.updated_ms,
    last_inbound_ms = excluded.last_inbound_ms,
    closed_by_channel_ms = excluded.closed_by_channel_ms,
    waiting_since_ms = excluded.waiting_since_ms,
    first_reply_ms = excluded.first_reply_ms,
    closed_ms = excluded.closed_ms,
    last_message_id = excluded.last_message_id,
    quarantined = excluded.quarantined,
    labels = excluded.labels,
    context = excluded.context,
    version = conversation.version + 1,
    shelf = excluded.shelf,
    needs = excluded.needs,
    window_ms = excluded.window_ms
