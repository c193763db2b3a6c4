-- migrate:up
ALTER TABLE orders ADD COLUMN channel text;

-- migrate:down
ALTER TABLE orders DROP COLUMN channel;
