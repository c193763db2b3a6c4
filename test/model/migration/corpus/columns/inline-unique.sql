-- The index is built under a lock that stops every query. Nulls differ, so the running version can insert.
ALTER TABLE orders ADD COLUMN external_id text UNIQUE; -- expect: index-lock
