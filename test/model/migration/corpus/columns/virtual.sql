-- A virtual column of Postgres 18 is computed when it is read.
ALTER TABLE orders ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.2) VIRTUAL;
