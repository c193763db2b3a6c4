-- Above a later statement it holds for that statement alone.
ALTER TABLE orders DROP COLUMN a; -- expect: drop-column
-- slipway: allow drop-column: nobody has read b since 2.3
ALTER TABLE orders DROP COLUMN b; -- waived: drop-column
ALTER TABLE orders DROP COLUMN c; -- expect: drop-column
