ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.01), REPLICA IDENTITY FULL;
ALTER TABLE orders ENABLE ALWAYS TRIGGER audit;
ANALYZE orders;
