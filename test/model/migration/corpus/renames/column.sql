ALTER TABLE orders RENAME COLUMN total TO total_gross; -- expect: rename-column
