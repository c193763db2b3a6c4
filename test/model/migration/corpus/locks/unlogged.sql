ALTER TABLE sessions SET UNLOGGED; -- expect: table-lock
