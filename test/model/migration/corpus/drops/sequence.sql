DROP SEQUENCE invoice_number; -- expect: drop-object
