-- A caller may choose the request id that a row of the trail tells of, and choose that of another call: ours stands beside it.

ALTER TABLE audit_entries ADD COLUMN own_request_id TEXT;
