-- What callers did lately, one row a key, for every server on this database together. Times are UTC microseconds.
-- Unlogged: after a crash everybody starts anew, and no call waits for a disk. Nothing but the key is indexed and half
-- of each page stays free, so that counting changes a row in its place.
CREATE UNLOGGED TABLE limits (
    key TEXT PRIMARY KEY,
    -- From then on the row says nothing. Of a steady flow it is all there is to know (its GCRA time).
    spent_until BIGINT NOT NULL,
    -- Of a limit with windows: when it was done, newest first.
    recent BIGINT[]
) WITH (fillfactor = 50);
