-- The deletion hides in a query that inserts.
WITH gone AS (DELETE FROM orders WHERE state = 'done' RETURNING *) -- expect: data
INSERT INTO orders_archive SELECT * FROM gone;
