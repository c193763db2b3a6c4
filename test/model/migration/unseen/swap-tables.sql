BEGIN;
CREATE TABLE events_new (LIKE events INCLUDING ALL);
INSERT INTO events_new SELECT * FROM events;
ALTER TABLE events RENAME TO events_old; -- expect: rename-table
ALTER TABLE events_new RENAME TO events;
COMMIT;
