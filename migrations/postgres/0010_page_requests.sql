-- What programs ask a person to do on a page. Of the ticket that the asker holds there is only a digest; rows go when their
-- time is over.
CREATE TABLE page_requests (
    id TEXT PRIMARY KEY,
    ticket_digest TEXT NOT NULL UNIQUE,
    -- Where the asker is, where there is a network between.
    network TEXT,
    face TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ASKED', 'ALLOWED', 'DENIED', 'TAKEN')),
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    -- The session that answered, and until when it would have lived: what comes of the answer lives no longer.
    answered_by TEXT,
    answer_holds_until BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX page_requests_age ON page_requests (expires_at);
CREATE INDEX page_requests_of_network ON page_requests (network);
CREATE INDEX page_requests_of_user ON page_requests (user_id);
