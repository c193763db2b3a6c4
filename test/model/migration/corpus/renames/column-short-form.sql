-- COLUMN may be left out.
ALTER TABLE orders RENAME total TO total_gross; -- expect: rename-column
