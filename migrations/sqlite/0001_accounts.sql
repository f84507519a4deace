-- Accounts, what proves who somebody is, the books, mails to send and the audit trail.
-- Times are UTC milliseconds, money is whole hundredths of a credit or of a dollar.

-- The database's own time as a table, so that one statement serves both engines.
CREATE VIEW database_clock AS
    SELECT CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER) AS now;

CREATE TABLE users (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    first_name TEXT,
    last_name TEXT,
    password_hash TEXT,
    google_id TEXT UNIQUE,
    stripe_customer_id TEXT UNIQUE,
    credits BIGINT NOT NULL DEFAULT 0 CHECK (credits >= 0),
    is_active BOOLEAN NOT NULL,
    is_2fa_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    is_dark_mode BOOLEAN NOT NULL DEFAULT TRUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_living ON sessions (user_id, position) WHERE ended_at IS NULL;

-- One row a purpose: a new code takes the old one's place.
CREATE TABLE codes (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    digest TEXT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    UNIQUE (user_id, purpose)
);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_used_at BIGINT
);

-- The books outlive the accounts: no reference to users.
CREATE TABLE ledger_entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('CREDIT', 'DEBIT')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    fiat BIGINT NOT NULL CHECK (fiat >= 0),
    description TEXT NOT NULL,
    cause_kind TEXT NOT NULL,
    cause_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (cause_kind, cause_id)
);
CREATE INDEX ledger_entries_of_user ON ledger_entries (user_id, position);

CREATE TRIGGER ledger_entries_stay_as_written BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed'); END;
CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger entries are never deleted'); END;

-- Mails to send. What a sent or dropped mail said is blanked.
CREATE TABLE mails (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    good_until BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT,
    sent_at BIGINT,
    dropped_at BIGINT
);
CREATE INDEX mails_due ON mails (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE audit_entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at BIGINT NOT NULL,
    user_id TEXT,
    event TEXT NOT NULL,
    good BOOLEAN NOT NULL,
    address TEXT,
    face TEXT NOT NULL,
    request_id TEXT NOT NULL,
    details TEXT NOT NULL
);
CREATE INDEX audit_entries_of_user ON audit_entries (user_id, position);

CREATE TRIGGER audit_entries_stay_as_written BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
