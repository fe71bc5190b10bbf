-- Single facts, presences, the set-up.

-- name: get(name)
SELECT number, words FROM fact WHERE name = :name

-- name: set_number(name, number)!
INSERT INTO fact (name, number)
VALUES (:name, :number)
ON CONFLICT (name) DO UPDATE SET number = excluded.number

-- name: set_text(name, words)!
INSERT INTO fact (name, words)
VALUES (:name, :words)
ON CONFLICT (name) DO UPDATE SET words = excluded.words

-- name: setup()
SELECT kind, name, body FROM setup_item ORDER BY kind, position

-- name: clear_setup()!
DELETE FROM setup_item

-- name: add_setup_item(kind, position, name, body)!
INSERT INTO setup_item (kind, position, name, body) VALUES (:kind, :position, :name, :body)

-- name: presences()
SELECT login, presence FROM presence ORDER BY login

-- name: set_presence(login, presence, at_ms)!
INSERT INTO presence (login, presence, at_ms)
VALUES (:login, :presence, :at_ms)
ON CONFLICT (login) DO UPDATE SET presence = excluded.presence, at_ms = excluded.at_ms
