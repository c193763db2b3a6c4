-- The copy is harmless; what follows deletes what the running version reads.
CREATE TABLE archived_sessions AS TABLE sessions WITH NO DATA;
INSERT INTO archived_sessions SELECT * FROM sessions WHERE expires_at < now() - interval '1 year';
DELETE FROM ONLY sessions AS s USING archived_sessions AS a WHERE a.id = s.id; -- expect: data
