-- Two steps for a constraint, in one statement.
ALTER TABLE orders
  ADD COLUMN shop_id int,
  ADD CONSTRAINT orders_shop FOREIGN KEY (shop_id) REFERENCES shops NOT VALID,
  VALIDATE CONSTRAINT orders_shop; -- expect: table-lock
