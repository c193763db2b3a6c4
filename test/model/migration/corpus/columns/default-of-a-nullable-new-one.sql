-- The inserts of the running version leave a null, which the column takes.
ALTER TABLE orders ADD COLUMN note text DEFAULT '';
ALTER TABLE orders ALTER COLUMN note DROP DEFAULT;
