-- Between the two the view is there for nobody, its privileges are lost, and the running version meets other columns.
BEGIN;
DROP VIEW IF EXISTS active_customers; -- expect: drop-object
CREATE VIEW active_customers AS SELECT id, email, plan FROM customers WHERE deleted_at IS NULL;
COMMIT;
