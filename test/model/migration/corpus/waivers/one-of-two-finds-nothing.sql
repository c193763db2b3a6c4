-- slipway: allow drop-table, drop-column: 2.4 does not read it -- expect: waiver
ALTER TABLE orders DROP COLUMN a; -- waived: drop-column
