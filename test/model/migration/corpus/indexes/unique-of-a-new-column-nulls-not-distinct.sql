ALTER TABLE users ADD COLUMN external_id text;
CREATE UNIQUE INDEX CONCURRENTLY users_external_id_idx ON users (external_id) NULLS NOT DISTINCT; -- expect: new-unique
