-- It may change rows that the running version reads.
INSERT INTO settings (key, value) -- expect: data
VALUES ('rounding', 'half-even')
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
