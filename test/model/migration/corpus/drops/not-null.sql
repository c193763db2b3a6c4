-- The running version can still write. It may read a null that the next one wrote, so it is told, and not refused.
ALTER TABLE orders ALTER COLUMN customer_id DROP NOT NULL; -- warns: drop-not-null
