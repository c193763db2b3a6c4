DO $$
DECLARE
  c record;
BEGIN
  FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'orders'::regclass LOOP
    EXECUTE format('ALTER TABLE orders DROP CONSTRAINT %I', c.conname); -- expect: not-analysed
  END LOOP;
  DELETE FROM orders WHERE id < 0; -- expect: data
END $$;
