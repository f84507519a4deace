-- What a begun task costs its owner, whose turn it is, and what an account makes the database keep.

-- The part of the price that is kept of a task that was cancelled or failed.
ALTER TABLE tasks ADD COLUMN charged BIGINT NOT NULL DEFAULT 0 CHECK (charged BETWEEN 0 AND price);
-- Grows with every claim of any task: the account whose newest is lowest has waited longest for a worker.
ALTER TABLE tasks ADD COLUMN turn BIGINT;
-- The bytes of its text, files and report.
ALTER TABLE tasks ADD COLUMN kept_bytes BIGINT NOT NULL DEFAULT 0;

CREATE INDEX tasks_turns ON tasks (turn) WHERE turn IS NOT NULL;
CREATE INDEX tasks_turns_of_user ON tasks (user_id, turn) WHERE turn IS NOT NULL;

UPDATE tasks SET submitted_text = '' WHERE status IN ('FAILED', 'CANCELLED');
UPDATE tasks SET kept_bytes = LENGTH(CAST(submitted_text AS BLOB)) + COALESCE(LENGTH(CAST(result AS BLOB)), 0)
    + COALESCE((SELECT SUM(size_bytes) FROM task_attachments WHERE task_id = tasks.id), 0);
