-- After the swap the name belongs to a new table, which the running version uses by that name.
BEGIN;
CREATE TABLE events_new (id bigint);
ALTER TABLE events RENAME TO events_old; -- expect: rename-table
ALTER TABLE events_new RENAME TO events;
DROP TABLE events_old; -- expect: drop-table
COMMIT;
