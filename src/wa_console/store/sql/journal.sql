-- The journal's reading side; appending differs (sqlite/journal.sql).

-- name: after(seq, limit)
SELECT seq, kind, key, received_ms, occurred_ms, source, query, fields, attempts, parked
FROM journal
WHERE seq > :seq AND parked = 0
ORDER BY seq
LIMIT :limit

-- name: failed(seq, parked)!
UPDATE journal
SET attempts = attempts + 1, parked = CASE WHEN :parked = 1 THEN 1 ELSE parked END
WHERE seq = :seq

-- name: last_seq()
SELECT coalesce(max(seq), 0) AS seq FROM journal

-- name: parked()
SELECT seq, kind, key, received_ms, occurred_ms, source, query, fields, attempts, parked
FROM journal
WHERE parked = 1
ORDER BY seq
