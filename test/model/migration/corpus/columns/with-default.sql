-- Since Postgres 11 a constant default writes no row.
ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'web', ADD COLUMN IF NOT EXISTS seen boolean DEFAULT false;
