-- +migrate Up
ALTER TABLE orders ADD COLUMN a int;
-- +migrate Down
ALTER TABLE orders DROP COLUMN a;
-- +migrate Up
ALTER TABLE orders DROP COLUMN b; -- expect: drop-column
