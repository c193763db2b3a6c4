-- All rows of the table are read under a lock, to see that they belong there.
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); -- expect: table-lock
