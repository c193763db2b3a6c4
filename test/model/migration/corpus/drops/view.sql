DROP VIEW active_customers; -- expect: drop-object
