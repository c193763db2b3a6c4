CREATE SCHEMA archive;
SET search_path TO archive, public;
CREATE TABLE orders (id bigint);
ALTER TABLE orders DROP COLUMN id;
