-- Added as nullable, and then made required in the same release: the same as at once.
ALTER TABLE orders ADD COLUMN channel text;
ALTER TABLE orders ALTER COLUMN channel SET NOT NULL; -- expect: set-not-null
