-- A constant text can be read as well as the statement itself.
DO $$
BEGIN
  EXECUTE 'ALTER TABLE orders DROP COLUMN old'; -- expect: drop-column
END
$$;
