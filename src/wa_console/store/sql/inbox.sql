-- The inbox. A view is a few parts one after the other; each part is one range of one index:
--   open:  the window is open, soonest to close first (conversation_open, conversation_open_of)
--   ended: the window is closed, newest activity first (conversation_ended, conversation_ended_of)
-- each for `needs` 1 and 0. `..._of` is for one person's conversations, '' for nobody's.
-- `shelf` is 0 live, 1 closed, 2 quarantine, 3 discarded. The `+` keeps a planner from taking the
-- index of the other kind of part, which would sort all of the part for each page.

-- name: entry(id, login)
SELECT
    e.id, e.name, e.profile_name, e.reply_to, e.state, e.assignee, e.unread, e.last_inbound_ms,
    e.closed_by_channel_ms, e.waiting_since_ms, e.updated_ms, e.labels, e.last_direction,
    e.last_kind, e.last_content, e.last_status, e.last_body, e.last_author,
    CASE
        WHEN EXISTS (
            SELECT 1 FROM draft AS d WHERE d.conversation_id = e.id AND d.login = :login
        ) THEN 1 ELSE 0
    END AS has_draft
FROM inbox_entry AS e
WHERE e.id = :id

-- name: place(id)
SELECT assignee, shelf, needs, window_ms, updated_ms FROM conversation WHERE id = :id

-- name: counts(login, open_since, closing_since)
SELECT
    (SELECT count(*) FROM conversation WHERE shelf = 0 AND assignee = :login) AS mine,
    (SELECT count(*) FROM conversation WHERE shelf = 0 AND assignee = '') AS unassigned,
    (SELECT count(*) FROM conversation WHERE shelf = 0 AND needs = 1) AS waiting,
    (SELECT count(*) FROM conversation WHERE shelf < 2) AS everything,
    (SELECT count(*) FROM conversation WHERE shelf = 2) AS quarantine,
    (
        SELECT count(*)
        FROM conversation
        WHERE
            shelf = 0 AND needs IN (0, 1)
            AND window_ms >= :open_since AND window_ms < :closing_since
    ) AS closing_soon

-- name: next_inbound(since)
SELECT min(found.first_ms) AS next_ms
FROM (
    SELECT min(window_ms) AS first_ms
    FROM conversation
    WHERE shelf = 0 AND needs = 1 AND window_ms >= :since
    UNION ALL
    SELECT min(window_ms) AS first_ms
    FROM conversation
    WHERE shelf = 0 AND needs = 0 AND window_ms >= :since
) AS found

-- name: open(shelf, needs, open_since, login, limit, offset)
SELECT
    e.id, e.name, e.profile_name, e.reply_to, e.state, e.assignee, e.unread, e.last_inbound_ms,
    e.closed_by_channel_ms, e.waiting_since_ms, e.updated_ms, e.labels, e.last_direction,
    e.last_kind, e.last_content, e.last_status, e.last_body, e.last_author,
    CASE
        WHEN EXISTS (
            SELECT 1 FROM draft AS d WHERE d.conversation_id = e.id AND d.login = :login
        ) THEN 1 ELSE 0
    END AS has_draft
FROM (
    SELECT id
    FROM conversation
    WHERE shelf = :shelf AND needs = :needs AND window_ms > :open_since
    ORDER BY window_ms, id
    LIMIT :limit OFFSET :offset
) AS page
JOIN inbox_entry AS e ON e.id = page.id
ORDER BY e.window_ms, e.id

-- name: open_size(shelf, needs, open_since)
SELECT count(*) AS entries
FROM conversation
WHERE shelf = :shelf AND needs = :needs AND window_ms > :open_since

-- name: open_before(shelf, needs, open_since, window_ms, id)
SELECT count(*) AS entries
FROM conversation
WHERE
    shelf = :shelf AND needs = :needs AND window_ms > :open_since
    AND (window_ms, id) < (:window_ms, :id)

-- name: ended(shelf, needs, open_since, login, limit, offset)
SELECT
    e.id, e.name, e.profile_name, e.reply_to, e.state, e.assignee, e.unread, e.last_inbound_ms,
    e.closed_by_channel_ms, e.waiting_since_ms, e.updated_ms, e.labels, e.last_direction,
    e.last_kind, e.last_content, e.last_status, e.last_body, e.last_author,
    CASE
        WHEN EXISTS (
            SELECT 1 FROM draft AS d WHERE d.conversation_id = e.id AND d.login = :login
        ) THEN 1 ELSE 0
    END AS has_draft
