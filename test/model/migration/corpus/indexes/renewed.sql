-- The new index is there before the old one goes. That no query needs the old one, only a person knows.
CREATE INDEX CONCURRENTLY orders_state_new ON orders (state, placed_at);
DROP INDEX CONCURRENTLY orders_state_idx; -- expect: drop-index
