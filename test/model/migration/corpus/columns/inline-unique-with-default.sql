-- The second insert of the running version meets the default of the first.
ALTER TABLE orders ADD COLUMN external_id text DEFAULT 'none' UNIQUE; -- expect: index-lock, new-unique
