ALTER TABLE IF EXISTS orders RENAME TO purchase_orders; -- expect: rename-table
