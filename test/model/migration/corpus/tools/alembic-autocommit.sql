-- `with op.get_context().autocommit_block():` ends the transaction.
BEGIN;

-- Running upgrade 5e6f -> 7a8b

COMMIT;

CREATE INDEX CONCURRENTLY ix_orders_channel ON orders (channel);

BEGIN;

UPDATE alembic_version SET version_num='7a8b' WHERE alembic_version.version_num = '5e6f';

COMMIT;

