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
        COUNT(*), CAST(SUM(kept_bytes) AS BIGINT)
    FROM tasks GROUP BY user_id;

CREATE INDEX task_queues_order ON task_queues (running, turn) WHERE due_at IS NOT NULL;
CREATE INDEX task_queues_turns ON task_queues (turn);
CREATE INDEX tasks_waiting ON tasks (user_id, due_at, position) WHERE slot IS NULL AND due_at IS NOT NULL;
CREATE INDEX tasks_leases ON tasks (due_at, position) WHERE slot IS NOT NULL;
DROP INDEX tasks_queue;
DROP INDEX tasks_turns;
DROP INDEX tasks_turns_of_user;

-- Each change of a task takes its account's row first and looks at its tasks then, in a statement of its own: one that had
-- to wait for the row would otherwise write down what was true before.
CREATE FUNCTION keep_task_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO task_queues AS kept (user_id, running, turn, due_at, kept_tasks, kept_bytes)
            VALUES (NEW.user_id, (NEW.slot IS NOT NULL)::INT, COALESCE(NEW.turn, 0),
                CASE WHEN NEW.slot IS NULL THEN NEW.due_at END, 1, NEW.kept_bytes)
            ON CONFLICT (user_id) DO UPDATE SET
                running = kept.running + excluded.running,
                turn = GREATEST(kept.turn, excluded.turn),
                due_at = LEAST(kept.due_at, excluded.due_at),
                kept_tasks = kept.kept_tasks + 1,
                kept_bytes = kept.kept_bytes + excluded.kept_bytes;
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM 1 FROM task_queues WHERE user_id = NEW.user_id FOR UPDATE;
        UPDATE task_queues SET
            running = running + (NEW.slot IS NOT NULL)::INT - (OLD.slot IS NOT NULL)::INT,
            turn = GREATEST(turn, NEW.turn),
            due_at = (SELECT tasks.due_at FROM tasks WHERE tasks.user_id = NEW.user_id
                AND tasks.slot IS NULL AND tasks.due_at IS NOT NULL ORDER BY tasks.due_at LIMIT 1),
            kept_bytes = kept_bytes + NEW.kept_bytes - OLD.kept_bytes
        WHERE user_id = NEW.user_id;
    ELSE
        PERFORM 1 FROM task_queues WHERE user_id = OLD.user_id FOR UPDATE;
        UPDATE task_queues SET
            running = running - (OLD.slot IS NOT NULL)::INT,
            due_at = CASE WHEN OLD.due_at IS NULL THEN due_at ELSE (SELECT tasks.due_at FROM tasks
                WHERE tasks.user_id = OLD.user_id AND tasks.slot IS NULL AND tasks.due_at IS NOT NULL
                ORDER BY tasks.due_at LIMIT 1) END,
            kept_tasks = kept_tasks - 1,
            kept_bytes = kept_bytes - OLD.kept_bytes
        WHERE user_id = OLD.user_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER task_queues_gain AFTER INSERT OR DELETE ON tasks
    FOR EACH ROW EXECUTE FUNCTION keep_task_queue();
CREATE TRIGGER task_queues_move AFTER UPDATE OF slot, due_at, turn, kept_bytes ON tasks FOR EACH ROW
    WHEN (OLD.slot IS DISTINCT FROM NEW.slot OR OLD.turn IS DISTINCT FROM NEW.turn OR OLD.kept_bytes <> NEW.kept_bytes
        OR (NEW.slot IS NULL AND OLD.due_at IS DISTINCT FROM NEW.due_at))
    EXECUTE FUNCTION keep_task_queue();

-- Claims a task. The account's row is locked before its tasks and places are looked at, each in a statement of its own: what
-- was true before a wait would pick a place that somebody took meanwhile. Accounts that another transaction holds are
-- passed over; one is waited for only where no other is left.
--
-- Whoever needs several of them locks in this order: a task, the row of its account here, the account. A claim goes from the
-- row to the task, and passes over one that is held.
CREATE FUNCTION claim_task(leases_advanced_by BIGINT, worker TEXT, lease BIGINT, at BIGINT) RETURNS SETOF tasks
LANGUAGE plpgsql AS $$
DECLARE
    moment BIGINT := (SELECT now FROM database_clock) + leases_advanced_by;
    places BIGINT := (SELECT COUNT(*) FROM task_slots);
    account TEXT;
    chosen BIGINT;
BEGIN
    SELECT tasks.position INTO chosen FROM tasks WHERE tasks.slot IS NOT NULL AND tasks.due_at <= moment
        ORDER BY tasks.due_at, tasks.position LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF chosen IS NULL THEN
        SELECT queues.user_id INTO account FROM task_queues AS queues
            WHERE queues.due_at <= moment AND queues.running < places
            ORDER BY queues.running, queues.turn LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF account IS NULL THEN
            SELECT queues.user_id INTO account FROM task_queues AS queues
                WHERE queues.due_at <= moment AND queues.running < places
                ORDER BY queues.running, queues.turn LIMIT 1 FOR UPDATE;
        END IF;
        IF account IS NULL THEN
            RETURN;
        END IF;
        SELECT tasks.position INTO chosen FROM tasks
            WHERE tasks.user_id = account AND tasks.slot IS NULL AND tasks.due_at <= moment
            ORDER BY tasks.due_at, tasks.position LIMIT 1 FOR UPDATE SKIP LOCKED;
    END IF;
    RETURN QUERY UPDATE tasks SET status = 'RUNNING', attempts = tasks.attempts + 1, fence = tasks.fence + 1,
            lease_owner = worker, due_at = moment + lease, updated_at = at,
            turn = (SELECT COALESCE(MAX(newest.turn), 0) + 1 FROM task_queues AS newest),
            slot = COALESCE(tasks.slot, (SELECT MIN(free.slot) FROM task_slots AS free WHERE NOT EXISTS
                (SELECT 1 FROM tasks AS taken WHERE taken.user_id = tasks.user_id AND taken.slot = free.slot)))
        WHERE tasks.position = chosen RETURNING tasks.*;
END
$$;
