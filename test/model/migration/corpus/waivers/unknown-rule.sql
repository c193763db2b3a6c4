-- slipway: allow drop-colum: nobody reads it -- expect: waiver
ALTER TABLE orders DROP COLUMN a; -- expect: drop-column
