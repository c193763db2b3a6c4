ALTER TABLE orders DISABLE TRIGGER orders_audit; -- expect: drop-object
