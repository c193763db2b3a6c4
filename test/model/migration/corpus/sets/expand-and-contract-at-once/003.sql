ALTER TABLE orders ALTER COLUMN total SET NOT NULL, -- expect: set-not-null
  DROP COLUMN total_cents; -- expect: drop-column
