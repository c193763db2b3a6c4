CREATE OR REPLACE VIEW active_customers AS SELECT id FROM customers; -- expect: replace-object
