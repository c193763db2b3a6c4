-- A volatile default is computed for each row, so the table is rewritten.
ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid(); -- expect: table-lock
