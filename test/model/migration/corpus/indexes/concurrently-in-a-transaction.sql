-- Postgres refuses it when it runs. That is late: in the midst of a deployment.
BEGIN;
CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state); -- expect: concurrently-in-transaction
COMMIT;
