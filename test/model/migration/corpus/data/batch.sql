-- One batch with a limit holds few rows for a short time.
UPDATE orders SET total = total_cents / 100.0
WHERE id IN (SELECT id FROM orders WHERE total IS NULL ORDER BY id LIMIT 1000);
