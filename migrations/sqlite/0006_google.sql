-- Google's ID tokens that somebody has signed in with, each once while it lives. No reference to users: a removed account's
-- token opens nothing either.

CREATE TABLE google_tokens (
    digest TEXT PRIMARY KEY,
    used_at BIGINT NOT NULL,
    -- From then on nobody would take it anyway, and the row may go.
    kept_until BIGINT NOT NULL
);
CREATE INDEX google_tokens_age ON google_tokens (kept_until);
