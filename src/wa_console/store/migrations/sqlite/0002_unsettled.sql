-- Messages of ours whose end is not known yet: few, whatever the store has grown to. Catch-up asks
-- for them every few seconds; without this it would read every message there is.

CREATE INDEX message_unsettled ON message (created_ms)
    WHERE direction = 'outbound'
        AND sid IS NOT NULL
        AND status IN ('scheduled', 'accepted', 'sent', 'delivered');