FROM (
    SELECT id
    FROM conversation
    WHERE shelf = :shelf AND needs = :needs AND +window_ms <= :open_since
    ORDER BY updated_ms DESC, id
    LIMIT :limit OFFSET :offset
) AS page
JOIN inbox_entry AS e ON e.id = page.id
ORDER BY e.updated_ms DESC, e.id

-- name: ended_size(shelf, needs, open_since)
SELECT count(*) AS entries
FROM conversation
WHERE shelf = :shelf AND needs = :needs AND window_ms <= :open_since

-- name: ended_before(shelf, needs, open_since, updated_ms, id)
SELECT count(*) AS entries
FROM conversation
WHERE
    shelf = :shelf AND needs = :needs AND +window_ms <= :open_since
    AND updated_ms >= :updated_ms AND (updated_ms > :updated_ms OR id < :id)

-- name: open_of(shelf, assignee, needs, open_since, login, limit, offset)
SELECT
    e.id, e.name, e.profile_name, e.reply_to, e.state, e.assignee, e.unread, e.last_inbound_ms,
    e.closed_by_channel_ms, e.waiting_since_ms, e.updated_ms, e.labels, e.last_direction,
    e.last_kind, e.last_content, e.last_status, e.last_body, e.last_author,
    CASE
        WHEN EXISTS (
            SELECT 1 FROM draft AS d WHERE d.conversation_id = e.id AND d.login = :login
        ) THEN 1 ELSE 0
    END AS has_draft
FROM (
    SELECT id
    FROM conversation
    WHERE shelf = :shelf AND assignee = :assignee AND needs = :needs AND window_ms > :open_since
    ORDER BY window_ms, id
    LIMIT :limit OFFSET :offset
) AS page
JOIN inbox_entry AS e ON e.id = page.id
ORDER BY e.window_ms, e.id

-- name: open_of_size(shelf, assignee, needs, open_since)
SELECT count(*) AS entries
FROM conversation
WHERE shelf = :shelf AND assignee = :assignee AND needs = :needs AND window_ms > :open_since

-- name: open_of_before(shelf, assignee, needs, open_since, window_ms, id)
SELECT count(*) AS entries
FROM conversation
WHERE
    shelf = :shelf AND assignee = :assignee AND needs = :needs AND window_ms > :open_since
    AND (window_ms, id) < (:window_ms, :id)

-- name: ended_of(shelf, assignee, needs, open_since, login, limit, offset)
SELECT
    e.id, e.name, e.profile_name, e.reply_to, e.state, e.assignee, e.unread, e.last_inbound_ms,
    e.closed_by_channel_ms, e.waiting_since_ms, e.updated_ms, e.labels, e.last_direction,
    e.last_kind, e.last_content, e.last_status, e.last_body, e.last_author,
    CASE
        WHEN EXISTS (
            SELECT 1 FROM draft AS d WHERE d.conversation_id = e.id AND d.login = :login
        ) THEN 1 ELSE 0
    END AS has_draft
FROM (
    SELECT id
    FROM conversation
    WHERE shelf = :shelf AND assignee = :assignee AND needs = :needs AND +window_ms <= :open_since
    ORDER BY updated_ms DESC, id
    LIMIT :limit OFFSET :offset
) AS page
JOIN inbox_entry AS e ON e.id = page.id
ORDER BY e.updated_ms DESC, e.id

-- name: ended_of_size(shelf, assignee, needs, open_since)
SELECT count(*) AS entries
FROM conversation
WHERE shelf = :shelf AND assignee = :assignee AND needs = :needs AND window_ms <= :open_since

-- name: ended_of_before(shelf, assignee, needs, open_since, updated_ms, id)
SELECT count(*) AS entries
FROM conversation
WHERE
    shelf = :shelf AND assignee = :assignee AND needs = :needs AND +window_ms <= :open_since
    AND updated_ms >= :updated_ms AND (updated_ms > :updated_ms OR id < :id)
