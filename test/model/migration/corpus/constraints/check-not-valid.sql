-- NOT VALID spares the old rows, and no new one.
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID; -- expect: new-check
