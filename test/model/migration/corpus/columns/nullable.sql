-- The beginning of every expansion.
SET lock_timeout = '1s';
ALTER TABLE orders ADD COLUMN channel text;
