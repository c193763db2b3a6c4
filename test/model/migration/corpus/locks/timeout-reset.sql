SET lock_timeout = '1s';
ALTER TABLE orders ADD COLUMN channel text;
RESET lock_timeout; -- expect: lock-timeout
