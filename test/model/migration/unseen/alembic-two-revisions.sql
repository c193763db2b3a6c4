-- Two revisions of one release, printed together by `alembic upgrade 9f3c:head --sql`.
BEGIN;

-- Running upgrade 9f3c -> a071

CREATE TABLE tenant_settings (
    tenant_id UUID NOT NULL,
    key TEXT NOT NULL,
    value JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT pk_tenant_settings PRIMARY KEY (tenant_id, key),
    CONSTRAINT fk_tenant_settings_tenant FOREIGN KEY(tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
);

UPDATE alembic_version SET version_num='a071' WHERE alembic_version.version_num = '9f3c';

-- Running upgrade a071 -> b382

ALTER TABLE tenant_settings ALTER COLUMN value TYPE JSON USING value::json;

ALTER TABLE tenants ADD COLUMN plan_id INTEGER;

ALTER TABLE tenants ADD CONSTRAINT fk_tenants_plan FOREIGN KEY(plan_id) REFERENCES plans (id); -- expect: not-valid

ALTER TABLE tenants ALTER COLUMN legacy_plan DROP NOT NULL; -- warns: drop-not-null

UPDATE alembic_version SET version_num='b382' WHERE alembic_version.version_num = 'a071';

COMMIT;
