ALTER TABLE orders DROP COLUMN total_cents; -- expect: drop-column
