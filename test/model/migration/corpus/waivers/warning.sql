-- slipway: allow drop-not-null: 2.3 reads nulls as well
ALTER TABLE orders ALTER COLUMN customer_id DROP NOT NULL; -- waived: drop-not-null
