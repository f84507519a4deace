-- Which of its files is the text to check, counted from 0; null where that is its text.
ALTER TABLE tasks ADD COLUMN checked_file BIGINT;

-- Files that are handed in before the analysis that they are for, whole or part by part, and gone after a day.

CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- Of the whole file, and of what is there.
    size_bytes BIGINT NOT NULL CHECK (size_bytes > 0),
    received_bytes BIGINT NOT NULL DEFAULT 0 CHECK (received_bytes BETWEEN 0 AND size_bytes),
    -- Of the whole file; null until it is whole.
    sha256 TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX uploads_account ON uploads (user_id);
CREATE INDEX uploads_age ON uploads (expires_at);

CREATE TABLE upload_pieces (
    upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    piece BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (upload_id, piece)
);
