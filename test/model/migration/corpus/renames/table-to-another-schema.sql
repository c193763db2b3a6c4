ALTER TABLE orders SET SCHEMA sales; -- expect: rename-table
