-- In one transaction the lock of the first statement lasts until the second has read every row.
ALTER TABLE orders ADD COLUMN discount int;
ALTER TABLE orders ADD CONSTRAINT discount_positive CHECK (discount >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT discount_positive; -- expect: table-lock
