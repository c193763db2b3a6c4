-- The running version may still write nulls; and all rows are read under a lock that stops every query.
ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL; -- expect: set-not-null
