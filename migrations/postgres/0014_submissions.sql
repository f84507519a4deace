-- What tells that the same was handed in twice: the digest of the submission, or of the key that its sender gave it.

ALTER TABLE tasks ADD COLUMN submission_key TEXT;

CREATE INDEX tasks_submissions ON tasks (user_id, submission_key) WHERE submission_key IS NOT NULL;
