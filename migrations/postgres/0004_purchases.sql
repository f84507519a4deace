-- Purchases of credits at Stripe, and what Stripe has told of them. Amounts of money are cents.

-- Credits that a payment taken back asks for and that were spent by then: taken from the next purchase.
ALTER TABLE users ADD COLUMN owed BIGINT NOT NULL DEFAULT 0 CHECK (owed >= 0);

-- One row a Checkout page. Like the books, purchases outlive the accounts: no reference to users.
CREATE TABLE purchases (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The identifier of the ledger entry to be, and Stripe's idempotency key.
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('STARTED', 'OPEN', 'PENDING', 'PAID', 'UNCLAIMED', 'EXPIRED', 'FAILED')),
    credits BIGINT NOT NULL CHECK (credits > 0),
    fiat BIGINT NOT NULL CHECK (fiat > 0),
    is_live BOOLEAN NOT NULL,
    session_id TEXT UNIQUE,
    payment_id TEXT UNIQUE,
    -- What Stripe has paid back of it in all.
    refunded BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    -- The credits taken back for refunds and disputes, and how often that changed.
    taken BIGINT NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND credits),
    reversals BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    settled_at BIGINT,
    -- When Stripe is to be asked about it next; null where nothing more can come.
    look_at BIGINT,
    looks BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX purchases_of_user ON purchases (user_id, position);
CREATE INDEX purchases_due ON purchases (look_at) WHERE look_at IS NOT NULL;

CREATE TABLE disputes (
    id TEXT PRIMARY KEY,
    payment_id TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    status TEXT NOT NULL CHECK (status IN ('OPEN', 'LOST', 'WON')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX disputes_of_payment ON disputes (payment_id);

-- What was heard of Stripe, each event once; what became of it in a word.
CREATE TABLE stripe_events (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX stripe_events_age ON stripe_events (received_at);

-- Work that one process of all does from time to time.
CREATE TABLE chores (
    name TEXT PRIMARY KEY,
    due_at BIGINT NOT NULL,
    -- Up to which moment it was done.
    done_until BIGINT NOT NULL DEFAULT 0
);
INSERT INTO chores (name, due_at) VALUES ('reconciliation', 0);
