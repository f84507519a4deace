-- How long things are kept: what is old enough may go, and nothing else of the trail may change.

-- The trail stays as it was written, with two exceptions: a row goes when it is a year old, and of a row that is 30 days
-- old the address may be cut to its network (/24, /48). The database's own clock decides, not whoever asks.
DROP TRIGGER audit_entries_stay_as_written;
DROP TRIGGER audit_entries_stay;
CREATE TRIGGER audit_entries_stay_as_written BEFORE UPDATE ON audit_entries
WHEN NOT (
    OLD.created_at < (SELECT now FROM database_clock) - 2592000000
    AND NEW.position = OLD.position AND NEW.created_at = OLD.created_at AND NEW.user_id IS OLD.user_id
    AND NEW.event = OLD.event AND NEW.good = OLD.good AND NEW.face = OLD.face
    AND NEW.request_id = OLD.request_id AND NEW.details = OLD.details
    AND COALESCE(CASE
        WHEN OLD.address LIKE '%/%' THEN FALSE
        WHEN OLD.address LIKE '%:%' THEN NEW.address LIKE '%::/48'
            AND SUBSTR(OLD.address, 1, LENGTH(NEW.address) - 4) = SUBSTR(NEW.address, 1, LENGTH(NEW.address) - 4)
        ELSE NEW.address = RTRIM(OLD.address, '0123456789') || '0/24'
    END, FALSE)
)
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries
WHEN NOT OLD.created_at < (SELECT now FROM database_clock) - 31536000000
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;

CREATE INDEX audit_entries_age ON audit_entries (created_at);
CREATE INDEX audit_entries_whole_addresses ON audit_entries (created_at)
    WHERE address IS NOT NULL AND address NOT LIKE '%/%';
CREATE INDEX codes_age ON codes (expires_at);
CREATE INDEX sessions_age ON sessions (COALESCE(ended_at, expires_at));
CREATE INDEX mails_age ON mails (COALESCE(sent_at, dropped_at)) WHERE due_at IS NULL;
CREATE INDEX tasks_age ON tasks (updated_at) WHERE due_at IS NULL;

INSERT INTO chores (name, due_at) VALUES ('housekeeping', 0);
