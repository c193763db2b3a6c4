-- slipway: allow drop-table: it was dropped by hand -- expect: waiver
ALTER TABLE orders ADD COLUMN a text;
