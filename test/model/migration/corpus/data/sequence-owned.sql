ALTER SEQUENCE invoice_number OWNED BY invoices.number;
SELECT setval('invoice_number', (SELECT max(number) FROM invoices));
