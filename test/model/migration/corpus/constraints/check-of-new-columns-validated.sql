ALTER TABLE orders ADD COLUMN discount int;
ALTER TABLE orders ADD CONSTRAINT discount_positive CHECK (discount >= 0); -- expect: not-valid
