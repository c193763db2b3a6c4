ALTER TABLE orders SET TABLESPACE fast; -- expect: table-lock
