-- On a partitioned table, with ONLY, nothing is built.
CREATE INDEX orders_state_idx ON ONLY orders (state);
