REFRESH MATERIALIZED VIEW daily_sales; -- expect: table-lock
