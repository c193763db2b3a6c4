BEGIN;

-- Running upgrade 3c4d -> 5e6f

ALTER TABLE orders ALTER COLUMN channel SET NOT NULL; -- expect: set-not-null

CREATE INDEX ix_orders_channel ON orders (channel); -- expect: index-lock

ALTER TABLE orders DROP COLUMN origin; -- expect: drop-column

UPDATE alembic_version SET version_num='5e6f' WHERE alembic_version.version_num = '3c4d';

COMMIT;

