DROP TYPE order_state; -- expect: drop-object
