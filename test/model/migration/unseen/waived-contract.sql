-- slipway: allow drop-column, drop-constraint: 2.9 stopped reading it on 3 March, and 2.8 is nowhere any more
ALTER TABLE invoices
  DROP CONSTRAINT invoices_old_fk, -- waived: drop-constraint
  DROP COLUMN old_id; -- waived: drop-column
