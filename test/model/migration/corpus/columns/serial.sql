-- Every row gets a number: the table is rewritten under a lock that stops every query.
ALTER TABLE orders ADD COLUMN number bigserial; -- expect: table-lock
