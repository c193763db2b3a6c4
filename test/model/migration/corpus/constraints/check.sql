-- The running version's writes may break it; and all rows are read under a lock.
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0); -- expect: new-check, not-valid
