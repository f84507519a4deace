-- What a finished analysis keeps so that others can judge its claims, the reports before, and what was handed in besides a text.

-- The claims that its sender named, as a JSON list, and when and where the text was written.
ALTER TABLE tasks ADD COLUMN submitted_claims TEXT;
ALTER TABLE tasks ADD COLUMN context TEXT;
-- How many of its claims are judged, and of how many; null until its worker tells.
ALTER TABLE tasks ADD COLUMN claims_judged BIGINT;
ALTER TABLE tasks ADD COLUMN claims_total BIGINT;
-- Which revision of its report `result` is.
ALTER TABLE tasks ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
-- Until when the texts of its sources are kept, and how many bytes they take; null where there are none.
ALTER TABLE tasks ADD COLUMN sources_until BIGINT;
ALTER TABLE tasks ADD COLUMN sources_bytes BIGINT NOT NULL DEFAULT 0;

CREATE INDEX tasks_sources_age ON tasks (sources_until) WHERE sources_until IS NOT NULL;

CREATE TABLE task_source_pieces (
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    piece BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (task_id, piece)
);

-- The reports that were replaced when somebody judged.
CREATE TABLE task_revisions (
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    result TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (task_id, revision)
);

-- A finished analysis may cost nothing too: from now on `charged` is what is kept of the price of every ended task.
UPDATE tasks SET charged = price WHERE status = 'COMPLETED';
