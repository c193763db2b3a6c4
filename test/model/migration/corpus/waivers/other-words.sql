-- slipway: ignore everything -- expect: waiver
ALTER TABLE orders ADD COLUMN a text;
