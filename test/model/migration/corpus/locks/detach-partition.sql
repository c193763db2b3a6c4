-- The rows leave the table, and every query waits meanwhile.
ALTER TABLE events DETACH PARTITION events_2019; -- expect: data, table-lock
