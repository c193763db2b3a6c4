-- What it runs is known only when it runs.
DO $$
BEGIN
  EXECUTE format('ALTER TABLE %I DROP COLUMN old', 'orders'); -- expect: not-analysed
END
$$;
