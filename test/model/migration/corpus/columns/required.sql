-- The inserts of the running version leave it out, and fail.
ALTER TABLE orders ADD COLUMN channel text NOT NULL; -- expect: required-column
