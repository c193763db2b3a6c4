ALTER FOREIGN TABLE remote_orders DROP COLUMN note; -- expect: drop-column
ALTER SERVER remote OPTIONS (SET host 'db2'); -- expect: not-analysed
