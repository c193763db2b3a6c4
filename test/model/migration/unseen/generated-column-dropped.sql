ALTER TABLE invoices ALTER COLUMN total DROP EXPRESSION; -- expect: drop-default
