-- Slipway's own limit comes with the connection. This takes it away: the queries behind the lock wait for ever.
SET lock_timeout = 0; -- expect: lock-timeout
ALTER TABLE orders ADD COLUMN channel text;
