-- The finding names the line of the command, not that of the statement.
ALTER TABLE orders
  ADD COLUMN total numeric(12, 2),
  DROP COLUMN IF EXISTS total_cents, -- expect: drop-column
  ADD COLUMN currency text DEFAULT 'EUR';
