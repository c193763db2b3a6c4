-- What `alembic upgrade 1a2b:3c4d --sql` prints.
BEGIN;

-- Running upgrade 1a2b -> 3c4d

ALTER TABLE orders ADD COLUMN channel VARCHAR(20);

CREATE TABLE channels (
    id SERIAL NOT NULL,
    name VARCHAR(20) NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX ix_channels_name ON channels (name);

UPDATE alembic_version SET version_num='3c4d' WHERE alembic_version.version_num = '1a2b';

COMMIT;

