-- A temporary table of the same name hides the real one from this session alone.
CREATE TEMPORARY TABLE customers_import (id bigint, email text);
COPY customers_import FROM '/tmp/customers.csv' WITH (FORMAT csv);
INSERT INTO customers (id, email) SELECT id, email FROM customers_import;
UPDATE customers SET email = i.email FROM customers_import AS i WHERE i.id = customers.id; -- expect: data
