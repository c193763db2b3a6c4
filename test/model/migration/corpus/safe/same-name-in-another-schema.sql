-- The table of the running version is public.orders.
CREATE SCHEMA archive;
CREATE TABLE archive.orders (id bigint);
ALTER TABLE archive.orders DROP COLUMN id;
ALTER TABLE orders DROP COLUMN total_cents; -- expect: drop-column
