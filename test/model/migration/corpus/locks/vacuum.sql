VACUUM (ANALYZE) orders;
ANALYZE customers;
