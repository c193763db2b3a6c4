-- It lets nobody write to the table until it is built.
CREATE INDEX orders_state_idx ON orders (state); -- expect: index-lock
