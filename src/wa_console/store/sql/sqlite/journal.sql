-- Many appends in one statement: `entries` is a JSON array of arrays.

-- name: append(entries)
INSERT INTO journal (kind, key, received_ms, occurred_ms, source, query, fields)
SELECT
    json_extract(e.value, '$[0]'), json_extract(e.value, '$[1]'), json_extract(e.value, '$[2]'),
    json_extract(e.value, '$[3]'), json_extract(e.value, '$[4]'), json_extract(e.value, '$[5]'),
    json_extract(e.value, '$[6]')
FROM json_each(:entries) AS e
WHERE true
ORDER BY e.key
ON CONFLICT (key) DO NOTHING
RETURNING key
