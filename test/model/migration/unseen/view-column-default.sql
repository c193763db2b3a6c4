ALTER VIEW active_customers ALTER COLUMN state SET DEFAULT 'new';
ALTER VIEW active_customers RENAME COLUMN state TO status; -- expect: rename-column
