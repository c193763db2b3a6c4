-- Postgres 18: a constraint that begins to be enforced is a new one to the running version.
ALTER TABLE orders ALTER CONSTRAINT orders_customer_fkey ENFORCED; -- expect: new-check
