-- The running version does not know the column, whatever its name.
ALTER TABLE orders ADD COLUMN chanel text, ADD COLUMN remark text;
ALTER TABLE orders RENAME COLUMN chanel TO channel;
ALTER TABLE orders DROP COLUMN remark;
