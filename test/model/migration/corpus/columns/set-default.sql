-- The running version's inserts go on.
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new', ALTER COLUMN state SET STATISTICS 500;
