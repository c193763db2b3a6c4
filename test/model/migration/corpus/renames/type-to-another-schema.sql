ALTER TYPE order_state SET SCHEMA sales; -- expect: rename-object
