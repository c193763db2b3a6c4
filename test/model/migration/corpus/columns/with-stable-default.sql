-- now() is the same for the whole statement, so no row is written.
ALTER TABLE orders
  ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN labels text[] NOT NULL DEFAULT '{}'::text[],
  ADD COLUMN settings jsonb NOT NULL DEFAULT jsonb_build_object();
