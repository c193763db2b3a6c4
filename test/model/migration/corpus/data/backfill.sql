-- A backfill is the phase "migrate": in batches, outside of the migration.
ALTER TABLE orders ADD COLUMN total numeric;
UPDATE orders SET total = total_cents / 100.0; -- expect: data
