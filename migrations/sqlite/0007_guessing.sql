-- Who guesses, from where, and where owners sign in from; and which mailboxes have had their free credit.
-- An address stands here as a keyed digest: it may have no account, and nobody can tell from the digest.

CREATE TABLE wrong_tries (
    account TEXT NOT NULL,
    -- Empty: the row counts what came from all networks together.
    network TEXT NOT NULL,
    tries BIGINT NOT NULL,
    -- Until then nothing more is tried from this network.
    free_at BIGINT NOT NULL,
    -- When the owner was last told.
    told_at BIGINT,
    -- From then on the row says nothing.
    forgotten_at BIGINT NOT NULL,
    PRIMARY KEY (account, network)
);
CREATE INDEX wrong_tries_forgotten ON wrong_tries (forgotten_at);

CREATE TABLE known_networks (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    network TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, network)
);

CREATE TABLE signup_credits (
    mailbox TEXT PRIMARY KEY,
    paid_at BIGINT NOT NULL
);

CREATE TABLE signup_networks (
    network TEXT PRIMARY KEY,
    paid BIGINT NOT NULL,
    since BIGINT NOT NULL
);
