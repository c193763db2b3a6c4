ALTER TABLE orders ADD CONSTRAINT orders_pk PRIMARY KEY USING INDEX orders_pk_idx; -- expect: new-unique
ALTER TABLE orders DROP CONSTRAINT orders_pk;
