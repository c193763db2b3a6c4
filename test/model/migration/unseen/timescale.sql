CREATE TABLE metrics (at timestamptz NOT NULL, value double precision);
SELECT create_hypertable('metrics', 'at'); -- expect: not-analysed
