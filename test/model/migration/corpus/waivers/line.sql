-- The contract phase: a person says why nobody is left that needs it.
-- slipway: allow drop-column: the last reader, 2.3, was replaced by 2.4 on 20 November
ALTER TABLE orders DROP COLUMN total_cents; -- waived: drop-column
