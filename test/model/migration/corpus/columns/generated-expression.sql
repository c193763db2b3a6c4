-- Postgres 17 can change the expression: another value for the same column, and all rows are rewritten.
ALTER TABLE orders ALTER COLUMN total SET EXPRESSION AS (net * 1.2); -- expect: change-type
