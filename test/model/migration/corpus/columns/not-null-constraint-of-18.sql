-- Postgres 18 has the constraint as a thing with a name. New rows are checked at once, also with NOT VALID.
ALTER TABLE orders ADD CONSTRAINT orders_customer NOT NULL customer_id NOT VALID; -- expect: set-not-null
