ALTER SEQUENCE invoice_number RESTART WITH 1; -- expect: data
