-- Analyses. A task's row is its place in the queue too.

CREATE TABLE tasks (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
    progress BIGINT NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    submitted_text TEXT NOT NULL,
    price BIGINT NOT NULL CHECK (price >= 0),
    result TEXT,
    result_digest TEXT,
    error TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    fence BIGINT NOT NULL DEFAULT 0,
    lease_owner TEXT,
    -- Waiting: not before. Running: until when the lease holds. Ended: null.
    due_at BIGINT,
    -- Which of its owner's places a running task takes; the index below makes their number a hard limit.
    slot BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX tasks_of_user ON tasks (user_id, position);
CREATE INDEX tasks_queue ON tasks (due_at, position) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX tasks_slots ON tasks (user_id, slot) WHERE slot IS NOT NULL;

CREATE TABLE task_slots (slot BIGINT PRIMARY KEY);
INSERT INTO task_slots (slot) VALUES (1), (2), (3), (4), (5);

CREATE TABLE task_attachments (
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    url TEXT,
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (task_id, ordinal)
);

CREATE TABLE task_attachment_pieces (
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    piece BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (task_id, ordinal, piece)
);
