-- Partition by hand: a new child, then the rows move.
CREATE TABLE logs_2027 PARTITION OF logs FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
WITH moved AS (DELETE FROM logs_default WHERE at >= '2027-01-01' RETURNING *) -- expect: data
INSERT INTO logs SELECT * FROM moved;
