-- What a later file creates is an old table here.
ALTER TABLE channels DROP COLUMN name; -- expect: drop-column
