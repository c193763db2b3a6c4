-- IF EXISTS changes nothing: where it exists, it is used. CASCADE takes views and foreign keys with it.
SET lock_timeout = '2s';
DROP TABLE IF EXISTS billing.legacy_invoices, billing.legacy_lines CASCADE; -- expect: drop-table
