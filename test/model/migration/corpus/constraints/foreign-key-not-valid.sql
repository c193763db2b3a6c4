-- The running version may insert an order before its customer, or delete the customer first.
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID; -- expect: new-foreign-key
