VACUUM (FULL, ANALYZE) orders; -- expect: table-lock
