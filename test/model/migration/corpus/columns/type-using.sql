ALTER TABLE orders
  ALTER COLUMN placed_at SET DATA TYPE timestamptz USING placed_at AT TIME ZONE 'UTC'; -- expect: change-type
