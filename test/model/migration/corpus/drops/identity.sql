-- Like a default: the running version's inserts get no id.
ALTER TABLE orders ALTER COLUMN id DROP IDENTITY; -- expect: drop-default
