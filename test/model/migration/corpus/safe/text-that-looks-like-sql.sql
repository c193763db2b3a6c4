-- DROP TABLE orders;
/* ALTER TABLE orders DROP COLUMN id; /* nested */ TRUNCATE orders; */
COMMENT ON TABLE orders IS 'never DROP TABLE orders; -- not even here';
INSERT INTO hints (text) VALUES ($hint$ALTER TABLE orders DROP COLUMN id;$hint$), (E'it''s\'; DROP TABLE orders; --');
