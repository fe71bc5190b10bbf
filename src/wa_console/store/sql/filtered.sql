-- The inbox behind a text filter: the same order as in inbox.sql, made by sorting what fits. It
-- reads every customer's names once (CROSS JOIN and `+` keep SQLite to that way; it would else look
-- up 100,000 customers one by one); `haystack` and the patterns are in lower case.

-- name: page(open_since, pattern, number, shelf, shelf_too, needs, anybody, assignee, login, limit, offset)
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
    SELECT
        c.id,
        CASE
            WHEN c.shelf = 1 THEN 4
            WHEN c.window_ms > :open_since THEN 1 - c.needs
            ELSE 3 - c.needs
        END AS part,
        CASE WHEN c.window_ms > :open_since THEN c.window_ms ELSE 0 - c.updated_ms END AS rank
    FROM customer AS u
    CROSS JOIN conversation AS c
    WHERE
        c.customer_id = u.id
        AND (u.haystack LIKE :pattern ESCAPE '!' OR u.haystack LIKE :number ESCAPE '!')
        AND (+c.shelf = :shelf OR +c.shelf = :shelf_too)
        AND +c.needs >= :needs
        AND (:anybody = 1 OR +c.assignee = :assignee)
    ORDER BY part, rank, c.id
    LIMIT :limit OFFSET :offset
) AS page
JOIN inbox_entry AS e ON e.id = page.id
ORDER BY page.part, page.rank, page.id

-- name: size(pattern, number, shelf, shelf_too, needs, anybody, assignee)
SELECT count(*) AS entries
FROM customer AS u
CROSS JOIN conversation AS c
WHERE
    c.customer_id = u.id
    AND (u.haystack LIKE :pattern ESCAPE '!' OR u.haystack LIKE :number ESCAPE '!')
    AND (+c.shelf = :shelf OR +c.shelf = :shelf_too)
    AND +c.needs >= :needs
    AND (:anybody = 1 OR +c.assignee = :assignee)

-- name: before(open_since, pattern, number, shelf, shelf_too, needs, anybody, assignee, id)
WITH found AS (
    SELECT
        c.id,
        CASE
            WHEN c.shelf = 1 THEN 4
            WHEN c.window_ms > :open_since THEN 1 - c.needs
            ELSE 3 - c.needs
        END AS part,
        CASE WHEN c.window_ms > :open_since THEN c.window_ms ELSE 0 - c.updated_ms END AS rank
    FROM customer AS u
    CROSS JOIN conversation AS c
    WHERE
        c.customer_id = u.id
        AND (u.haystack LIKE :pattern ESCAPE '!' OR u.haystack LIKE :number ESCAPE '!')
        AND (+c.shelf = :shelf OR +c.shelf = :shelf_too)
        AND +c.needs >= :needs
        AND (:anybody = 1 OR +c.assignee = :assignee)
)
SELECT count(f.id) AS entries
FROM found AS t
LEFT JOIN found AS f ON (f.part, f.rank, f.id) < (t.part, t.rank, t.id)
WHERE t.id = :id
GROUP BY t.id
