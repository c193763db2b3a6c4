DO $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE 'ALTER TABLE ' || quote_ident(t.tablename) || ' ENABLE ROW LEVEL SECURITY'; -- expect: not-analysed
  END LOOP;
END $$;
