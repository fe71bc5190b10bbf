-- Templates and what was last put into them.

-- name: all()
SELECT
    content_sid, name, language, kind, body, variables, category, approval, reason, buttons,
    workstreams, face
FROM template
ORDER BY name, language, content_sid

-- name: get(content_sid)
SELECT
    content_sid, name, language, kind, body, variables, category, approval, reason, buttons,
    workstreams, face
FROM template
WHERE content_sid = :content_sid

-- name: save(content_sid, name, language, kind, body, variables, category, approval, reason, buttons, workstreams, face, synced_ms)!
INSERT INTO template (
    content_sid, name, language, kind, body, variables, category, approval, reason, buttons,
    workstreams, face, synced_ms
) VALUES (
    :content_sid, :name, :language, :kind, :body, :variables, :category, :approval, :reason,
    :buttons, :workstreams, :face, :synced_ms
)
ON CONFLICT (content_sid) DO UPDATE SET
    name = excluded.name,
    language = excluded.language,
    kind = excluded.kind,
    body = excluded.body,
    variables = excluded.variables,
    category = excluded.category,
    approval = excluded.approval,
    reason = excluded.reason,
    buttons = excluded.buttons,
    workstreams = excluded.workstreams,
    face = excluded.face,
    synced_ms = coalesce(excluded.synced_ms, template.synced_ms)

-- name: remove(content_sid)
DELETE FROM template WHERE content_sid = :content_sid RETURNING content_sid

-- name: synced_ms()
SELECT max(synced_ms) AS synced_ms FROM template

-- name: last_variables(content_sid)
SELECT variables FROM template_use WHERE content_sid = :content_sid

-- name: remember_variables(content_sid, variables)!
INSERT INTO template_use (content_sid, variables)
VALUES (:content_sid, :variables)
ON CONFLICT (content_sid) DO UPDATE SET variables = excluded.variables
