-- What a claim and a submission ask of an account, kept beside its tasks: looking at each of them took the longer the more there were.

CREATE TABLE task_queues (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- How many of its tasks hold a place.
    running BIGINT NOT NULL DEFAULT 0 CHECK (running >= 0),
    -- That of its newest claim: of several accounts the one with the lowest has waited longest for a worker.
    turn BIGINT NOT NULL DEFAULT 0,
    -- When the first of its tasks that hold no place may be claimed; null where none waits.
    due_at BIGINT,
    -- All of its tasks, and the bytes of their texts, files and reports.
    kept_tasks BIGINT NOT NULL DEFAULT 0,
    kept_bytes BIGINT NOT NULL DEFAULT 0
);

INSERT INTO task_queues (user_id, running, turn, due_at, kept_tasks, kept_bytes)
    SELECT user_id, COUNT(slot), COALESCE(MAX(turn), 0), MIN(CASE WHEN slot IS NULL THEN due_at END),
        COUNT(*), SUM(kept_bytes)
    FROM tasks GROUP BY user_id;

CREATE INDEX task_queues_order ON task_queues (running, turn) WHERE due_at IS NOT NULL;
CREATE INDEX task_queues_turns ON task_queues (turn);
CREATE INDEX tasks_waiting ON tasks (user_id, due_at, position) WHERE slot IS NULL AND due_at IS NOT NULL;
CREATE INDEX tasks_leases ON tasks (due_at, position) WHERE slot IS NOT NULL;
DROP INDEX tasks_queue;
DROP INDEX tasks_turns;
DROP INDEX tasks_turns_of_user;

CREATE TRIGGER task_queues_gain AFTER INSERT ON tasks
BEGIN
    INSERT INTO task_queues (user_id, running, turn, due_at, kept_tasks, kept_bytes)
        VALUES (NEW.user_id, NEW.slot IS NOT NULL, COALESCE(NEW.turn, 0),
            CASE WHEN NEW.slot IS NULL THEN NEW.due_at END, 1, NEW.kept_bytes)
        ON CONFLICT (user_id) DO UPDATE SET
            running = running + excluded.running,
            turn = MAX(turn, excluded.turn),
            due_at = MIN(COALESCE(due_at, excluded.due_at), COALESCE(excluded.due_at, due_at)),
            kept_tasks = kept_tasks + 1,
            kept_bytes = kept_bytes + excluded.kept_bytes;
END;

CREATE TRIGGER task_queues_move AFTER UPDATE OF slot, due_at, turn, kept_bytes ON tasks
WHEN OLD.slot IS NOT NEW.slot OR OLD.turn IS NOT NEW.turn OR OLD.kept_bytes <> NEW.kept_bytes
    OR (NEW.slot IS NULL AND OLD.due_at IS NOT NEW.due_at)
BEGIN
    UPDATE task_queues SET
        running = running + (NEW.slot IS NOT NULL) - (OLD.slot IS NOT NULL),
        turn = MAX(turn, COALESCE(NEW.turn, 0)),
        due_at = (SELECT due_at FROM tasks
            WHERE user_id = NEW.user_id AND slot IS NULL AND due_at IS NOT NULL ORDER BY due_at LIMIT 1),
        kept_bytes = kept_bytes + NEW.kept_bytes - OLD.kept_bytes
    WHERE user_id = NEW.user_id;
END;

CREATE TRIGGER task_queues_lose AFTER DELETE ON tasks
BEGIN
    UPDATE task_queues SET
        running = running - (OLD.slot IS NOT NULL),
        due_at = CASE WHEN OLD.due_at IS NULL THEN due_at ELSE (SELECT due_at FROM tasks
            WHERE user_id = OLD.user_id AND slot IS NULL AND due_at IS NOT NULL ORDER BY due_at LIMIT 1) END,
        kept_tasks = kept_tasks - 1,
        kept_bytes = kept_bytes - OLD.kept_bytes
    WHERE user_id = OLD.user_id;
END;
