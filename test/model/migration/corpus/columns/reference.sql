-- A new nullable column without default has no value to check, so Postgres reads no row.
ALTER TABLE orders ADD COLUMN channel_id bigint REFERENCES channels (id);
