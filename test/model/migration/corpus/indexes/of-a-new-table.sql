CREATE TABLE channels (id bigint PRIMARY KEY, name text NOT NULL);
CREATE UNIQUE INDEX channels_name_idx ON channels (name);
CREATE INDEX ON public.channels (lower(name));
