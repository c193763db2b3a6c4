ALTER TABLE orders ADD COLUMN channel text;
ALTER TABLE orders DROP COLUMN; -- expect: syntax
