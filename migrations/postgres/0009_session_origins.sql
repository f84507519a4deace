-- Where each sign-in came from, so that its owner knows it again; sign-ins made before this do not say.
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN face TEXT;
-- When its owner showed what opens the account; a session that a program was allowed on a page never did.
ALTER TABLE sessions ADD COLUMN proven_at BIGINT;
