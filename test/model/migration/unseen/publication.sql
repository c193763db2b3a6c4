-- What reads the changes of the table from outside loses it.
ALTER PUBLICATION warehouse DROP TABLE invoices; -- expect: not-analysed
