SET LOCAL lock_timeout TO '5min'; -- expect: lock-timeout
ALTER TABLE orders ADD COLUMN channel text;
