-- slipway: allow drop-column, drop-table: the last reader, 2.3, was replaced by 2.4
SET lock_timeout = '2s';
ALTER TABLE orders DROP COLUMN a; -- waived: drop-column
DROP TABLE baskets; -- waived: drop-table
ALTER TABLE orders DROP COLUMN b; -- waived: drop-column
