DROP MATERIALIZED VIEW daily_sales; -- expect: drop-object
