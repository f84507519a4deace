-- How long things are kept: what is old enough may go, and nothing else of the trail may change.

-- The trail stays as it was written, with two exceptions: a row goes when it is a year old, and of a row that is 30 days
-- old the address may be cut to its network (/24, /48). The database's own clock decides, not whoever asks.
DROP TRIGGER audit_entries_stay_as_written ON audit_entries;
CREATE FUNCTION guard_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    present BIGINT := (SELECT now FROM database_clock);
    cut TEXT;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.created_at < present - 31536000000 THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.created_at < present - 2592000000 AND OLD.address NOT LIKE '%/%' THEN
        cut := NEW.address;
        NEW.address := OLD.address;
        IF NEW IS NOT DISTINCT FROM OLD AND cut =
            network(set_masklen(OLD.address::inet, CASE family(OLD.address::inet) WHEN 4 THEN 24 ELSE 48 END))::text
        THEN
            NEW.address := cut;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit entries are never changed or deleted';
END
$$;
CREATE TRIGGER audit_entries_stay_as_written BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION guard_audit_entry();
CREATE TRIGGER audit_entries_stay BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit entries');

CREATE INDEX audit_entries_age ON audit_entries (created_at);
CREATE INDEX audit_entries_whole_addresses ON audit_entries (created_at)
    WHERE address IS NOT NULL AND address NOT LIKE '%/%';
CREATE INDEX codes_age ON codes (expires_at);
CREATE INDEX sessions_age ON sessions (COALESCE(ended_at, expires_at));
CREATE INDEX mails_age ON mails (COALESCE(sent_at, dropped_at)) WHERE due_at IS NULL;
CREATE INDEX tasks_age ON tasks (updated_at) WHERE due_at IS NULL;

INSERT INTO chores (name, due_at) VALUES ('housekeeping', 0);
