DO $migrate$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN
    CREATE ROLE reader NOLOGIN;
  END IF;
  GRANT USAGE ON SCHEMA public TO reader;
END
$migrate$;
