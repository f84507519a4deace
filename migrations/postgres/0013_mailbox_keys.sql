-- Addresses are compared by where a mail to them goes. The keys of existing accounts are made anew by the program, in the
-- transaction of this migration; whose new key is another account's keeps the old one and is listed here.

CREATE TABLE email_collisions (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- The account that mail to the address belongs to.
    kept_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
