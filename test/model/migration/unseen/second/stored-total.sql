ALTER TABLE orders ADD COLUMN total_new numeric(12,2) GENERATED ALWAYS AS (net + tax) STORED, -- expect: table-lock
  ALTER COLUMN note SET DEFAULT '';
