CREATE TYPE status2 AS ENUM ('a', 'b');
ALTER TABLE orders ADD COLUMN status2 status2 NOT NULL DEFAULT 'a'::status2;
ALTER TYPE status2 RENAME VALUE 'a' TO 'aa';
ALTER TYPE status2 RENAME TO order_status2;
