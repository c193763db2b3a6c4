BEGIN;
LOCK TABLE orders IN EXCLUSIVE MODE; -- expect: table-lock
UPDATE orders SET note = '' WHERE note IS NULL; -- expect: data
ALTER TABLE orders ALTER note SET NOT NULL; -- expect: set-not-null
COMMIT;
