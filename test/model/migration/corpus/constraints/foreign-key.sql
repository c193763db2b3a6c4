ALTER TABLE orders
  ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id); -- expect: new-foreign-key, not-valid
