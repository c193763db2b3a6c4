ALTER SEQUENCE invoice_number RENAME TO invoice_numbers; -- expect: rename-object
