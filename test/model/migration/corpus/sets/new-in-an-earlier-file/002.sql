ALTER TABLE channels ALTER COLUMN name SET NOT NULL, ADD CONSTRAINT name_key UNIQUE (name);
CREATE INDEX channels_lower ON channels (lower(name));
