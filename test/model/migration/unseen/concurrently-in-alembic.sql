BEGIN;
-- Running upgrade b382 -> c493
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_tenants_plan ON tenants (plan_id); -- expect: concurrently-in-transaction
UPDATE alembic_version SET version_num='c493' WHERE alembic_version.version_num = 'b382';
COMMIT;
