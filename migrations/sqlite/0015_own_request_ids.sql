-- A caller may choose the request id that a row of the trail tells of, and choose that of another call: ours stands beside it.

ALTER TABLE audit_entries ADD COLUMN own_request_id TEXT;

-- As before, with the new column among what stays as it was written.
DROP TRIGGER audit_entries_stay_as_written;
CREATE TRIGGER audit_entries_stay_as_written BEFORE UPDATE ON audit_entries
WHEN NOT (
    OLD.created_at < (SELECT now FROM database_clock) - 2592000000
    AND NEW.position = OLD.position AND NEW.created_at = OLD.created_at AND NEW.user_id IS OLD.user_id
    AND NEW.event = OLD.event AND NEW.good = OLD.good AND NEW.face = OLD.face
    AND NEW.request_id = OLD.request_id AND NEW.own_request_id IS OLD.own_request_id AND NEW.details = OLD.details
    AND COALESCE(CASE
        WHEN OLD.address LIKE '%/%' THEN FALSE
        WHEN OLD.address LIKE '%:%' THEN NEW.address LIKE '%::/48'
            AND SUBSTR(OLD.address, 1, LENGTH(NEW.address) - 4) = SUBSTR(NEW.address, 1, LENGTH(NEW.address) - 4)
        ELSE NEW.address = RTRIM(OLD.address, '0123456789') || '0/24'
    END, FALSE)
)
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
