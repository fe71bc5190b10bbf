-- Customers. One row of `get` and `known_by` for each identifier, in the order to answer to.

-- name: get(id)
SELECT
    u.id, u.name, u.profile_name, u.language, u.first_seen_ms, a.wire
FROM customer AS u
LEFT JOIN customer_address AS a ON a.customer_id = u.id
WHERE u.id = :id
ORDER BY a.position

-- name: known_by(match_key)
SELECT
    u.id, u.name, u.profile_name, u.language, u.first_seen_ms, a.wire
FROM customer AS u
JOIN customer_address AS a ON a.customer_id = u.id
WHERE u.id IN (SELECT k.customer_id FROM customer_address AS k WHERE k.match_key = :match_key)
ORDER BY u.id, a.position

-- name: addresses(customer_id)
SELECT wire FROM customer_address WHERE customer_id = :customer_id ORDER BY position

-- name: save(id, name, profile_name, language, first_seen_ms, haystack)!
INSERT INTO customer (id, name, profile_name, language, first_seen_ms, haystack)
VALUES (:id, :name, :profile_name, :language, :first_seen_ms, :haystack)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    profile_name = excluded.profile_name,
    language = excluded.language,
    first_seen_ms = excluded.first_seen_ms,
    haystack = excluded.haystack

-- name: save_address(customer_id, wire, match_key, position)!
INSERT INTO customer_address (customer_id, wire, match_key, position)
VALUES (:customer_id, :wire, :match_key, :position)
ON CONFLICT (customer_id, wire) DO UPDATE SET
    match_key = excluded.match_key,
    position = excluded.position
