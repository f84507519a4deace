-- Authenticator apps, and the codes that help out where the phone is lost.

-- At most two rows an account: the app in force, and one that was offered and not confirmed yet.
CREATE TABLE authenticators (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    is_confirmed BOOLEAN NOT NULL,
    -- Opens with a key of SECRET_KEY's only, and for this account only.
    sealed_seed TEXT NOT NULL,
    -- Tells which key that is, and nothing about it.
    key_name TEXT NOT NULL,
    -- The newest 30-second step whose code was accepted: none at or before it is accepted again.
    last_step BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, is_confirmed)
);
CREATE INDEX authenticators_of_key ON authenticators (key_name, id);

-- Those that are left; a used one is gone.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    PRIMARY KEY (user_id, digest)
);

-- Tries from networks that the code's owner was in lately, counted apart: strangers cannot use up the owner's.
ALTER TABLE codes ADD COLUMN owner_tries BIGINT NOT NULL DEFAULT 0;
