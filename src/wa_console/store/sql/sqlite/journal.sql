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

-- What came from or went to an address. `fields` is a JSON array of pairs.

-- name: erase(wire)
DELETE FROM journal
WHERE EXISTS (
    SELECT 1 FROM json_each(journal.fields) AS f
    WHERE json_extract(f.value, '$[0]') IN ('To', 'From')
        AND json_extract(f.value, '$[1]') = :wire
)
RETURNING seq
