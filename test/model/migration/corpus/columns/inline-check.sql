-- A check that comes with the column is made on all rows under the lock.
ALTER TABLE orders ADD COLUMN discount int DEFAULT 0 CHECK (discount >= 0); -- expect: not-valid
