-- The running version still reads and writes the table.
DROP TABLE legacy_invoices; -- expect: drop-table
