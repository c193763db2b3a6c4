-- The running version does not write these columns, and their defaults hold.
ALTER TABLE orders ADD COLUMN discount int;
ALTER TABLE orders ADD CONSTRAINT discount_positive CHECK (discount >= 0) NOT VALID;
