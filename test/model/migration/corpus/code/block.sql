-- The statements of a block are statements.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'orders' AND column_name = 'old') THEN
    ALTER TABLE orders DROP COLUMN old; -- expect: drop-column
  END IF;
END
$$;
