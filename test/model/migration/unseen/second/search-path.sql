SET search_path TO shop;
ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;
CREATE TABLE shop.order_notes (id bigint);
ALTER TABLE order_notes DROP COLUMN id;
