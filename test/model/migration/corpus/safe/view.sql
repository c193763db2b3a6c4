CREATE VIEW customer_emails AS SELECT id, email FROM customers;
CREATE MATERIALIZED VIEW weekly_sales AS SELECT date_trunc('week', placed_at) AS week, sum(total) FROM orders GROUP BY 1;
CREATE UNIQUE INDEX ON weekly_sales (week);
REFRESH MATERIALIZED VIEW weekly_sales;
