-- What the server that a file was fetched from says of its characters, for the reader.

ALTER TABLE task_attachments ADD COLUMN charset TEXT;
