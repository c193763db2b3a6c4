-- "Orders" and orders are two tables.
CREATE TABLE "Orders" (id bigint);
ALTER TABLE orders DROP COLUMN note; -- expect: drop-column
ALTER TABLE "Orders" DROP COLUMN id;
