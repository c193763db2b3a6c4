ALTER MATERIALIZED VIEW sales_by_day RENAME COLUMN total TO gross; -- expect: rename-column
DROP MATERIALIZED VIEW IF EXISTS sales_by_week; -- expect: drop-object
CREATE MATERIALIZED VIEW sales_by_week AS SELECT 1 AS week;
CREATE UNIQUE INDEX ON sales_by_week (week);
