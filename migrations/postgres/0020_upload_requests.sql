-- What programs ask a person for on a page: files for one call, dropped by the account's owner. Of the ticket that the program
-- holds there is only a digest; rows go when their time is over.
CREATE TABLE upload_requests (
    id TEXT PRIMARY KEY,
    ticket_digest TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Of what the call checks: its ticket is good for no other.
    call_digest TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'DONE', 'DECLINED')),
    -- How many files the call has room for.
    max_files BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX upload_requests_age ON upload_requests (expires_at);
CREATE INDEX upload_requests_of_user ON upload_requests (user_id);

-- The request that a file was dropped for, while there is one.
ALTER TABLE uploads ADD COLUMN request_id TEXT REFERENCES upload_requests (id) ON DELETE SET NULL;
CREATE INDEX uploads_of_request ON uploads (request_id);
