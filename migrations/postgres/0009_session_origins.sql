-- Where each sign-in came from, so that its owner knows it again; sign-ins made before this do not say.
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN face TEXT;
