BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE orders (id SERIAL NOT NULL, PRIMARY KEY (id));

INSERT INTO alembic_version (version_num) VALUES ('1a2b') RETURNING alembic_version.version_num;

COMMIT;

