-- Postgres 18: a constraint that is only written down.
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT ENFORCED;
