-- The running version counts on what the trigger does, such as updated_at.
DROP TRIGGER orders_updated_at ON orders; -- expect: drop-object
