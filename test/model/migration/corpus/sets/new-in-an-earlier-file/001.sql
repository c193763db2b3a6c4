CREATE TABLE channels (id bigint PRIMARY KEY, name text);
