-- slipway: allow drop-column -- expect: waiver
ALTER TABLE orders DROP COLUMN a; -- expect: drop-column
