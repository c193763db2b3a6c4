BEGIN;
SET LOCAL lock_timeout = '500ms';
SET LOCAL statement_timeout = '5s';
SELECT pg_advisory_xact_lock(7);
ALTER TABLE orders ADD COLUMN channel text;
SAVEPOINT half;
RELEASE SAVEPOINT half;
COMMIT;
